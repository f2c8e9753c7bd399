"""Columns, letters, hearings, interviews, logs and lists that each set off what is asked and what is answered anew."""

import pytest

from src.utils.detection.words.moment_order import stand_newest_first

ASKED = ["Is the mill open?", "Who keeps the key?", "Does the wheel still turn?", "May dogs come in?"]
TOLD = ["On Sundays, from two.", "The miller keeps it.", "In high water only.", "They wait in the yard."]
TALK = [part for pair in zip(ASKED, TOLD, strict=True) for part in pair]
PAIRS = [list(pair) for pair in zip(ASKED, TOLD, strict=True)]


def lines(asked, told, between="\n", gap="\n\n"):
    return gap.join(
        asked.format(one, number=n + 1) + between + told.format(other, number=n + 1)
        for n, (one, other) in enumerate(zip(ASKED, TOLD, strict=True))
    )


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("S-{number}) {}", "C-{number}) {}"),
        ("（問）{}", "（答）{}"),
        ("Î: {}", "R: {}"),
        ("Question from the floor: {}", "Answer: {}"),
        ('??? question "{}"', "    {}"),
        ("> {}\n>\n> — Dora, Leeds\n", "{}"),
    ],
)
def test_labels_and_quotations_that_ask_are_pairs_with_what_answers(read, asked, told):
    assert read(lines(asked, told)) == PAIRS


@pytest.mark.parametrize("mark", ["::", "—", "=>"])
def test_a_mark_parts_a_question_and_its_answer_in_one_line(read, mark):
    assert read(lines("- {}", "{}", f" {mark} ", "\n")) == PAIRS


@pytest.mark.parametrize(
    ("asker", "teller"),
    [
        ("M. LE JUGE. – ", "LE TÉMOIN. – "),
        ("रमा देवी — ", "सूत्रधार — "),
        ("Ida Brand -- The Mill -- Owner\n", "Operator\n"),
    ],
)
def test_names_with_dashes_or_titles_above_a_paragraph_speak(read, asker, teller):
    assert read(lines(f"{asker}{{}}", f"{teller}{{}}", "\n\n")) == [TALK]


def test_a_line_that_explains_the_initials_is_no_turn(read):
    assert read("E – examiner, C – candidate\n\n" + lines("E – {}", "C – {}", gap="\n")) == [TALK]


def test_bold_paragraphs_that_ask_lead_the_plain_ones_of_a_page(read):
    body = "".join(f"<p><strong>{one}</strong></p><p>{other}</p>" for one, other in PAIRS)
    page = f"<html><body><article><h1>The mill</h1>{body}</article><p>Contact: mill@example.org</p></body></html>"
    assert read(page, "page.html") == PAIRS


def test_messages_that_stand_newest_first_are_turned_round(read):
    heads = [
        f"{'Ann' if n % 2 == 0 else 'Bert'}\nMar {n + 10}, 2024, 09:11 GMT\n\n{part}" for n, part in enumerate(TALK)
    ]
    assert read("\n\n----------\n\n".join(heads[::-1])) == [TALK]


@pytest.mark.parametrize(
    ("moments", "fall"),
    [
        (["3 cze 2022, 10:31", "3 cze 2022, 10:10", "2 maj 2022, 11:00"], True),
        (["4/3/2022", "3/3/2022", "3/2/2022"], True),
        (["23:50", "12:10", "09:00"], True),
        (["1 Mai 2022", "2 Mai 2022", "1 Mai 2022"], False),
        (["9 hours ago", "8 hours ago", "7 hours ago"], False),
        (["23:50", "00:10"], False),
    ],
)
def test_times_fall_only_where_each_is_known_and_none_rises(moments, fall):
    assert stand_newest_first(moments) is fall


def test_what_a_site_sets_below_every_message_is_not_said(read):
    text = "\n\n".join(
        f"{'ann' if n % 2 == 0 else 'bert'} » 0{n + 1}/03/2023, 10:2{n}\n{part}\n\nPosts: {n + 40}"
        for n, part in enumerate(TALK)
    )
    assert read(f"{text}\n\nPage 1 of 1") == [TALK]


def test_a_log_of_a_chat_program_holds_one_dialogue(read):
    head = "2023-05-04 12:01:2{}, INFO chat.session - "
    spoken = "\n".join(f"{head.format(n)}{'USER>' if n % 2 == 0 else 'BOT<'} {part}" for n, part in enumerate(TALK))
    assert read(f"2023-05-04 12:01:20 INFO chat.server - listening\n{spoken}\n") == [TALK]


def test_lists_in_lists_of_yaml_are_dialogues(read):
    assert read("conversations:\n" + lines("- - {}", "  - {}", gap="\n") + "\n", "corpus.yml") == PAIRS


def test_a_date_column_called_data_is_not_what_is_said(read):
    rows = "\n".join(f"{'cliente' if n % 2 == 0 else 'agente'};0{n + 1}/03/2024;{part}" for n, part in enumerate(TALK))
    assert read(f"Autor;Data;Comentário\n{rows}", "tickets.csv") == [TALK]


@pytest.mark.parametrize(
    "rows",
    [
        [
            "user,action,level,message",
            *(f"{'ann' if n % 2 else 'bo'},edit,low,Changed the price of item {n} for good." for n in range(8)),
        ],
        [
            "Speaker,Title,Hall",
            *(f"{'Ann' if n % 2 else 'Bo'},What do {n} stones sing in the rain?,R{n}" for n in range(8)),
        ],
    ],
)
def test_logs_and_programmes_are_no_talk(read, rows):
    assert read("\n".join(rows), "table.csv") == []


def test_a_number_before_a_name_and_said_at_behind_it_are_no_part_of_it(read):
    heads = [
        f"#{n + 1} {'Ann' if n % 2 == 0 else 'Bert'} (12 May 2021, 10:3{n})\n{part}" for n, part in enumerate(TALK)
    ]
    assert read("\n\n".join(heads)) == [TALK]


def test_events_of_a_chat_program_are_turns_where_they_name_a_role(read):
    spoken = ",".join(
        f'{{"event":"{"user" if n % 2 == 0 else "bot"}","text":"{part}"}},{{"event":"action","name":"listen"}}'
        for n, part in enumerate(TALK)
    )
    assert read(f'{{"sender_id":"x","events":[{spoken}]}}', "tracker.jsonl") == [TALK]
