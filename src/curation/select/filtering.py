"""Which rows stay: above a score, of wished categories and sources, within lengths; every other one has its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from src.curation.records import CuratedObject, as_pair, source_of
from src.curation.select.categories import classify
from src.curation.stages.shards import Outcome


@dataclass(frozen=True, slots=True)
class Filters:
    """``above`` is a score that a row must exceed, None: any. Empty tuples and 0 ask for nothing. Lengths count
    characters of the answer."""

    above: float | None = 7.0
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    without_sources: tuple[str, ...] = ()
    min_chars: int = 1
    max_chars: int = 0


def filter_rows(rows: Sequence[CuratedObject], filters: Filters) -> Iterator[Outcome]:
    """Every row, with the reason why it does not stay or ""."""
    for row in rows:
        yield Outcome(row, why_not(row, filters))


def why_not(row: CuratedObject, filters: Filters) -> str:
    """The first reason against a row; "" where there is none."""
    length = len(as_pair(row).answer.strip())
    if length < filters.min_chars:
        return "answer_too_short"
    if filters.max_chars and length > filters.max_chars:
        return "answer_too_long"
    if filters.above is not None:
        score = row.get("quality_score")
        if score is None:
            return "no_score"
        if not score > filters.above:
            return "score_too_low"
    if filters.categories and classify(row) not in filters.categories:
        return "other_category"
    source = source_of(row)
    if (filters.sources and source not in filters.sources) or source in filters.without_sources:
        return "other_source"
    return ""
