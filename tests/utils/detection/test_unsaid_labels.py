"""Labelled lines between those of speakers that nobody says: of minutes, of lessons, of records of mails."""

import pytest

SAID = [
    ("T. Weir", "Who has a tractor free in May?"),
    ("A. Mill", "I have one, but not before the tenth."),
    ("R. Lock", "By then the guests are here. Who stops the cars?"),
    ("A. Mill", "My brother may. Is anybody against the twentieth?"),
    ("T. Weir", "Nobody is. We need a place for the gravel."),
    ("R. Lock", "Take my yard, it is dry enough."),
]
TALK = [[said for _, said in SAID]]


def minutes(*decision):
    parts = [f"{name}: {said}" for name, said in SAID]
    return "\n\n".join(
        [
            "Meeting of the lock keepers",
            "Place: boat house\nClerk: Ida Reed",
            *parts[:3],
            *decision,
            *parts[3:],
            *decision,
        ]
    )


@pytest.mark.parametrize(
    "decision",
    [
        "Decided: the road is mended in May. For 21, against 0.",
        "Beschlossen: Der Weg wird im Mai gerichtet.",
        "Décidé : le chemin sera refait en mai.",
        "Otsustati: tee parandatakse mais.",
        "Решили: дорогу чинить в мае.",
        "決議：五月に道を直す。",
    ],
)
def test_what_a_meeting_decided_is_said_by_nobody(read, decision):
    assert read(minutes(decision)) == TALK


def test_who_signs_the_minutes_says_nothing(read):
    assert read(minutes() + "\n\nChair: Tom Weir (signed)\nClerk: Ida Reed (signed)\n") == TALK


def test_who_answers_with_one_name_again_and_again_is_heard_where_others_say_more(read):
    text = "\n".join(
        f"{name}: {said}"
        for name, said in [
            ("Host", "Who wrote the letter?"),
            ("Ben", "I think it was the miller."),
            ("Host", "And who read it?"),
            ("Ben", "Nobody, he could not write."),
            ("Ann", "The widow!"),
            ("Host", "Right, Ann."),
            ("Ann", "Do I get the wheel?"),
        ]
    )
    assert len(read(text)[0]) == 7


LESSON = """Lesson 4

Maja: When does the next bus leave?
Driver: At ten. From stop six.
Maja: One ticket, please.
Driver: Here you are.

Words
stop: where a bus halts

Exercise 1. Complete: The bus leaves at ______.

Waiter: Have you chosen?
Luka: I take the pie. And you, Nina?
Nina: Tea, please.
Waiter: With lemon?
Nina: Without.
Luka: Who pays?

Grammar: the verb
Verbs stand in the second place of a sentence.

Tourist: Where is the post office?
Guard: Behind the bridge.
Tourist: Is it far?
Guard: Ten steps.
"""


def test_exercises_between_dialogues_end_one_and_part_it_from_the_next(read):
    found = read(LESSON)
    assert [len(one) for one in found] == [4, 6, 4]
    assert (found[1][-1], found[2][0]) == ("Who pays?", "Where is the post office?")


def test_somebody_who_speaks_once_at_the_head_of_a_scene_is_heard(read):
    text = LESSON.replace(
        "Waiter: Have you chosen?\n",
        "Guest: Is this table free?\nWaiter: It is.\nNina: Thanks.\nWaiter: Have you chosen?\n",
    )
    assert "Is this table free?" in read(text)[1]


HANDBOOK = [
    ("Where is my parcel?", "It is on its way. The carrier had it in the harbour on Friday, and it comes on Monday."),
    ("May I send it back?", "You may send it back within a month. The label is inside the box, below the paper."),
    ("Stop writing to me.", "We have done so. No more letters come, but those about your orders still do."),
]


def test_a_field_below_each_answer_ends_it(read):
    text = "\n\n".join(
        f"## {n}\n\n**Customer writes:** {one}\n\n**Suggested reply:**\n\n{other}\n\n*Use when: case {n} comes.*"
        for n, (one, other) in enumerate(HANDBOOK)
    )
    assert read(text, "handbook.md") == [list(pair) for pair in HANDBOOK]


def test_letters_to_a_placeholder_are_no_letters_to_one_person(read):
    text = "\n\n".join(f"Dear {{name}},\n\nYour order {n} is ready.\n\nDear Sir,\n\nThank you." for n in range(4))
    assert read(text) == []


def test_a_third_speaker_beside_words_for_two_is_heard(read):
    text = "\n\n".join(
        f"{name}: {said}"
        for name, said in [
            ("Moderator", "Who begins?"),
            ("Guest", "I do."),
            ("Ann", "No, I do."),
            ("Moderator", "Then Ann."),
            ("Ann", "The weir is old."),
            ("Guest", "Is it?"),
            ("Ann", "As old as I am."),
        ]
    )
    assert sum(map(len, read(text))) == 7


