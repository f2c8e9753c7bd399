"""Cards to learn from in notes: two colons behind the question, or a question mark alone between the sides."""

import pytest

PAIRS = [
    ["Where is the museum?", "In the old town, near the baths."],
    ["How much is a ticket?", "Five euros, two for students."],
    ["Is there a guided tour?", "Every Saturday at noon.\nBring shoes."],
    ["When is the free day?", "The first Sunday."],
]
SHORT = [[one, other.partition("\n")[0]] for one, other in PAIRS]


@pytest.mark.parametrize("mark", ["::", ":::", " :: "])
def test_two_colons_part_the_sides_of_a_card(read, mark):
    assert read("#flashcards\n\n" + "\n".join(mark.join(pair) for pair in SHORT), "museum.md") == SHORT


@pytest.mark.parametrize("mark", ["?", "??"])
def test_a_question_mark_alone_parts_the_sides_of_a_card(read, mark):
    assert read("#flashcards\n\n" + "\n\n".join(f"\n{mark}\n".join(pair) for pair in PAIRS), "museum.md") == PAIRS


@pytest.mark.parametrize(
    "text",
    [
        "rating:: 5\nauthor:: Ida Brand\nread?:: yes\nyear:: 1990\n",
        "auto a = b ? ::std::min(a, b) : c;\nauto d = e ? ::f() : g;\nauto h = i ? ::j() : k;\n",
        "Ann\n?\n\nBen\n?\n\nIda\n?\n",
        "name\tage\nAnn\t?\nBen\t?\n?\t3\n",
    ],
)
def test_fields_code_and_open_entries_are_no_cards(read, text):
    assert read(text, "note.md") == []
