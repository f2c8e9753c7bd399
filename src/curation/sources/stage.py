"""The stage that brings rows of any known shape into one, with a category, a source and an id."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from src.curation.records import CuratedObject
from src.curation.rows import read_object
from src.curation.select.categories import with_category
from src.curation.sources.shapes import standardise
from src.curation.stages.manifest import Counts
from src.curation.stages.shards import Outcome, Report, RowStage, run_rows


def standardise_file(
    source: Path, out: Path, key: str, name: str, report: Report, licence: str = "", shown: str = ""
) -> Counts:
    """Write the rows of ``source`` in the common shape. ``name`` is their source where they name none, and the first
    half of their ids where they have none; ``licence`` is recorded on rows that name none.
    ``shown`` is the file that rejected lines are said to be of, where ``source`` was made of another one."""
    parse = partial(_parse, name=name, licence=licence)
    stage = RowStage(source, out, key, lambda rows: map(Outcome, rows), parse, id_prefix=name, shown=shown)
    return run_rows(stage, report)


def _parse(line: bytes | None, name: str, licence: str) -> CuratedObject:
    row = with_category(standardise(read_object(line), name))
    return {**row, "licence": licence} if licence and not row.get("licence") else row
