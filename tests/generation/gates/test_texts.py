"""Sources that are wrapped to a width say what they say on one line."""

from __future__ import annotations

import pytest

from src.generation.gates.texts import join_lines, split_sentences

WRAPPED = (
    "The crossing to the outer island takes nine hours in a calm, and thirty\n"
    "minutes more where the wind stands against the tide, as it does in March;\n"
    "the boat leaves at six."
)


def test_lines_that_were_filled_are_one_text() -> None:
    assert join_lines(WRAPPED) == WRAPPED.replace("\n", " ")
    assert join_lines("Harbour\n\n" + WRAPPED + "\n\nEnd") == "Harbour\n\n" + WRAPPED.replace("\n", " ") + "\n\nEnd"


@pytest.mark.parametrize(
    "text",
    [
        "Opening hours\nMonday to Friday\nnine to five",
        "- the first item of this list, which is as long as a line of prose may be\n- next",
        "1. the first step of these, which is as long as a line of prose may ever be\n2. next",
        "Ports: Lesk, Ostra, Tannhead and all of the small places on the northern shore\nOpen: daily",
        "| a table whose first row is as long as a line of prose may ever be | 12 |\n| b | 3 |",
        "for name in sorted(names_of_every_harbour_that_the_boat_calls_at_in_winter):\n    print(name)",
        "This line has room.\nA word.\nAnd then there comes a line that is by far the longest of them all.",
    ],
)
def test_lines_that_stand_for_themselves_stay(text: str) -> None:
    assert join_lines(text) == text


def test_the_day_of_a_date_ends_no_sentence() -> None:
    assert split_sentences("Der Ausflug ist am 14. Juni. Er kostet 14. Alles ist bezahlt.") == [
        "Der Ausflug ist am 14. Juni.",
        "Er kostet 14.",
        "Alles ist bezahlt.",
    ]
