"""The sample of a dataset depends on its content alone."""

from __future__ import annotations

import random

from src.reports.metrics.sampling import Reservoir

NAMES = [f"row {number}" for number in range(500)]


def chosen(names: list[str], size: int = 50) -> list[str]:
    reservoir = Reservoir[str](size)
    for name in names:
        reservoir.offer(name, name)
    return reservoir.items()


def test_same_rows_are_chosen_in_whatever_order_they_come():
    shuffled = random.Random(4).sample(NAMES, len(NAMES))
    assert chosen(shuffled) == chosen(NAMES)
    assert len(set(chosen(NAMES))) == 50


def test_everything_is_chosen_where_there_is_no_more():
    assert sorted(chosen(NAMES[:30])) == sorted(NAMES[:30])


def test_smaller_sample_is_the_beginning_of_a_larger_one():
    assert chosen(NAMES, 10) == chosen(NAMES, 50)[:10]


def test_rows_come_from_all_parts_of_the_dataset():
    numbers = [int(name.split()[1]) for name in chosen(NAMES, 200)]
    assert 80 <= sum(number < 250 for number in numbers) <= 120


def test_copies_of_a_row_are_all_kept():
    assert chosen(["same"] * 3) == ["same"] * 3
