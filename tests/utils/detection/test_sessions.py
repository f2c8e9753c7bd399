"""Sessions: with an assistant at a terminal, of a chat program; tokens and rules that end or part what is said."""

import pytest

TERMINAL = """╭──────────────────╮
│ ✻ Welcome        │
╰──────────────────╯

{prompt} why is the report late?

{bullet} I look at the clock first.

{bullet} Read(report.py)
  {result} Read 88 lines

✻ Thinking…

{bullet} The loop waits for the tide:
  - it sleeps an hour
  - it never wakes

{prompt} /cost
  {result} 12 cents

{prompt} mend it
  and add a test

{bullet} Bash(make test)
  {result} 3 passed

{bullet} Done.
"""
ASKED = [
    "why is the report late?",
    "I look at the clock first.",
    "The loop waits for the tide:\n- it sleeps an hour\n- it never wakes",
    "mend it\nand add a test",
    "Done.",
]


@pytest.mark.parametrize(("prompt", "bullet", "result"), [(">", "⏺", "⎿"), ("❯", "●", "⎿"), ("›", "•", "└")])
def test_what_was_done_in_a_session_at_a_terminal_is_not_said(read, prompt, bullet, result):
    text = TERMINAL.format(prompt=prompt, bullet=bullet, result=result)
    assert [line for one in read(text) for line in "\n".join(one).splitlines()] == "\n".join(ASKED).splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "Files of the boat:\n\n• hull\n  └ keel\n• mast\n  └ boom\n\n> A quotation about boats.\n\n• rudder\n  └ pin\n",
        "● open\n● closed\n\n⎿ legend of the map\n",
        "src\n└ boats\n  └ hull.py\n> make boats\n• built\n",
    ],
)
def test_trees_lists_and_legends_are_no_sessions(read, text):
    assert read(text) == []


CHAT = """Session Start (ann:ben): Mon Oct 17 19:02:11 2005
[19:02] ann: hey, how was it?
[19:03] ben: hard, I skipped the third
[19:04] ann: same here
[19:10] *** "ben" signed off at Mon Oct 17 19:10:03 2005.
Session Close (ben): Mon Oct 17 19:11:40 2005


Session Start (ann:ben): Fri Oct 21 12:30:00 2005
[12:30] ben: passed!
[12:31] ann: pizza?
[12:32] ben: always
Session Close (ben): Fri Oct 21 12:41:09 2005
"""


def test_another_session_of_a_chat_program_is_another_conversation(read):
    assert read(CHAT) == [
        ["hey, how was it?", "hard, I skipped the third", "same here"],
        ["passed!", "pizza?", "always"],
    ]


def test_talk_of_a_session_in_a_message_begins_none(read):
    text = CHAT.replace("same here", "session start (the new one) is slow")
    assert "session start (the new one) is slow" in read(text)[0]


@pytest.mark.parametrize("ends", [("<|end|>", "<|endoftext|>"), ("<|im_end|>", ""), ("<eoh>", "<eoa>")])
@pytest.mark.parametrize("sign", ["\n", ": "])
def test_tokens_that_end_something_are_not_said(read, ends, sign):
    inner, last = ends
    text = f"<|User|>{sign}Where is it?{inner}\n<|Assistant|>{sign}There.{inner}{last}\n" * 2
    assert [said for one in read(text) for said in one] == ["Where is it?", "There."] * 2


def test_a_token_of_a_word_for_nobody_is_said(read):
    text = "<|user|>\nWhat does <|mask|> hide?\n<|assistant|>\nA word.\n"
    assert read(text) == [["What does <|mask|> hide?", "A word."]]


def test_a_rule_below_a_paragraph_of_one_line_parts_entries_where_others_like_it_do(read):
    rule = "-" * 40
    entries = [
        "Q: Where is the weir?\nA: Below the mill.",
        "Q: Who keeps it?\nA: The miller.\nHe is old.",
        "Q: Is it old?\nA: As old as he is.\n\nOlder than the bridge, he says, far older.",
        "Q: Is it safe?\nA: No.",
    ]
    assert read(f"\n{rule}\n".join(entries))[2] == [
        "Is it old?",
        "As old as he is.\n\nOlder than the bridge, he says, far older.",
    ]


def test_headings_underlined_alike_stay_headings(read):
    rule = "-" * 12
    text = "\n\n".join(
        f"{title}\n{rule}\n\n{told}"
        for title, told in [
            ("Where is it?", "Below the mill."),
            ("Who keeps it?", "The miller."),
            ("Is it old now?", "Old enough."),
        ]
    )
    assert read(text) == [
        ["Where is it?", "Below the mill."],
        ["Who keeps it?", "The miller."],
        ["Is it old now?", "Old enough."],
    ]


SAYINGS = [
    ("Learning in youth is carving in stone.", "an old saying"),
    ("Who never tasted an hour of it stays a fool for life.", "a wise man of the north"),
    ("Patience is the key of the lock.", "an old saying"),
    ("Which book is the best? The one that I read twice.", "a bookbinder"),
]


@pytest.mark.parametrize("dash", ["—", "–", "―", "--"])
def test_dashes_that_sign_sayings_open_no_turns(read, dash):
    text = "\n\n".join(f"{said}\n{dash} {who}" for said, who in SAYINGS)
    assert read(f"Of learning\n\n{text}\n\nNote: from old school books.\nOrder: as they stand there.") == []


def test_dashes_that_open_questions_before_answers_are_kept(read):
    pairs = [("Where is the weir?", "Below the mill."), ("Who keeps it?", "The miller does."), ("Is it old?", "It is.")]
    text = "\n\n".join(f"— {one}\n\n{other}" for one, other in [*pairs, ("Is it safe?", "It is not.")])
    assert [said for one in read(text) for said in one][:6] == [said for pair in pairs for said in pair]


def test_underlines_of_one_length_stay_headings_beside_a_few_rules_like_them(read):
    rule = "-" * 12
    titles = ["Where is it?", "Who keeps it?", "Is it old now?", "Is it safe?"]
    parts = [f"{title}\n{rule}\n\nIt is what it is, {n}." for n, title in enumerate(titles)]
    text = f"{rule}\n\n" + "\n\n".join(parts) + f"\n\n{rule}\n\nThe end of it.\n"
    assert [pair[0] for pair in read(text)] == titles
