"""Schemas, surveys, contracts and logs under words for questions, roles or parties: nobody says them."""

import json

import pytest

ASKED = ["How often do you visit?", "Are you content with the hours?", "Which room do you use?", "How do you get here?"]
COUNTED = [
    [("every week", 31), ("every month", 44), ("less often", 25)],
    [("yes", 62), ("no", 29), ("do not know", 9)],
    [("novels", 48), ("children", 30), ("maps", 22)],
    [("on foot", 51), ("by bus", 20), ("by car", 29)],
]

SCHEMA = """components:
  Entry:
    properties:
      question:
        type: string
        description: The text of the question, without a number.
      answer:
        type: string
        description: May hold marks.
"""
COMPOSE = """services:
  user:
    image: registry/user
    restart: always
  bot:
    image: registry/bot
    restart: always
  assistant:
    image: registry/assistant
    restart: always
"""
PLAIN_SCHEMA = "entry:\n" + "".join(f"  {name}:\n    type: string\n" for name in ("question", "answer"))


@pytest.mark.parametrize("text", [SCHEMA, COMPOSE, PLAIN_SCHEMA])
@pytest.mark.parametrize("name", ["api.yaml", "api.txt"])
def test_settings_below_words_for_roles_are_no_talk(read, text, name):
    assert read(text, name) == []


def test_a_schema_in_json_is_no_talk(read):
    fields = {name: {"type": "string", "description": f"The text of the {name}."} for name in ("question", "answer")}
    assert read(json.dumps({"title": "Entry", "properties": fields}), "schema.json") == []


def test_questions_and_answers_in_yaml_are_a_talk(read):
    text = "- question: Is the mill open?\n  answer: On Sundays, from two.\n"
    assert read(f"{text}- question: Who keeps the key?\n  answer: The miller does.\n", "faq.yaml") == [
        ["Is the mill open?", "On Sundays, from two."],
        ["Who keeps the key?", "The miller does."],
    ]


def test_a_chat_in_which_names_lead_what_is_said_to_them_stays(read):
    said = ["bob: is the gate open?", "ann: it is", "bob: since when?", "ann: since nine", "bob: good", "ann: come"]
    lines = [f"<{'ann' if n % 2 == 0 else 'bob'}> {line}" for n, line in enumerate(said)]
    assert read("\n".join(lines), "irc.txt") == [said]


def page(answers):
    return "<html><body>" + "".join(f"<h3>{one}</h3>{two}" for one, two in zip(ASKED, answers, strict=True))


@pytest.mark.parametrize("sign", ["", " %"])
@pytest.mark.parametrize("count", [4, 2])
def test_what_a_survey_has_counted_answers_nothing(read, sign, count):
    rows = [[f"<tr><td>{value}</td><td>{share}{sign}</td></tr>" for value, share in counted] for counted in COUNTED]
    tables = [f"<table><tr><th>Answer</th><th>%</th></tr>{''.join(row)}</table>" for row in rows]
    assert read(page(tables[:count] + [""] * (4 - count)), "survey.html") == []
    lines = ["\n".join(f"{value}\t{share}{sign}" for value, share in counted) for counted in COUNTED[:count]]
    assert read("\n\n".join(f"## {one}\n\n{two}" for one, two in zip(ASKED, lines, strict=False)), "survey.md") == []
    bars = ["\n".join(f"- {value}: {share}{sign}" for value, share in counted) for counted in COUNTED[:count]]
    assert read("\n\n".join(f"**{one}**\n\n{two}" for one, two in zip(ASKED, bars, strict=False)), "bars.md") == []


@pytest.mark.parametrize(
    "form", ["{} % yes, {} % no", "yes {}%, no {}%", "{} % agreed, {} % did not, 10 % were silent"]
)
def test_shares_in_one_line_answer_nothing(read, form):
    told = [form.format(40 + n, 50 - n) for n in range(4)]
    assert read("\n\n".join(f"## {one}\n\n{two}" for one, two in zip(ASKED, told, strict=True)), "poll.md") == []


