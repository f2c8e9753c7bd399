"""Which two samples of one passage tell the same."""

from __future__ import annotations

import pytest

from src.generation.telling import read_telling, tell_the_same


def same(first: tuple[str, str], second: tuple[str, str]) -> bool:
    new, old = (read_telling(question, answer, "mill") for question, answer in (first, second))
    return tell_the_same(new, old)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            (
                "What did the vicar of Lunel do about the cholera that killed 19 people?",
                "He had the brackish wells sealed.",
            ),
            ("How did Mr Ost react to the cholera of 1849?", "By sealing all the brackish wells of the parish."),
        ),
        (
            (
                "Womit bekommt ein Kind von 10 Jahren den Ausweis?",
                "Mit Lichtbild, Stempel der Gemeinde und Unterschrift des Vormunds.",
            ),
            (
                "Was braucht ein Kind unter 14 für den Ausweis?",
                "Ein Lichtbild, die Unterschrift des Vormunds und den Stempel der Gemeinde.",
            ),
        ),
        (
            ("Where does the mill of Lunel get its power from?", "From the weir above the tannery."),
            ("Which source of power does the mill of Lunel use?", "The weir above the tannery."),
        ),
    ],
)
def test_the_same_fact_in_other_words_is_told_again(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("Does the essay of course 4120 count for more than Paper 3?", "No, both are worth a fifth of the marks."),
            ("How many essays does Paper 2 of course 4120 have?", "Three out of five. Two may be chosen freely."),
        ),
        (
            ("When do the teams of the league change ends?", "Each time two goals have been scored."),
            ("Who won the last final of the league?", "Dunhollow, by two goals."),
        ),
        (
            ("How many days of leave does Marlow grant?", "Ten days."),
            ("After how many days does Marlow want a note?", "From the fourth day of leave."),
        ),
        (
            ("When does the mill of Lunel grind?", "It grinds at 2 p.m."),
            ("Why does the mill of Lunel grind so little?", "Because it is old and grinds only a few sacks."),
        ),
    ],
)
def test_two_questions_with_a_number_or_a_unit_in_common_are_two(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert not same(first, second)
