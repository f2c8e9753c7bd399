"""A row of an exported file, found again among the stored samples.

Most formats carry no id, and many do not hold a sample as it is: turns are joined, a system text stands elsewhere, a
worse answer is left out. So the stored samples are written once more in the format of the file, and rows compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import orjson

from src.core.errors import DatasetError
from src.core.types import DatasetRecord, ProviderName, Sample, SplitName
from src.persistence.models import StoredSample
from src.persistence.sample_traces import Place, find_numbered, find_places
from src.persistence.sqlite_client import Store
from src.persistence.versions import versions_of
from src.providers import load_provider
from src.providers.conversation import conversation_of
from src.utils.conversion import ConversionReport, convert_conversations
from src.utils.formats.any_row import read_any_row
from src.utils.formats.registry import FORMATS
from src.utils.formats.shape import FormatError

_FORMS: Final = "|".join(map(re.escape, sorted(FORMATS, key=len, reverse=True)))
_EXPORTED: Final = re.compile(rf"(.+)_(train|validation)(?:_(preference|score_[^_]+|{_FORMS}))?\.jsonl", re.DOTALL)
_WHOLE_ID: Final = re.compile(r"[0-9a-f]{64}")
_REJECTION: Final = {"reason", "detail", "sample", "raw"}

_Writer = Callable[[Sample], dict[str, Any] | None]
"""The row of a sample; None where the format leaves it out."""


class Exported(NamedTuple):
    """What the name of a file says: the dataset, its side, and ``kind``: "" or ``score_N`` for the format of its
    provider, ``preference`` for its pairs, else the name of a format."""

    name: str
    side: SplitName
    kind: str


def parse_exported(file_name: str) -> Exported | None:
    """The dataset that a JSONL file was exported from, by its name; None for a file of another name."""
    found = _EXPORTED.fullmatch(file_name)
    return Exported(found[1], cast("SplitName", found[2]), found[3] or "") if found else None


def find_exported(store: Store, path: Path, line: int, row: dict[str, Any]) -> tuple[Place | None, tuple[Place, ...]]:
    """The sample that line ``line`` (from 1) of ``path`` was written from, and every place where it stands; the first
    is None where any of them will do. Raises DatasetError when it is no row of a stored dataset."""
    if row.keys() >= _REJECTION:
        raise _rejected(path, line, row)
    problem: Exception | None = None
    try:
        return None, find_places(store, _id_of(row))
    except (FormatError, DatasetError) as error:
        problem = error
    exported = parse_exported(path.name)
    place = _find_written(store, exported, line, row) if exported else None
    if place:
        return place, find_places(store, place.stored.sample.id)
    raise DatasetError(
        f"Line {line} of {path} is no row of a stored dataset.",
        fix="It was changed after the export, comes from elsewhere, or the file was renamed (the name says which "
        "dataset and format it is); 'python -m src.main search WORDS' finds what is like it.",
    ) from problem


def _id_of(row: dict[str, Any]) -> str:
    """The id that a row of a bundle carries, else that of its conversation. Raises FormatError."""
    said = row.get("id")
    return said if isinstance(said, str) and _WHOLE_ID.fullmatch(said) else read_any_row(row).id


def _find_written(store: Store, exported: Exported, line: int, row: dict[str, Any]) -> Place | None:
    """The sample whose row is ``row``, in the newest version that has it."""
    for record in reversed(versions_of(store, exported.name)):
        write = _writer(record, exported.kind)
        for stored in _candidates(store, record, exported.side, line):
            if write(stored.sample) == row:
                return Place(record, stored)
    return None


def _candidates(store: Store, record: DatasetRecord, side: SplitName, line: int) -> Iterator[StoredSample]:
    """The sample of that number first, for most files hold all of a side; then every one of the side."""
    numbered = find_numbered(store, record, side, line - 1)
    return chain((numbered,) if numbered else (), store.side(record.id, side))


def _writer(record: DatasetRecord, kind: str) -> _Writer:
    if kind in FORMATS:
        form = FORMATS[kind]
        report = ConversionReport(form, form)
        return lambda sample: _as_read(next(convert_conversations((conversation_of(sample),), report), None))
    provider = load_provider(cast("ProviderName", record.provider))(model=record.model)
    write = provider.format_preference if kind == "preference" else provider.format_example

    def by_provider(sample: Sample) -> dict[str, Any] | None:
        if kind == "preference" and not sample.rejected:
            return None
        try:
            return _as_read(write(sample))
        except ValueError:  # this format has no such rows: nothing of it was exported
            return None

    return by_provider


def _as_read(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """A row as it comes back from a file: tuples are lists."""
    return None if row is None else cast("dict[str, Any]", orjson.loads(orjson.dumps(row)))


def _rejected(path: Path, line: int, row: dict[str, Any]) -> DatasetError:
    why = ": ".join(part for part in (str(row["reason"]), str(row["detail"])) if part)
    source = row.get("source_file")
    return DatasetError(
        f"Line {line} of {path} was rejected ({why}): it is in no dataset.",
        fix=f"It was made of {source}; look there." if source else "The line itself holds all that is known of it.",
    )
