"""Work of several threads comes back in order, and what nobody waits for is not begun."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import islice

import pytest

from src.utils.in_order import map_in_order


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    first_may_end = threading.Event()

    def square(number: int) -> int:
        if workers > 1 and number == 0:
            first_may_end.wait()
        first_may_end.set()
        return number * number

    assert list(map_in_order(square, range(40), workers)) == [number * number for number in range(40)]


def test_items_are_taken_as_results_are_and_the_rest_is_left_when_the_caller_stops() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = map_in_order(str, items(), 2)
    assert list(islice(results, 3)) == ["0", "1", "2"]
    results.close()
    assert len(taken) < 20


def test_an_error_of_an_item_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        list(map_in_order(lambda number: 1 // number, [1, 0, 1], 2))
