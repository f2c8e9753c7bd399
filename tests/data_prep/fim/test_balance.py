"""Languages that a set has most of are thinned out, by the square root of their rows."""

from __future__ import annotations

from collections import Counter

from src.data_prep.fim.balance import balanced, caps_of
from src.data_prep.fim.types import MadeRow


def rows(**counts: int) -> list[MadeRow]:
    return [
        MadeRow(language, "line", b'{"meta": {"id": "%d"}}\n' % number)
        for language, count in counts.items()
        for number in range(count)
    ]


def test_four_times_the_rows_become_twice_as_many() -> None:
    assert caps_of({"go": 100, "python": 400, "c": 900}) == {"go": 100, "python": 200, "c": 300}


def test_one_stray_file_does_not_set_the_measure() -> None:
    assert caps_of({"python": 1000, "go": 250, "lua": 1}) == {"python": 500, "go": 250, "lua": 1}


def test_a_single_language_and_an_empty_set_stay_as_they_are() -> None:
    assert caps_of({"python": 7}) == {"python": 7}
    assert caps_of({}) == {}


def test_rows_stay_in_order_and_the_share_of_the_largest_falls() -> None:
    before: Counter[str] = Counter()
    given = rows(python=400, go=100)
    kept = list(balanced(iter(given), 1, before))
    assert before == {"python": 400, "go": 100}
    assert Counter(row.language for row in kept) == {"python": 200, "go": 100}
    assert kept == [row for row in given if row in kept]
    assert kept == list(balanced(iter(given), 1, Counter()))
    assert kept != list(balanced(iter(given), 2, Counter()))
