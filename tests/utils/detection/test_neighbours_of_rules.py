"""Ordinary documents beside those that a rule was made for: they keep their headings, speakers, answers, and peace."""

import json

import pytest

PAIRS = [
    ["Where does the ferry land?", "At the lower pier."],
    ["May I bring a bicycle?", "Yes, but bells must be tied."],
    ["What does a ticket cost?", "Two coins for each way."],
    ["Is there food on board?", "Only tea and dry bread."],
]
SAID = ["Is the kiln free?", "It is, from two on.", "Then I come at three.", "Bring the bowls, please."]


@pytest.mark.parametrize("rule", ["=" * 26, "-" * 26])
@pytest.mark.parametrize("below", ["\n", ""])
def test_titles_with_a_line_above_and_one_below_are_headings(read, rule, below):
    text = "\n\n".join(f"{rule}\n{asked}\n{rule}\n{below}{told}" for asked, told in PAIRS)
    assert read(f"{text}\n", "ferry.rst") == PAIRS


def test_a_framed_title_above_underlined_ones_stays_beside_them(read):
    rule = "=" * 26
    parts = "\n\n".join(f"{asked}\n{rule}\n\n{told}" for asked, told in PAIRS)
    assert read(f"{rule}\nThe ferry, and its pier\n{rule}\n\n{parts}\n", "ferry.rst") == PAIRS


@pytest.mark.parametrize(
    ("asked", "answers"),
    [("Question {}.", "ChatGPT:"), ("Frage {})", "Assistent:"), ("**Prompt {}**", "Assistant:")],
)
def test_a_program_that_answers_numbered_questions_is_no_stranger(read, asked, answers):
    text = "\n\n".join(f"{asked.format(n)} {one}\n{answers} {other}" for n, (one, other) in enumerate(PAIRS, 1))
    assert [said for found in read(text) for said in found] == [said for pair in PAIRS for said in pair]


@pytest.mark.parametrize(
    "text",
    [
        "> Be root.\n\n● web\n  Group: a\n    ├─12 one\n    └─13 two\n\n● It must be active.\n\n> Not by day.\n",
        "> A tool.\n\n● Reads weights.\n\n● src\n  ├── main.py\n  └── hive.py\n\n> Begin with main.\n\n● Ask us.",
        "> Of May.\n\n● Hives: 12\n\n● Jars\n  └ 400 in boxes\n\n● Frames: 9\n\n> Count again.\n\n● Lids\n  └ 9\n",
    ],
)
def test_services_trees_and_bullets_are_no_session_at_a_terminal(read, text):
    assert read(text, "notes.md") == []


@pytest.mark.parametrize("letters", ["CF", "FC", "GE", "EG"])
def test_two_friends_known_by_a_letter_talk_on(read, letters):
    told = ["Are you new?", "I am. Who are you?", "I work next door. Do you like it?", "So far I do.", "Then welcome!"]
    text = "\n".join(f"{letters[number % 2]}: {line}" for number, line in enumerate(told))
    assert read(text) == [told]


def test_headings_part_the_talks_of_bullet_lists(read):
    scenes = [SAID, ["Do you open on Sunday?", "No, only on weekdays."], ["Who has the key?", "I have it."]]
    text = "\n".join(
        f"## Scene {number}\n\n"
        + "".join(f"- {('user', 'bot')[turn % 2]}: {line}\n" for turn, line in enumerate(lines))
        for number, lines in enumerate(scenes)
    )
    assert read(f"# Scenes\n\n{text}", "scenes.md") == scenes


@pytest.mark.parametrize(
    "keys", [("input", "output"), ("request", "response"), ("user", "bot")], ids=["streams", "calls", "steps"]
)
def test_what_goes_in_and_out_of_steps_is_no_talk(read, keys):
    steps = [
        "raw files of the day",
        "cleaned files of the day",
        "cleaned files of the day before",
        "tables of the month",
    ]
    listed = "".join(f"{keys[number % 2]}: {step}\n" for number, step in enumerate(steps))
    items = "".join(f"- {line}\n" for line in listed.splitlines())
    assert read(f"## Programs\n\n{items}", "steps.md") == []
    assert read("steps:\n" + "".join(f"  {line}\n" for line in items.splitlines()), "steps.yml") == []


ANSWER = "Hi Ben,\n\nMonday is fine for me, see you then."
ASKED = "Shall we meet on Monday or on Tuesday? I have time on both days."


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "-----Original Message-----\nAnna Berg, 3 March 2024",
        "-----Ursprüngliche Nachricht-----",
        "-----原始邮件-----\n发件人：张三\n主题：会议",
    ],
)
def test_a_mail_answered_above_a_line_that_says_original_message_is_read(read, line):
    found = read(f"{ANSWER}\n\n{line}\n\n{ASKED}\n")
    assert [(ASKED in said[0], said[1]) for said in found] == [(True, ANSWER)]


