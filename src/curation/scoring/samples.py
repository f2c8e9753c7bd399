"""Scores of the samples of a stored dataset, in their metadata."""

from __future__ import annotations

from dataclasses import replace

from src.core.types import QUALITY_SCORE, Sample
from src.curation.records import as_pair
from src.curation.scoring.dimensions import HEURISTIC
from src.curation.scoring.heuristic import score_by_form


def score_sample(sample: Sample) -> Sample:
    """The sample with the score that its form gives it; see ``score_by_form``."""
    turns = [{"role": message.role, "content": message.content} for message in sample.messages]
    found = score_by_form(as_pair({"messages": turns}))
    scores = {QUALITY_SCORE: found.mean, "scores": found._asdict(), "scored_by": HEURISTIC}
    return replace(sample, metadata={**sample.metadata, **scores})
