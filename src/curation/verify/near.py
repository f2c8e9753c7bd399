"""Near-duplicates of a set, found as dedupe finds them and thrown away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from src.core.types import ProgressEvent
from src.curation.deduplicator import DedupeSettings, deduplicate


def count_near(path: Path, exact: int, report: Callable[[ProgressEvent], None]) -> int:
    """Rows that dedupe would remove beyond the ``exact`` ones, so that no row is counted as both.

    Raises InputFileError, DatasetError, StorageError.
    """
    with TemporaryDirectory() as folder:
        found = deduplicate(path, Path(folder) / "kept.jsonl", DedupeSettings(), report)
    return max(0, found.rows - found.kept - exact)
