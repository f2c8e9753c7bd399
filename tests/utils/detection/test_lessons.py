"""Dialogues of lessons: letters that name nobody begin again below a heading."""

import pytest

LESSONS = [
    ["Where is the mill?", "Behind the church.", "Is it far?", "An hour on foot.", "Thank you."],
    ["How much is the rye?", "Six coins a sack.", "Is it dry?", "Since June."],
]


def lesson(names):
    parts = []
    for number, talk in enumerate(LESSONS):
        turns = "\n".join(f"{names[n % 2]}: {said}" for n, said in enumerate(talk))
        parts.append(f"## At the {('mill', 'market')[number]}\n\n{turns}")
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("names", ["AB", "ΑΒ", "АБ"])
def test_letters_that_begin_again_below_a_heading_are_other_people(read, names):
    assert read(lesson(names), "lesson.md") == LESSONS


@pytest.mark.parametrize("names", [("Ida", "Ole"), ("I", "O")])
def test_the_same_people_go_on_talking_below_a_heading(read, names):
    assert len(read(lesson(names), "talk.md")) == 1
