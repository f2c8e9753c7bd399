"""Numbers that the source gives to something else."""

from __future__ import annotations

import pytest

from src.generation.numbers.units import misplaced_numbers


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("The text is read as UTF-2.", "Texts are in UTF-8; version 2 had others."),
        ("It is for IPv3.", "IPv4 and IPv6 addresses are both taken in 3 steps."),
        ("It ends with status 2.", "It waits 2 hours and ends with status 78."),
        ("Every 2 hours.", "It is swept every three hours. It is painted after 2 months."),
    ],
)
def test_a_number_of_something_else_is_named(answer: str, source: str) -> None:
    assert misplaced_numbers(answer, source)


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("110 g per 1000 g of dry clay.", "Per 1000 g dry:\n\n| material | grams |\n|---|---|\n| kaolin | 110 |"),
        ("It reads utf8.", "Texts are in UTF-8, older ones in UTF-16."),
        ("It took place in 1931.", "They met in 1931 and married in 1932."),
        ("A board of 12 people.", "The 12 members of the board meet in room 5."),
    ],
)
def test_a_number_that_stands_where_it_should_is_not_named(answer: str, source: str) -> None:
    assert misplaced_numbers(answer, source) == ()
