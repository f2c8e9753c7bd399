"""Rules for rare formats beside ordinary texts that look like them: quotations, lists, bare figures, empty messages."""

import pytest

from src.utils.conversation_detector import detect_conversations
from tests.documents import read_document

PAIRS = [
    ["Where does the river rise?", "In the hills above the mill."],
    ["Who built the first weir?", "The monks of the priory."],
    ["When was the ford paved?", "In the year of the flood."],
    ["Why is the wheel so wide?", "The stream is slow in summer."],
]
TALK = [part for pair in PAIRS for part in pair]
SESSION = "# aider chat started at 2024-06-03 10:12:44\n\n#### Why does the lid fall?\n\nIt is loose.\n"
ISSUE = "title:\tLid\nauthor:\tida\n--\nIt is open. Why?\n--\nauthor:\tole\n--\nIt is loose.\n--\n"
CARDS = "\n".join(f"{one}\t{other}" for one, other in PAIRS * 9)
EXERCISES = "".join(f"\\question {one}\n\\begin{{solution}}\n{other}\n\\end{{solution}}\n" for one, other in PAIRS)


def each(form, pairs=PAIRS):
    return "\n\n".join(form.format(n=n, one=one, other=other) for n, (one, other) in enumerate(pairs, start=1))


@pytest.mark.parametrize(("asker", "teller"), [("     User: ", "Assistant: "), ("         Q: ", "A: ")])
def test_labels_set_flush_right_are_those_of_both_sides(read, asker, teller):
    found = read("\n".join((asker, teller)[n % 2] + part for n, part in enumerate(TALK)))
    assert [part for conversation in found for part in conversation] == TALK


@pytest.mark.parametrize("head", ["[10:03:{n} {level}] ", "2024-05-02T10:03:{n}Z {level} ", "10:03:{n} | {level} | "])
def test_short_levels_behind_times_are_a_log(read, head):
    lines = (head.format(n=10 + n, level=("INF", "DBG")[n % 2]) + f"Asked: {part}" for n, part in enumerate(TALK))
    assert read("\n".join(lines)) == []


@pytest.mark.parametrize("word", ["err", "inf", "CRT"])
def test_short_levels_in_what_is_said_are_words(read, word):
    said = [f"{word} {part}" for part in TALK]
    assert read("\n".join(f"10:{n + 10} {('ida', 'ole')[n % 2]}: {part}" for n, part in enumerate(said))) == [said]
    pairs = [[f"What is {word} in {one[:-1]}?", other] for one, other in PAIRS]
    assert read(each("Q: {one}\nA: {other}", pairs)) == pairs


@pytest.mark.parametrize("answer", ["[1, 2, {}]", "(0, {})", "({} of 9)", "({})", "({} points)"])
def test_a_labelled_answer_in_brackets_is_no_mark(read, answer):
    pairs = [[one, answer.format(n)] for n, (one, _) in enumerate(PAIRS, start=3)]
    assert read(each("Q: {one}\nA: {other}", pairs)) == pairs


def test_bare_years_in_brackets_answer_and_points_do_not(read):
    pairs = [[one, f"(18{n}2)"] for n, (one, _) in enumerate(PAIRS, start=3)]
    assert read(each("{n}. {one}\n{other}", pairs)) == pairs
    assert read(each("{n}. {one}\n({n} баллов)")) == []
    assert read(each("{n}. {one}\n(___/{n})")) == []


def test_bulleted_answers_are_no_records(read):
    said = [
        "What do we need?",
        "Only this:\n- flour: 300 g\n- sugar: 100 g",
        "And for the soup?",
        "A few things:\n- leek: three\n- oil: some",
        "Thank you.",
        "Enjoy it.",
    ]
    assert read("\n".join(f"{('Ida', 'Cook')[n % 2]}: {part}" for n, part in enumerate(said))) == [said]


def test_the_first_key_of_the_next_record_is_said_by_nobody(read):
    records = "\n".join(
        f"- name: {('alpha', 'beta')[n % 2]}\n  check: Is gate {n} open?\n  role: first" for n in range(8)
    )
    assert read(f"gates:\n{records}\n") == []


@pytest.mark.parametrize("quoted", [f"```\n{SESSION}```", SESSION, ISSUE, CARDS, f"```\n{EXERCISES}```"])
def test_a_talk_that_quotes_a_known_format_stays_a_talk(read, quoted):
    said = [f"Here is what I have. What is wrong?\n\n{quoted.strip()}", *TALK[1:4]]
    text = "\n\n".join(f"{('User', 'Assistant')[n % 2]}: {part}" for n, part in enumerate(said))
    assert read(text, "talk.md") == [said]