def test_answers_with_figures_in_sentences_or_one_price_list_stay(read):
    told = [
        "Every week, 31 of us do, which is 40 % of the club and 50 % of its oldest members.",
        "adults 12\nchildren 6",
        "Room 9",
        "Take bus 20\nor walk.",
    ]
    text = "\n\n".join(f"## {one}\n\n{two}" for one, two in zip(ASKED, told, strict=True))
    assert read(text, "faq.md") == [list(pair) for pair in zip(ASKED, told, strict=True)]


@pytest.mark.parametrize("told", ["asked by {}, 2 answers", "Gefragt von {} am Montag", "answered by {} yesterday"])
def test_who_asked_is_no_answer(read, told):
    lines = [told.format(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    assert read(page(f"<p>{line}</p>" for line in lines), "questions.html") == []


def test_answers_of_one_first_word_stay(read):
    told = ["The miller does", "The smith, on Fridays", "The room above", "The bus"]
    assert read(page(f"<p>{line}</p>" for line in told), "faq.html") == [
        list(pair) for pair in zip(ASKED, told, strict=True)
    ]


CONTRACT = [
    "The Seller: Bogdan Reed, of Leeds.",
    "The Buyer: Alice Frost, of Hull.",
    "The Buyer: takes the boat as it lies.",
    "The Seller: hands over the oars on the day of payment.",
    "The Buyer: pays nine hundred in cash.",
    "May the parties withdraw? Yes, within seven days.",
]


@pytest.mark.parametrize("blank", ["....................", "____________"])
def test_what_parties_sign_is_no_talk(read, blank):
    assert read("\n\n".join([*CONTRACT, f"The Seller: {blank}", f"The Buyer: {blank}"]), "contract.txt") == []


def test_clauses_and_reports_that_go_on_from_a_name_are_no_talk(read):
    lines = [
        "Ines: reports that the slugs are back.",
        "Paul: has bought five rakes.",
        "Ines: will turn the heap.",
        "Paul: asks for a new gate.",
        "Ines: paints it green.",
        "Paul: closes the meeting.",
    ]
    assert read("\n\n".join(lines), "minutes.txt") == []


def test_a_chat_written_small_stays(read):
    lines = ["ines: who has the key?", "paul: i do.", "ines: bring it.", "paul: on my way.", "ines: ok.", "paul: here."]
    assert read("\n".join(lines), "chat.txt") == [[line.partition(": ")[2] for line in lines]]


USERS = ("okeke", "holt", "reed")
AUDIT = [
    ("admin", "login ok from 10.0.4.7"),
    ("viewer", "opened report 'stock by aisle'"),
    ("admin", "changed rights of j.holt"),
    ("editor", "renamed column 'Qty?' to 'Quantity'"),
    ("admin", "nightly export finished, 2214 rows"),
    ("viewer", "denied: page 'prices'"),
]


@pytest.mark.parametrize("key", ["event", "operation", "activity", "eventType"])
def test_entries_of_a_log_of_what_people_did_are_no_talk(read, key):
    rows = [
        {"ts": n, "role": role, "user": USERS[n % 3], key: "change", "text": text}
        for n, (role, text) in enumerate(AUDIT)
    ]
    assert read("\n".join(map(json.dumps, rows)), "audit.jsonl") == []
    assert read(json.dumps({"entries": rows}), "audit.json") == []


def test_messages_that_are_called_events_are_a_talk(read):
    said = [
        "I left the gate open.",
        "Then you close it, please.",
        "My cat is on it.",
        "Hello cat.",
        "I am going.",
        "Good.",
    ]
    rows = [{"event": "message", "nick": "ann" if n % 2 == 0 else "bob", "text": text} for n, text in enumerate(said)]
    assert read("\n".join(map(json.dumps, rows)), "chat.jsonl") == [said]
