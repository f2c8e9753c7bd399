"""Scores of the samples of a stored dataset, in their metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from src.core.jsonl import atomic_writer, dump_line
from src.core.types import QUALITY_SCORE, Sample
from src.curation.records import CuratedObject, as_pair, read_rows
from src.curation.scoring.dimensions import HEURISTIC
from src.curation.scoring.heuristic import score_by_form

_SCORES: Final = (QUALITY_SCORE, "scores", "scored_by")


def score_sample(sample: Sample) -> Sample:
    """The sample with the score that its form gives it; see ``score_by_form``."""
    found = score_by_form(as_pair({"messages": _turns(sample)}))
    scores = {QUALITY_SCORE: found.mean, "scores": found._asdict(), "scored_by": HEURISTIC}
    return replace(sample, metadata={**sample.metadata, **scores})


def write_sample_rows(path: Path, samples: Iterable[Sample]) -> None:
    """The samples as rows that the stages read, each under its own id and with the score that it has. Raises
    StorageError."""
    with atomic_writer(path) as file:
        for sample in samples:
            known = {name: sample.metadata[name] for name in _SCORES if name in sample.metadata}
            file.write(dump_line({"id": sample.id, "messages": _turns(sample), **known}))


def read_scores(path: Path) -> dict[str, CuratedObject]:
    """What a stage has written about each sample, by its id. Raises InputFileError."""
    return {row.value["id"]: {name: row.value[name] for name in _SCORES} for row in read_rows(path, str(path), [])}


def with_known_scores(sample: Sample, scores: Mapping[str, Mapping[str, Any]]) -> Sample:
    """The sample with the scores under its id; a sample that was not judged is left as it is."""
    return replace(sample, metadata={**sample.metadata, **scores.get(sample.id, {})})


def _turns(sample: Sample) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in sample.messages]
