"""Deduplication as a stage: recorded in a manifest, and not done again while nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from src.core.types import ProgressEvent
from src.curation.deduplicator import DedupeSettings, deduplicate
from src.curation.meaning import MARK as LIKE_IN_MEANING
from src.curation.meaning import mark_alike, review_path
from src.curation.stages.frame import check_lines, run_stage
from src.curation.stages.manifest import Counts, Manifest
from src.generation.answer_first.embedder import require_vectors
from src.utils.similarity.meaning import SAME_ANSWER, SAME_QUESTION


def run_dedupe(source: Path, out: Path, settings: DedupeSettings, report: Callable[[ProgressEvent], None]) -> Manifest:
    """``deduplicate`` with its manifest; see ``run_stage``. What rows are compared against is no part of the set.

    With ``settings.semantic`` the rows that stay and are alike in meaning are marked: see ``mark_alike``. Raises
    MissingPackageError where that is asked for and cannot be done.
    """
    embed = require_vectors() if settings.semantic else None

    def work(_key: str) -> Counts:
        review_path(out).unlink(missing_ok=True)
        found = deduplicate(source, out, settings, report)
        removed = {reason: count for reason, count in found.removed.items() if count}
        facts = {} if embed is None else {LIKE_IN_MEANING: mark_alike(out, settings.fields, embed, report)}
        return Counts(found.rows, found.kept, removed, found.rejected, facts=facts)

    inputs = (source, *settings.against)
    return run_stage("dedupe", inputs, out, _facts(settings), work, made_of=(source,), check=check_lines)


def _facts(settings: DedupeSettings) -> dict[str, Any]:
    """What the result depends on: neither the number of threads nor the use of the disk shows in it. What is compared
    against counts by what it holds, among the inputs."""
    facts = asdict(settings)
    known = {name: facts[name] for name in ("fields", "threshold", "ngram", "method")}
    return {**known, "semantic": [SAME_QUESTION, SAME_ANSWER]} if settings.semantic else known
