"""Ordinary chats, lists of questions, guides, stories and tables are not read as something rarer."""

import json

import pytest

from src.utils.detection.words.moment_order import stand_newest_first
from src.utils.detection.words.vocabulary import read_label

ASKED = ["Is the mill open?", "Who keeps the key?", "Does the wheel still turn?", "May dogs come in?"]
TOLD = ["On Sundays, from two.", "The miller keeps it.", "In high water only.", "They wait in the yard."]
SAID = [
    "The new wheel runs well today.",
    "Good, the flour is fine then.",
    "We have ground nine sacks so far.",
    "That is more than last week.",
    "The baker will take all of it.",
    "Then the cart goes out at noon.",
]


@pytest.mark.parametrize("close", ["```", "fi\n```", "```\n\nThat took 5 minutes."])
def test_code_at_the_end_of_turns_stays_whole(read, close):
    turns = [f"How does step {n} of the build go?\n\n```sh\nmake part{n}\n{close}" for n in range(6)]
    heads = ["User" if n % 2 == 0 else "Assistant" for n in range(6)]
    found = read("\n\n".join(f"{head}: {turn}" for head, turn in zip(heads, turns, strict=True)), "chat.md")
    assert found == [turns]


@pytest.mark.parametrize(
    "answer",
    ["- Passport {}\n- Warm socks", "- Passport\n- Socks {}", "Marlow Pumps\nMill Road {}\n12345 Leeds"],
)
@pytest.mark.parametrize("form", ["Q: {}\nA:\n{}", "## {}\n\n{}"])
def test_lists_and_addresses_answer_questions(read, form, answer):
    told = [answer.format(n) for n in range(4)]
    text = "\n\n".join(form.format(one, other) for one, other in zip(ASKED, told, strict=True))
    assert read(text, "faq.md") == [list(pair) for pair in zip(ASKED, told, strict=True)]


@pytest.mark.parametrize(
    "last",
    [
        "npm install --global mill-tools",
        "Marlow Pumps, Mill Road 5, 12345 Leeds",
        "Salty water harms the motor 😊",
        "See you on Monday",
        "*Only with the miller's leave*",
    ],
)
@pytest.mark.parametrize(("form", "name"), [("## {}\n\n{}", "faq.md"), ("Q: {}\n\nA: {}", "faq.txt")])
def test_the_last_paragraph_of_the_last_answer_stays(read, form, name, last):
    told = [*TOLD[:3], f"They wait in the yard.\n\n{last}"]
    text = "\n\n".join(form.format(one, other) for one, other in zip(ASKED, told, strict=True))
    assert read(text, name)[-1][1].endswith(last)


@pytest.mark.parametrize(
    ("label", "family"),
    [
        ("Question type", None),
        ("Question title", None),
        ("Question tags", None),
        ("Question ID", None),
        ("Answer key", None),
        ("Answer options", None),
        ("Question 3 of 5", None),
        ("Question de l'avocat", "question"),
        ("Antwort des Zeugen", "answer"),
        ("Вопрос прокурора", "question"),
    ],
)
def test_a_word_for_a_question_asks_only_with_whose_it_is(label, family):
    assert read_label(label).family == family


@pytest.mark.parametrize(
    ("one", "other"),
    [("Windows", "Linux"), ("Zutaten", "Zubereitung"), ("Berlin", "Hamburg"), ("Red Wine", "White Wine")],
)
def test_headings_that_come_back_above_prose_do_not_speak(read, one, other):
    prose = [
        "The parts lie in the lower drawer, and the list names each of them.",
        "All of it takes an hour. Why so long? The glue has to dry first.",
        "A second layer keeps the damp out for the whole of a winter.",
        "You need nothing more where the ground is dry. And who would want more?",
    ]
    assert read("\n\n".join(f"{(one, other)[n % 2]}\n{part}" for n, part in enumerate(prose))) == []


@pytest.mark.parametrize("column", ["level", "action", "price", "venue"])
@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
def test_a_column_beside_what_two_people_say_leaves_their_talk(read, column, kind):
    rows = [{"speaker": ("Ann", "Bob")[n % 2], "text": said, column: f"x{n % 3}"} for n, said in enumerate(SAID)]
    text = {
        "csv": "\n".join([f"speaker,text,{column}", *(f'{r["speaker"]},"{r["text"]}",{r[column]}' for r in rows)]),
        "json": json.dumps(rows),
        "jsonl": "\n".join(map(json.dumps, rows)),
    }[kind]
    assert read(text, f"talk.{kind}") == [SAID]


@pytest.mark.parametrize("lead", ["", "- "])
def test_a_dash_behind_a_question_in_a_story_begins_no_answer(read, lead):
    goes_on = "He did not know, and he went on." if not lead else "she asked, and he went on."
    story = [
        "The mill stood still that winter, and nobody came up the lane.",
        f"{lead}Why had nobody told him? – {goes_on}",
        "The snow lay deep on the roof, and the wheel was frozen fast.",
        f"{lead}Who had taken the key? – {goes_on}",
        "In the valley the bells began, one after the other.",
        f"{lead}Where was the miller now? – {goes_on}",
        "It was dark before he came to the bridge.",
    ]
    assert not any(len(pair) == 2 and "went on" in pair[1] for pair in read("\n\n".join(story)))


def test_lists_in_lists_with_one_question_mark_are_no_talk(read):
    sizes = "- - small size\n  - large size\n- - thin paper\n  - thick paper\n"
    text = f"options:\n- - Which colour?\n  - red or blue\n{sizes}"
    assert read(text, "options.yml") == []


