"""Records whose keys nobody knows beforehand: what is read by shape and content, and what is left alone."""

import json

import pytest

from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document

FERRY = [
    ("Mira", "Fährt die Fähre heute noch?"),
    ("Onno", "Ja, um sechs ist die letzte."),
    ("Mira", "Darf der Hund mit an Bord?"),
    ("Onno", "An der Leine gern, das kostet nichts."),
]
MILL = [
    ("Mira", "Wann mahlt die Mühle wieder?"),
    ("Onno", "Sobald der Wind zurück ist."),
    ("Mira", "Und wer verkauft das Mehl?"),
    ("Onno", "Der Laden am Deich, jeden Freitag."),
]


@pytest.fixture
def read(tmp_path):
    """From a value to the conversations of a JSON file that holds it, as lists of (role, text)."""

    def turns(value, name="data.json"):
        path = tmp_path / name
        rows = value if name.endswith(".jsonl") else [value]
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        document = read_document(path)
        found = detect_conversations(document).conversations
        return [[(turn.role, turn_text(document.text, turn)) for turn in conversation.turns] for conversation in found]

    return turns


def spoken(*dialogues):
    """What a reader must give for dialogues of two who take turns."""
    roles = ("user", "assistant")
    return [[(roles[index % 2], text) for index, (_, text) in enumerate(dialogue)] for dialogue in dialogues]


def test_unknown_keys_are_read_by_names_that_take_turns_and_texts_that_speak(read):
    assert read({"protokoll": [{"wer": who, "satz": said} for who, said in FERRY]}) == spoken(FERRY)


def test_lists_inside_records_are_conversations_of_their_own(read):
    talks = [
        {"nr": index, "zeilen": [{"wer": who, "satz": said} for who, said in talk]}
        for index, talk in enumerate([FERRY, MILL])
    ]
    assert read(talks) == spoken(FERRY, MILL)


def test_rows_of_one_list_are_parted_by_the_value_that_they_share(read):
    rows = [
        {"gespraech": name, "wer": who, "satz": said}
        for name, talk in (("f-1", FERRY), ("m-2", MILL))
        for who, said in talk
    ]
    assert read(rows) == spoken(FERRY, MILL)
    assert read(rows, "rows.jsonl") == spoken(FERRY, MILL)


def test_an_id_is_resolved_by_the_list_of_people_beside(read):
    people = [{"nr": "p-1", "vorname": "Mira"}, {"nr": "p-2", "vorname": "Onno"}]
    rows = [{"wer": "p-1" if who == "Mira" else "p-2", "satz": said} for who, said in FERRY]
    assert read({"leute": people, "zeilen": rows}) == spoken(FERRY)


def test_a_name_inside_an_object_and_a_text_in_parts_are_found(read):
    rows = [{"von": {"nr": 7, "ruf": who}, "stuecke": [{"art": "absatz", "satz": said}]} for who, said in FERRY]
    assert read({"verlauf": rows}) == spoken(FERRY)


def test_rows_that_run_backwards_in_time_are_turned_round(read):
    rows = [{"um": f"2024-05-01T10:0{index}", "wer": who, "satz": said} for index, (who, said) in enumerate(FERRY)]
    renamed = [{"timestamp": row.pop("um"), **row} for row in reversed(rows)]
    assert read({"zeilen": renamed}) == spoken(FERRY)


def test_a_tree_is_followed_along_its_longest_branch(read):
    rows = [
        {"k": f"k{index}", "vor": f"k{index - 1}" if index else "", "wer": who, "satz": said}
        for index, (who, said) in enumerate(FERRY)
    ]
    stub = {"k": "k9", "vor": "k0", "wer": "Onno", "satz": "Das weiß ich leider nicht."}
    assert read({"knoten": [*rows[:2], stub, *rows[2:]]}) == spoken(FERRY)


def test_lists_beside_each_other_are_columns(read):
    talks = [{"wer": [who for who, _ in talk], "satz": [said for _, said in talk]} for talk in (FERRY, MILL)]
    assert read(talks) == spoken(FERRY, MILL)


def test_a_list_of_bare_texts_takes_turns(read):
    assert read([{"zeilen": [said for _, said in talk]} for talk in (FERRY, MILL)]) == spoken(FERRY, MILL)


def test_a_list_of_questions_is_zipped_with_the_list_of_answers(read):
    halves = [
        {"fragen": [said for _, said in talk[::2]], "erwartet": [said for _, said in talk[1::2]]}
        for talk in (FERRY, MILL)
    ]
    assert [turn for talk in read(halves) for turn in talk] == [turn for talk in spoken(FERRY, MILL) for turn in talk]


def test_pairs_inside_a_list_follow_each_other(read):
    assert read({"verlauf": [[FERRY[0][1], FERRY[1][1]], [FERRY[2][1], FERRY[3][1]]]}) == spoken(FERRY)


def test_questions_are_found_by_their_marks_whatever_their_key(read):
    rows = [
        {"kohta": index, "mita": asked, "selitys": told}
        for index, ((_, asked), (_, told)) in enumerate(zip(FERRY[::2], FERRY[1::2], strict=True))
    ]
    assert read({"kysely": rows}) == [talk for half in (FERRY[:2], FERRY[2:]) for talk in spoken(half)]


def test_of_several_answers_the_first_is_taken(read):
    rows = [
        {"mita": asked, "selitykset": [told, "Jotain aivan muuta."]}
        for (_, asked), (_, told) in zip(FERRY[::2], FERRY[1::2], strict=True)
    ]
    assert [talk[1][1] for talk in read({"kysely": rows})] == [FERRY[1][1], FERRY[3][1]]


