"""Where a sample comes from: dataset and versions, the writer or the file, its place there, and the text at that place.

A row of an exported file carries no id in most formats: it is found by its content, or by its number in the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

import orjson

from src.core.errors import DatasetError, InputFileError
from src.core.jsonl import open_lines, read_rows
from src.core.types import EDITED, DatasetRecord, ProviderName, Rejection, Sample, SourceDocument, SplitName
from src.persistence.models import StoredSample
from src.persistence.sample_traces import Place, find_numbered, find_places, find_same
from src.persistence.sqlite_client import Store
from src.persistence.versions import versions_of
from src.providers import load_provider
from src.reports.metrics.coverage import SpanLog
from src.reports.metrics.sources import Excerpt, read_sources
from src.utils.formats.any_row import read_any_row
from src.utils.formats.shape import FormatError

_LINE = re.compile(r"(.+):(\d{1,12})")
_EXPORTED = re.compile(r"(.+)_(train|validation)\.jsonl")
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
    return _find_row(store, path, line, _read_line(path, line))


def _best(places: tuple[Place, ...], name: str = "") -> Place:
    """Of the dataset of that name before others, of what is not deleted before what is; the newest first."""
    return min(places, key=lambda place: (place.record.name != name, place.record.deleted_at is not None))


def _find_row(store: Store, path: Path, line: int, row: dict[str, Any]) -> tuple[Place, tuple[Place, ...]]:
    exported = _EXPORTED.fullmatch(path.name)
    name = exported[1] if exported else ""
    problem: Exception
    try:
        places = find_places(store, read_any_row(row).id)
        return _best(places, name), places
    except (FormatError, DatasetError) as error:
        problem = error
    # turns that the format joined, or a system text that it placed elsewhere: the row of that number says so
    for record in reversed(versions_of(store, name)):
        stored = find_numbered(store, record, cast("SplitName", exported[2]), line - 1) if exported else None
        if stored and _writes(record, stored.sample, row):
            places = find_places(store, stored.sample.id)
            return Place(record, stored), places
    raise DatasetError(
        f"Line {line} of {path} is no row of a stored dataset.",
        fix="It was changed after the export, or comes from elsewhere; 'python -m src.main search WORDS' finds what "
        "is like it.",
    ) from problem


def _writes(record: DatasetRecord, sample: Sample, row: dict[str, Any]) -> bool:
    try:
        return load_provider(cast("ProviderName", record.provider))(model=record.model).format_example(sample) == row
    except ValueError:
        return False


def _read_line(path: Path, line: int) -> dict[str, Any]:
    for row in read_rows(path):
        if row.number == line:
            if row.value is None:
                raise InputFileError(f"{path}, line {line}: {row.error}.", fix="Name a line with one JSON object.")
            return row.value
    raise InputFileError(f"{path} has no line {line}.", fix="Lines count from 1.")


def _read_csv_id(path: Path, line: int) -> str:
    with open_lines(path) as handle:
        text = (raw.decode("utf-8", "replace") for raw in handle)
        rows = csv.DictReader(text)
        first = 2
        for row in rows:
            if first <= line <= rows.line_num:
                if row.get("sample_id"):
                    return str(row["sample_id"])
                raise InputFileError(f"{path} has no column sample_id.", fix="Name a CSV file that export wrote.")
            first = rows.line_num + 1
    raise InputFileError(f"{path} has no sample on line {line}.", fix="The first sample is on line 2, below the heads.")


def _excerpt(sample: Sample, documents: Iterable[SourceDocument | Rejection]) -> tuple[Excerpt | None, str]:
    if sample.span is None:
        return None, "it was made of no passage of a file"
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