HOUSE = [
    ("The Minister for Ferries (Mr Ivor Daunt)", "I move that the pier be mended."),
    ("Ms Ada Colton", "How much does it cost?"),
    ("Mr Ivor Daunt", "Two coins a head."),
    ("Ms Ada Colton", "Who pays?"),
    ("The Minister for Books (Mrs Oona Reyes)", "May I add something?"),
    ("Ms Ada Colton", "Please."),
    ("Mrs Oona Reyes", "The library pays for the roof."),
]


def test_who_is_named_behind_an_office_speaks_on_under_that_name(read):
    assert read("\n\n".join(f"{name}: {said}" for name, said in HOUSE)) == [[said for _, said in HOUSE]]


def test_what_else_stands_in_brackets_behind_a_name_is_no_other_speaker(read):
    said = [(name.replace("Mr Ivor Daunt)", "to Ms Ada Colton)"), said) for name, said in HOUSE[1:]]
    assert read("\n\n".join(f"{name}: {told}" for name, told in said))[0][:3] == [told for _, told in said][:3]


def test_a_third_speaker_who_always_comes_third_is_heard(read):
    rounds = [
        ("Who begins?", "I do, if I may.", "Then I go second."),
        ("Is it old?", "I think so.", "You are wrong."),
        ("Why?", "My uncle said so.", "I asked him myself."),
    ]
    text = "\n\n".join(f"Moderator: {a}\n\nExpert: {b}\n\nAnn: {c}" for a, b, c in rounds)
    assert sum(map(len, read(text))) == 9


def test_people_who_only_say_names_without_a_stop_are_heard(read):
    said = [
        ("Ann", "Hello Ben"),
        ("Ben", "Hello Ann"),
        ("Ann", "Who is there?"),
        ("Ben", "Dan Mill"),
        ("Ann", "And who is he?"),
        ("Ben", "My uncle."),
        ("Ann", "Goodbye then!"),
    ]
    assert read("\n".join(f"{name}: {told}" for name, told in said)) == [[told for _, told in said]]


CAFE = [
    ("Guest", "Good evening. Is there a free table?"),
    ("Host", "Certainly, by the window."),
    ("Guest", "Thank you. What do you recommend?"),
    ("Host", "The fish is very good today."),
    ("Guest", "Then I take the soup."),
    ("Host", "A good choice, it is fresh."),
]


def cafe(*asides):
    """The talk in the café, with ``asides`` in a paragraph of their own in the middle, or at the end."""
    lines = [f"{name}: {said}" for name, said in CAFE]
    return "\n".join([*lines[:4], *(f"\n{aside}\n" for aside in asides), *lines[4:]])


@pytest.mark.parametrize(
    "aside", ["Cook: Fish is finished, chef", "VOICE FROM THE CELLAR: Let them eat", "Cook: Eggs\nand the ham"]
)
def test_a_call_between_turns_is_said_and_parts_nothing(read, aside):
    found = read(cafe(aside))
    assert (len(found), len(found[0])) == (1, 7)
    assert found[0][4].split() == aside.split(": ")[1].split()


def test_a_choir_that_says_the_same_words_again_is_heard(read):
    assert "\n".join(read(cafe("Choir: Good Evening", "Choir: Good Evening"))[0]).count("Good Evening") == 2


def test_goodbyes_by_name_are_said(read):
    assert read(cafe() + "\n\nGuest: Bye Host\nHost: Bye Guest\n")[0][-2:] == ["Bye Host", "Bye Guest"]


def test_a_question_from_the_room_is_asked_by_nobody_else(read):
    (found,) = read(cafe("Question: Do bees sleep?\nHost: At night they do."))
    assert [said.strip() for said in found[4:6]] == ["Do bees sleep?", "At night they do."]


def test_what_a_meeting_decided_parts_no_talk(read):
    assert read(cafe("Vote: seven to two.")) == [[said for _, said in CAFE]]


@pytest.mark.parametrize("name", ["Sklep", "Vote", "Mention"])
def test_a_word_of_minutes_that_talks_with_one_other_is_a_name(read, name):
    said = [(name if who == "Host" else who, what) for who, what in CAFE]
    assert read("\n\n".join(f"{who}: {what}" for who, what in said)) == [[what for _, what in CAFE]]


def test_a_word_of_minutes_that_asks_is_a_name(read):
    said = [*minutes("Vote: Who is for it?").split("\n\n")[2:]]
    assert read("\n\n".join(said))[0].count("Who is for it?") == 2