def test_prompts_and_sessions_in_code_belong_to_the_answer(read):
    told = "Put this above:\n\n```md\n# aider chat started at 2023-01-01 10:00:00\n#### Part one\n```"
    text = f"{SESSION}\n#### How do I head it?\n\n{told}\n"
    assert read(text, "history.md") == [["Why does the lid fall?", "It is loose.", "How do I head it?", told]]


def test_books_with_fields_behind_tabs_are_no_notes(read):
    text = "".join(f"author:\tBrand, Ida {n}\ntitle:\tMills\n--\n{part}\n--\n" for n, (_, part) in enumerate(PAIRS))
    assert read(text) == []
    assert read(text.replace("Brand, Ida ", "ida-")) == [[other for _, other in PAIRS]]


def test_coded_lines_below_the_first_turn_are_said(read):
    said = [TALK[0], f"{TALK[1]}\n\nBUG-47 - Slow list", TALK[2], f"{TALK[3]}\n\nBUG-48 - Lost mail", *TALK[4:]]
    assert read("\n\n".join(f"{('User', 'Assistant')[n % 2]}: {part}" for n, part in enumerate(said))) == [said]


@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_message_without_text_swallows_no_other(read, gap):
    heads = ["Ida Brand", "Ann Voss", "Ida Brand", "Ole Lund", "Ida Brand"]
    said = ["", *TALK[:4]]
    text = "\n".join(
        f"{head}  10:{n + 10}\n{part}{gap}" for n, (head, part) in enumerate(zip(heads, said, strict=True))
    )
    assert read(text.replace("\n\n\n", "\n\n")) == [TALK[:4]]


@pytest.mark.parametrize("below", ["    Mixed, and some left.\nSo we close.", "Mixed.", "    Mixed.\n\nSo we close."])
def test_a_list_of_reactions_with_more_below_it_is_said(read, below):
    said = [TALK[0], f"{TALK[1]}\nReactions:\n{below}", *TALK[2:]]
    text = "\n\n".join(
        f"May 17, 2022  5:{n + 10}:42 PM\n{('Ida', 'Ole')[n % 2]}\n{part}" for n, part in enumerate(said)
    )
    assert read(text) == [said]


@pytest.mark.parametrize("rare", ["SIDE EFFECTS: None.", ""])
def test_parts_in_capitals_belong_to_the_answers(read, rare):
    pairs = [
        [one, f"{other}\nHOW TO USE: Once a day.\n{rare if n % 2 else ''}".strip()]
        for n, (one, other) in enumerate(PAIRS)
    ]
    assert read(each("Q: {one}\nA: {other}", pairs)) == pairs
    fields = each("Q: {one}\nPLEASE NOTE: Page {n}.\nA: {other}")
    assert all(len(conversation) == 2 for conversation in read(fields))


@pytest.mark.parametrize(("court", "above"), [("THE COURT", "The witness is duly sworn.\n\n"), ("MR. HALE", "")])
def test_who_speaks_behind_an_answer_belongs_to_the_hearing(read, court, above):
    heads = ["Q.  ", "A.  ", f"{court}:  ", "Q.  ", "A.  ", "Q.  ", "A.  ", f"{court}:  ", "Q.  "]
    said = [*TALK[:2], "We note that.", *TALK[2:6], "Go on.", TALK[6]]
    text = "\n".join(f"     {head}{part}" for head, part in zip(heads, said, strict=True))
    assert read(above + text) == [said]


@pytest.mark.parametrize(
    "line",
    [
        "Am 3. Juni 2024 um 08:12 schrieb {} Folgendes:",
        "Op 3 juni 2024 om 08:12 schreef {} het volgende:",
        "W dniu 3 maja 2024 o 08:12 {} napisała Do Listy:",
        "W dniu 3 maja 2024 o 08:12 {} napisała do listy:",
        "Am 3. Juni 2024 um 08:12 Uhr schrieb {}:",
    ],
)
def test_a_writer_is_named_without_what_stands_beside_the_name(tmp_path, line):
    first, second = (line.format(name) for name in ("Ida Brand", "Ole Lund"))
    path = tmp_path / "thread.txt"
    path.write_text(f"Yes, I agree.\n\n{first}\n> Two sacks are dry.\n>\n> {second}\n>> Is the rye dry?\n", "utf-8")
    found = detect_conversations(read_document(path)).conversations
    assert [turn.label for turn in found[0].turns[:2]] == ["ole lund", "ida brand"]
