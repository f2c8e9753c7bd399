"""Quality control of training files: one clean file, and beside it what did not stay, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from src.core.jsonl import atomic_writer
from src.core.types import ProgressEvent
from src.data_prep.quality.cleaning import CleaningSettings, Report, clean, write_rejects
from src.data_prep.quality.shelf import Shelf


@dataclass(frozen=True, slots=True)
class ControlReport:
    """``lines`` = ``kept`` + all that ``rejected`` counts by reason."""

    lines: int
    kept: int
    rejected: dict[str, int]


def control_quality(
    sources: Sequence[Path], out: Path, rejects: Path | None, settings: CleaningSettings, report: Report
) -> ControlReport:
    """Write the rows of ``sources`` that stay to ``out``, in their order, and the others to ``rejects``; None: nowhere.

    Raises InputFileError, DatasetError without a usable row, ConfigError, StorageError.
    """
    with Shelf() as shelf:
        cleaned = clean(sources, shelf, settings, report)
        with atomic_writer(out) as sink:
            sink.writelines(shelf.line(number) for number in cleaned.kept)
        if rejects:
            write_rejects(rejects, cleaned.rejects)
        report(ProgressEvent("save", len(cleaned.kept), len(cleaned.kept)))
        return ControlReport(cleaned.lines, len(cleaned.kept), cleaned.reasons)