@pytest.mark.parametrize("line", ["----- Message of the day -----", "--- the message board, 12 March ---"])
def test_a_drawn_line_with_a_word_for_message_alone_is_no_mail(read, line):
    assert read(f"{ANSWER}\n\n{line}\n\n{ASKED}\n") == []


@pytest.mark.parametrize(
    "line",
    ["Trích từ bài viết ngày 5/3/2024:", "Trong bài viết số 12:", "Citāts no 5. raksta:", "Із написаного 5.3.2024:"],
)
def test_quotations_from_an_article_are_no_mail(read, line):
    assert read(f"# 1\n\n{line}\n\n> Ong mật cần nhiều nước.\n\nĐiều đó đúng, vì trời rất nóng.\n", "note.md") == []


@pytest.mark.parametrize("sides", ["User,Assistant", "Kunde,Berater"])
def test_columns_of_both_sides_need_no_question(read, sides):
    told = [
        "Turn on the light",
        "The light is on",
        "Set the timer to ten",
        "It rings at ten",
        "Stop it",
        "It is silent",
    ]
    rows = [f",{line}" if number % 2 else f"{line}," for number, line in enumerate(told)]
    assert read("\n".join([sides, *rows]), "talk.csv") == [told]


@pytest.mark.parametrize("hashes", ["aaaa", "aabb"])
def test_comments_on_commits_are_a_talk(read, hashes):
    told = [
        "Why do we clear the cache here?",
        "Settings may have changed.",
        "Should we test it, too?",
        "There is a test.",
    ]
    rows = [
        {"sha": f"3f78{mark}", "author": ("anna", "ben")[number % 2], "body": line}
        for number, (mark, line) in enumerate(zip(hashes, told, strict=True))
    ]
    assert [said for found in read(json.dumps(rows), "review.json") for said in found] == told


def test_of_cards_only_those_that_ask_are_questions(read):
    cards = [
        ("Need help?", "Write to the desk."),
        ("Found a bug?", "Tell us all about it."),
        ("Quick start", "Install it."),
    ]
    text = "\n\n".join(f'<Card title="{title}">\n  {told}\n</Card>' for title, told in cards)
    assert read(text, "page.mdx") == [list(card) for card in cards[:2]]


@pytest.mark.parametrize(
    ("kind", "attribute", "choice"), [("v-dialog", "title", "v-btn"), ("q-field", "label", "option")]
)
def test_dialogs_and_fields_of_a_form_answer_nothing(read, kind, attribute, choice):
    choices = "".join(f"  <{choice}>{told}</{choice}>\n" for told in ("Yes, do it", "No, go back"))
    asked = ("Delete this file?", "Leave without saving?")
    text = "\n\n".join(f'<{kind} {attribute}="{one}">\n{choices}</{kind}>' for one in asked)
    assert read(text, "page.vue") == []


@pytest.mark.parametrize("name", ["comment", "text", "note"])
def test_entries_below_the_name_of_their_column_answer_nobody(read, name):
    entries = ["Why is parking so expensive?", "The staff was friendly.", "Where can one leave a bike?"]
    entries += ["Breakfast could begin earlier.", "Is there no lift?", "The room was clean and quiet."]
    assert read("\n".join([name, *entries]), "survey.csv") == []


@pytest.mark.parametrize("first", ["How do I board it", "I lost my ticket"])
def test_a_first_heading_without_its_question_mark_is_a_question(read, first):
    pairs = [[first, "Walk to the pier."], *PAIRS]
    text = "\n\n".join(f"## {asked}\n\n{told}" for asked, told in pairs)
    assert read(f"# Ferry\n\n{text}\n", "faq.md") == pairs
    assert read(f"{text}\n", "faq.md") == pairs


def test_a_table_of_contents_below_a_heading_like_the_questions_answers_none(read):
    text = "\n\n".join(f"### {asked}\n\n{told}" for asked, told in PAIRS)
    links = (f"[{asked}](#{asked.lower().replace(' ', '-')[:-1]})" for asked, _ in PAIRS)
    rows = "\n".join(f"| {number} | {link} |" for number, link in enumerate(links, 1))
    table = f"Hide or show\n\n| No. | Questions |\n| --- | {'-' * 30} |\n{rows}"
    assert read(f"# Ferry\n\n### Table of contents\n\n{table}\n\n{text}\n", "faq.md") == PAIRS


def test_a_heading_of_an_earlier_part_is_no_question(read):
    text = "\n\n".join(f"### {asked}\n\n{told}" for asked, told in PAIRS)
    parts = f"# Ferry\n\n### About this page\n\nIt is long.\n\n## On the water\n\n{text}\n"
    assert read(parts, "faq.md") == PAIRS