@pytest.mark.parametrize("sessions", [[True, False], ["Hall 0", "Hall 1"]])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_pairs_that_share_a_value_by_chance_stay_apart(read, sessions, kind):
    rows = [
        {"question": one, "answer": other, "session": sessions[n % 2]}
        for n, (one, other) in enumerate(zip(ASKED, TOLD, strict=True))
    ]
    table = "\n".join(["question,answer,session", *(f'"{r["question"]}","{r["answer"]}",{r["session"]}' for r in rows)])
    text = table if kind == "csv" else "\n".join(map(json.dumps, rows))
    assert read(text, f"pairs.{kind}") == [list(pair) for pair in zip(ASKED, TOLD, strict=True)]


@pytest.mark.parametrize(
    ("moments", "fall"),
    [
        (["mardi 5 avril 2022", "mardi 8 mars 2022", "mardi 1 février 2022"], True),
        (["martes 4 enero 2022", "martes 1 febrero 2022", "martes 1 marzo 2022"], False),
        (["maanantai 6 kesäkuu 2022", "maanantai 2 touko 2022", "maanantai 4 huhti 2022"], True),
        (["Samstag 14:31", "Samstag 13:20", "Samstag 12:10", "Samstag 11:05"], True),
        (["2:31 pm", "1:20 p.m.", "11:10 am"], True),
    ],
)
def test_weekdays_name_no_month_and_no_half_of_the_day(moments, fall):
    assert stand_newest_first(moments) is fall


LINED = [
    "| Question | Answer |",
    "|---|---|",
    *(f"| {asked} | {told} |" for asked, told in zip(ASKED, TOLD, strict=True)),
]
TABLE = "\n".join(LINED[:5])


def test_a_table_within_an_answer_is_part_of_it(read):
    told = [SAID[0], f"{SAID[1]}\n\n{TABLE}", *SAID[2:]]
    names = ("Ann", "Ben")
    assert read("\n\n".join(f"{names[n % 2]}: {text}" for n, text in enumerate(told)), "chat.md") == [told]
    pairs = [[asked, answer] for asked, answer in zip(ASKED, TOLD, strict=True)]
    pairs[1][1] = "See the table.\n\n" + TABLE
    longer = [*pairs, *([f"{asked[:-1]} in winter?", f"{told} In winter too."] for asked, told in pairs[2:])]
    assert read("\n\n".join(f"Q: {asked}\n\nA: {told}" for asked, told in longer), "help.md") == longer


def test_a_table_below_a_line_of_two_is_still_a_table(read):
    text = f"Note: the mill is old.\n\nHint: see below.\n\n{TABLE}\n"
    assert read(text, "mill.md") == [[asked, told] for asked, told in zip(ASKED[:3], TOLD[:3], strict=True)]


@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl"])
def test_a_word_for_an_event_inside_a_kind_or_a_role_drops_nobody(read, name):
    def written(rows):
        return json.dumps(rows) if name == "rows.json" else "\n".join(map(json.dumps, rows))

    talk = [ASKED[0], TOLD[0], ASKED[1], TOLD[1], SAID[0]]
    roles = ("customer", "customer_service")
    assert read(written([{"type": roles[n % 2], "text": text} for n, text in enumerate(talk)]), name) == [talk]
    kinds = ("topic question", "answer", "question", "answer", "question")
    rows = [
        {"speaker": ("Ann", "Ben")[n % 2], "kind": kind, "text": text}
        for n, (kind, text) in enumerate(zip(kinds, talk, strict=True))
    ]
    assert read(written(rows), name) == [talk]


def test_owners_of_tasks_do_not_talk(read):
    rows = [{"id": n, "owner": ("Ann", "Ben")[n % 2], "description": text} for n, text in enumerate(SAID)]
    assert read(json.dumps(rows), "tasks.json") == []
    lines = ["id,owner,description", *(f'{row["id"]},{row["owner"]},"{row["description"]}"' for row in rows)]
    assert read("\n".join(lines), "tasks.csv") == []


def test_a_labelled_line_that_comes_back_is_said_each_time(read):
    greeting = "Thank you for calling the mill by the river, how may I help you?"
    calls = [[greeting, asked, told, "Thanks, goodbye."] for asked, told in zip(ASKED[:3], TOLD[:3], strict=True)]
    names = ("Agent", "Caller")
    text = "\n\n".join(f"{names[n % 2]}: {said}" for call in calls for n, said in enumerate(call))
    assert [turn for talk in read(text) for turn in talk] == [said for call in calls for said in call]
    asked = "How do I get the key of the mill by the river?"
    pairs = [[asked, TOLD[1]], [ASKED[0], TOLD[0]], [asked, TOLD[3]], [ASKED[3], TOLD[3]]]
    assert read("\n\n".join(f"Q: {one}\n\nA: {other}" for one, other in pairs)) == pairs
    bare = read("\n\n".join(f"{one}\n\n{other}" for one, other in pairs))
    assert [turn for talk in bare for turn in talk] == [turn for pair in pairs for turn in pair]


def test_the_fields_of_records_in_a_list_answer_nothing(read):
    rows = "".join(
        f"- arg_name: {name}\n  help_text: |\n    Who owns the {name}?\n" for name in ("mill", "well", "ferry")
    )
    assert read(f"params:\n{rows}- group:\n    mutex: true\n    params:\n    - arg_name: zone\n", "command.yaml") == []