def test_labels_inside_a_text_are_read_like_any_document(read):
    text = "\n\n".join(f"{'Kunde' if who == 'Mira' else 'Berater'}: {said}" for who, said in FERRY)
    assert read([{"id": 1, "abschrift": text}, {"id": 2, "abschrift": text}]) == spoken(FERRY, FERRY)


def test_of_two_answers_only_the_chosen_one_is_taken(read):
    def row(last):
        return f"\n\nHuman: {FERRY[0][1]}\n\nAssistant: {last}"

    rows = [{"chosen": row(FERRY[1][1]), "rejected": row("Keine Ahnung.")}] * 2
    assert read(rows, "pairs.jsonl") == spoken(FERRY[:2], FERRY[:2])
    listed = {
        "chosen": [{"role": "user", "content": "Is it far?"}, {"role": "assistant", "content": "Two miles."}],
        "rejected": [{"role": "user", "content": "Is it far?"}, {"role": "assistant", "content": "No."}],
    }
    assert read([listed], "pairs.jsonl") == [[("user", "Is it far?"), ("assistant", "Two miles.")]]


def test_a_prompt_that_ends_with_a_label_goes_on_in_its_completion(read):
    rows = [
        {"prompt": "Human: Is the well deep?\n\nAssistant:", "completion": " Forty feet, and cold."},
        {"prompt": "Human: Who dug it?\n\nAssistant:", "completion": " Two brothers from Lund."},
    ]
    assert read(rows, "rows.jsonl") == [
        [("user", "Is the well deep?"), ("assistant", "Forty feet, and cold.")],
        [("user", "Who dug it?"), ("assistant", "Two brothers from Lund.")],
    ]


def test_the_cells_of_a_notebook_are_read_as_one_text(read):
    cells = [
        {"cell_type": "markdown", "source": ["# Tide tables"]},
        {"cell_type": "code", "source": ["import tides\n", "tides.load()"]},
        {"cell_type": "markdown", "source": ["**You:** How do I plot a week?"]},
        {"cell_type": "markdown", "source": ["**Copilot:** Pass the number of days:\n", "\n", "`tides.plot(days=7)`"]},
        {"cell_type": "code", "source": ["tides.plot(days=7)"]},
        {"cell_type": "markdown", "source": ["**You:** And in feet?"]},
        {"cell_type": "markdown", "source": ["**Copilot:** Set `unit='ft'`."]},
    ]
    assert read({"cells": cells, "nbformat": 4}) == [
        [
            ("user", "How do I plot a week?"),
            ("assistant", "Pass the number of days:\n\n`tides.plot(days=7)`"),
            ("user", "And in feet?"),
            ("assistant", "Set `unit='ft'`."),
        ]
    ]


@pytest.mark.parametrize(
    "value",
    [
        {
            "messages": {
                "user": "User name",
                "assistant": "Assistant settings",
                "question": "Question",
                "answer": "Answer",
            }
        },
        {"roles": [{"role": name, "content": ["read", "write"]} for name in ("admin", "guest", "admin", "guest")]},
        {"stock": [{"place": place, "note": "Two boxes, dry and clean."} for place in ("Loft", "Cellar") * 3]},
        {"lamps": [{"room": f"room {index}", "state": "on" if index % 2 else "off"} for index in range(8)]},
        {"reviews": [{"name": f"guest {index}", "text": f"Stay {index} was quiet and clean."} for index in range(6)]},
        {"tips": ["Close the gate.", "Feed the hens at six.", "Lock the shed.", "Turn off the pump."]},
    ],
)
def test_settings_stock_and_reviews_are_no_conversations(read, value):
    assert read(value) == []


def test_a_list_of_what_was_said_before_goes_with_the_response(read):
    rows = [{"context": [said for _, said in talk[:3]], "response": talk[3][1]} for talk in (FERRY, MILL)]
    assert read(rows, "data.jsonl") == spoken(FERRY, MILL)


def test_wrong_answers_beside_the_right_one_are_not_taken(read):
    rows = [
        {"question": asked, "correct_answer": told, "incorrect_answers": ["Nobody knows that.", "Ask again later."]}
        for (_, asked), (_, told) in (FERRY[:2], FERRY[2:], MILL[:2])
    ]
    asked_and_told = [turn for talk in read({"results": rows}) for _, turn in talk]
    assert asked_and_told == [said for talk in (FERRY[:2], FERRY[2:], MILL[:2]) for _, said in talk]


def test_an_event_among_the_messages_neither_speaks_nor_parts_them(read):
    rows = [{"type": "post", "post": {"wer": who, "satz": said}} for who, said in (*FERRY, *MILL)]
    event = {"type": "post", "post": {"type": "system_join_channel", "wer": "Jan", "satz": "Jan ist jetzt auch da."}}
    assert read([*rows[:3], event, *rows[3:]], "rows.jsonl") == spoken([*FERRY, *MILL])


def test_a_question_of_a_forum_stands_with_the_answers_inside_it(read):
    thread = {
        "owner": {"display_name": "Mira"},
        "title": "Fähre",
        "body_markdown": FERRY[0][1],
        "answers": [{"owner": {"display_name": "Onno"}, "body_markdown": FERRY[1][1]}],
    }
    assert [turn for talk in read({"items": [thread, thread]}) for _, turn in talk] == [FERRY[0][1], FERRY[1][1]] * 2
