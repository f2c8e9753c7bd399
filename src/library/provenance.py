"""Where a sample comes from: dataset and versions, the writer or the file, its place there, and the text at that place.

A row of an exported file carries no id in most formats: it is found by its content, or by its number in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from src.core.errors import InputFileError
from src.core.jsonl import read_rows
from src.core.types import ALTERED, EDITED, DatasetRecord, Rejection, Sample, SourceDocument
from src.library.editing.table import ID, read_table
from src.library.exported_rows import find_exported, parse_exported
from src.persistence.models import StoredSample
from src.persistence.sample_traces import Place, find_places, find_same
from src.persistence.sqlite_client import Store
from src.persistence.versions import versions_of
from src.reports.metrics.coverage import SpanLog
from src.reports.metrics.sources import Excerpt, read_sources

_LINE = re.compile(r"(.+):(\d{1,12})")
_WRITER_KEYS = ("model", "teacher", "failover_from", "strategy", "quality", "task", "judge", "quality_score", "flaw")
_WRITER_SETTINGS = (("mode",), ("system", "agentic_llm"), ("system", "agentic_model"), ("system", "seed"))

Documents = Callable[[DatasetRecord, str], Iterable[SourceDocument | Rejection]]
"""Reads the document of that name that a dataset was made from, as it is now."""


class Step(NamedTuple):
    """What a version did with a sample: ``added``, ``changed: text, side``, ``dropped``."""

    record: DatasetRecord
    what: str


@dataclass(frozen=True, slots=True)
class Trace:
    """All that is known of a sample. ``excerpt`` is the text that it was made of, None where ``missing`` says why that
    cannot be shown; ``elsewhere`` are other datasets that hold the same conversation."""

    record: DatasetRecord
    stored: StoredSample
    steps: tuple[Step, ...]
    excerpt: Excerpt | None
    missing: str
    writer: dict[str, Any]
    elsewhere: tuple[str, ...]


def trace_sample(store: Store, wanted: str, documents: Documents) -> Trace:
    """Everything about the sample of an id, or of a row ``FILE:LINE`` of an exported file, with lines from 1.

    Raises DatasetError when no stored sample is meant, InputFileError for a file that cannot be read.
    """
    place, places = _find(store, wanted)
    sample = place.stored.sample
    excerpt, missing = _excerpt(sample, documents(place.record, sample.source_file) if sample.source_file else ())
    names = dict.fromkeys(other.record.name for other in places)
    names.pop(place.record.name, None)
    return Trace(
        place.record,
        place.stored,
        tuple(_steps(store, place)),
        excerpt,
        missing,
        _writer(place) if sample.origin == "generated" else {},
        tuple(names),
    )


def _find(store: Store, wanted: str) -> tuple[Place, tuple[Place, ...]]:
    """The sample in the version that a person most likely means, and wherever else it stands."""
    row = _LINE.fullmatch(wanted)
    if not row:
        places = find_places(store, wanted)
        return _best(places), places
    path, line = Path(row[1]).expanduser(), int(row[2])
    if path.suffix.lower() == ".csv":
        places = find_places(store, _read_csv_id(path, line))
        return _best(places, path.stem), places
    if path.suffix.lower() == ".parquet":
        raise InputFileError(
            f"{path}: rows of Parquet are not found by their number.",
            fix="Every row has its id in the column id: python -m src.main why ID",
        )
    place, places = find_exported(store, path, line, _read_line(path, line))
    exported = parse_exported(path.name)
    return place or _best(places, exported.name if exported else ""), places


def _best(places: tuple[Place, ...], name: str = "") -> Place:
    """Of the dataset of that name before others, of what is not deleted before what is; the newest first."""
    return min(places, key=lambda place: (place.record.name != name, place.record.deleted_at is not None))


def _read_line(path: Path, line: int) -> dict[str, Any]:
    for row in read_rows(path):
        if row.number == line:
            if row.value is None:
                raise InputFileError(f"{path}, line {line}: {row.error}.", fix="Name a line with one JSON object.")
            return row.value
    raise InputFileError(f"{path} has no line {line}.", fix="Lines count from 1.")


def _read_csv_id(path: Path, line: int) -> str:
    for row in read_table(path).lines:
        if row.number <= line <= row.number + "".join(row.cells.values()).count("\n") and row.cells.get(ID):
            return row.cells[ID].strip()
    raise InputFileError(f"{path} has no sample on line {line}.", fix="The first sample is on line 2, below the heads.")


def _excerpt(sample: Sample, documents: Iterable[SourceDocument | Rejection]) -> tuple[Excerpt | None, str]:
    if sample.span is None:
        return None, "it was made of no passage of a file"
    if ALTERED in sample.metadata:
        return None, "private data were taken from the sample, and its source still holds them"
    spans = SpanLog()
    spans.add(sample)
    sources = read_sources([sample], spans, documents, lambda _document: ())
    return sources.excerpts.get(0), sources.missing.get(sample.source_file, "")


def _steps(store: Store, place: Place) -> Iterator[Step]:
    sample = place.stored.sample
    first = str(sample.metadata.get(EDITED, {}).get("of", sample.id))
    before: StoredSample | None = None
    for record in versions_of(store, place.record.name):
        now = find_same(store, record, sample.id, first)
        if before is None and now is not None:
            yield Step(record, "added")
        elif before is not None and now is None:
            yield Step(record, "dropped")
        elif before is not None and now is not None:
            changes = _changes(before, now)
            if changes:
                yield Step(record, f"changed: {', '.join(changes)}")
        before = now


def _changes(before: StoredSample, after: StoredSample) -> list[str]:
    was, now = before.sample, after.sample
    parts = {
        "text": was.id != now.id,
        "side": before.split != after.split,
        "keywords": was.topic_keywords != now.topic_keywords,
        "source": (was.source_file, was.span) != (now.source_file, now.span),
        "notes": was.metadata != now.metadata,
    }
    return [name for name, differs in parts.items() if differs]


def _writer(place: Place) -> dict[str, Any]:
    """Who wrote a sample, as what, and with which settings."""
    metadata, record = place.stored.sample.metadata, place.record
    config = orjson.loads(record.config)
    settings = {path[-1]: _at(config, path) for path in (*_WRITER_SETTINGS, ("agent", record.mode))}
    found = {
        "written_by": record.run.writer,
        **{key: metadata[key] for key in _WRITER_KEYS if key in metadata},
        **{key: value for key, value in settings.items() if value not in (None, "", {})},
    }
    return {key: value for key, value in found.items() if value not in (None, "")}


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values
