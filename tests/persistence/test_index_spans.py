"""Numbers of the full-text index: whose they are, which of them are searched, and when there are too many dead ones."""

from __future__ import annotations

import pytest

from src.persistence.index_spans import IndexSpan, condition_of, is_mostly_dead, span_of

POTS = IndexSpan("pots", "2026-03-01", 1, 10, is_live=1)
OLD_CUPS = IndexSpan("cups", "2026-03-02", 11, 15, is_live=0)
BOWLS = IndexSpan("bowls", "2026-03-03", 16, 16, is_live=1)
CUPS = IndexSpan("cups", "2026-03-04", 17, 20, is_live=1)
SPANS = (POTS, OLD_CUPS, BOWLS, CUPS)


@pytest.mark.parametrize(("number", "span"), [(1, POTS), (10, POTS), (11, OLD_CUPS), (16, BOWLS), (20, CUPS)])
def test_every_number_is_of_one_version(number: int, span: IndexSpan) -> None:
    assert span_of(SPANS, number) == span


@pytest.mark.parametrize(
    ("spans", "datasets", "condition"),
    [
        (SPANS, (), " AND +rowid NOT BETWEEN 11 AND 15"),
        ((POTS, BOWLS), (), ""),
        ((OLD_CUPS,), (), None),
        ((), (), None),
        (SPANS, ("cups",), " AND rowid BETWEEN 17 AND 20"),
        (SPANS, ("bowls", "cups"), " AND rowid BETWEEN 16 AND 20"),
        (SPANS, ("pots", "cups"), " AND (+rowid BETWEEN 1 AND 10 OR +rowid BETWEEN 17 AND 20)"),
        (SPANS, ("plates",), None),
    ],
)
def test_what_is_searched_is_live_and_of_the_wanted_datasets(
    spans: tuple[IndexSpan, ...], datasets: tuple[str, ...], condition: str | None
) -> None:
    assert condition_of(spans, datasets) == condition


def test_an_index_is_made_anew_once_most_of_it_is_dead() -> None:
    assert not is_mostly_dead(())
    assert not is_mostly_dead(SPANS)
    assert is_mostly_dead((OLD_CUPS, CUPS))
    every_other = [IndexSpan("d", str(place), place, place, is_live=place % 2) for place in range(300)]
    assert is_mostly_dead([*every_other, IndexSpan("e", "", 300, 900, is_live=1)]), "too many ranges to leave out"
