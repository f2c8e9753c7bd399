"""The stage that gives every row a score: by form, or as a model judges it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from src.curation.records import CuratedObject, as_pair
from src.curation.scoring.dimensions import HEURISTIC, OWN, with_scores
from src.curation.scoring.heuristic import score_by_form
from src.curation.stages.shards import Outcome


def score_rows_by_form(rows: Sequence[CuratedObject], *, keep_own: bool) -> Iterator[Outcome]:
    """Every row with its score; with ``keep_own``, one that has a score keeps it."""
    for row in rows:
        yield Outcome(keep(row) if keep_own and has_score(row) else by_form(row))


def by_form(row: CuratedObject) -> CuratedObject:
    """The row with the score that its form gives it."""
    return with_scores(row, score_by_form(as_pair(row)), HEURISTIC)


def has_score(row: CuratedObject) -> bool:
    """Whether the row came with a score."""
    return row.get("quality_score") is not None


def keep(row: CuratedObject) -> CuratedObject:
    """The row with the score that it has, named as its own unless it says whose it is."""
    return row if "scored_by" in row else {**row, "scored_by": OWN}
