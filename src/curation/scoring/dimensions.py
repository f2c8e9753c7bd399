"""The four dimensions of a score, and the score: their mean."""

from __future__ import annotations

from typing import Final, NamedTuple

from src.curation.records import CuratedObject

HEURISTIC: Final = "heuristic"
"""``scored_by`` of a row that no model has judged."""
OWN: Final = "own"
"""``scored_by`` of a row that came with its score."""


class Dimensions(NamedTuple):
    """Each from 1 (bad) to 10 (good)."""

    instruction_clarity: float
    correctness: float
    completeness: float
    helpfulness: float

    @property
    def mean(self) -> float:
        """The score of the row, to two decimals."""
        return round(sum(self) / len(self), 2)


def with_scores(row: CuratedObject, found: Dimensions, by: str) -> CuratedObject:
    """The row with its score, the four dimensions behind it, and who gave them."""
    return {**row, "quality_score": found.mean, "scores": found._asdict(), "scored_by": by}
