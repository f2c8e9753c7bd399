"""How many things a source lists."""

from __future__ import annotations

import pytest

from src.generation.numbers.lists import is_listed

SHED = "The shed of the garden club holds spades, rakes, two barrows and a ladder, and its roof leaks in winter."


@pytest.mark.parametrize(("number", "listed"), [(4, True), (5, False), (3, False), (2, False)])
def test_the_things_of_a_row_are_counted(number: int, listed: bool) -> None:
    assert is_listed(number, "What does the shed of the garden club hold?", SHED) is listed


def test_a_list_of_something_else_is_not_meant() -> None:
    assert not is_listed(4, "How many dogs were barking?", SHED)
