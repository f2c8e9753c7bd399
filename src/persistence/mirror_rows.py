"""What a dataset is in the mirror: rows of sql/supabase/001_mirror.sql, made from ours and read back without loss."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from src.core.types import DatasetRecord
from src.persistence.models import (
    Columns,
    StoredSample,
    dataset_from_row,
    dataset_to_row,
    sample_from_row,
    sample_to_row,
    to_timestamp,
)

_TIMES = ("created_at", "finished_at")
SAMPLE_COLUMNS = (
    *("dataset_id", "position", "content_hash", "content", "token_length", "topic_keywords", "source_file", "split"),
    *("origin", "span_start", "span_end", "locator", "group_id", "metadata"),
)
_LOCAL_ONLY = frozenset({"status", "deleted_at", "content_hash"})
"""What a mirrored dataset has no column for: it is finished, and its samples have a fingerprint."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def dataset_row(record: DatasetRecord) -> dict[str, Any]:
    """The columns of ``mirrored_datasets`` that say what the dataset is."""
    row = {name: value for name, value in dataset_to_row(record).items() if name not in _LOCAL_ONLY}
    return {**_shown(row), **{name: row[name] and f"{row[name]}+00" for name in _TIMES}}


def record_of(row: Columns) -> DatasetRecord:
    """The record of a row of ``mirrored_datasets``. Raises ValueError, KeyError or TypeError for any other."""
    times = {name: row[name] and to_timestamp(datetime.fromisoformat(row[name])) for name in _TIMES}
    return dataset_from_row({**row, **times, "status": "finished", "deleted_at": None, "content_hash": ""})


def sample_rows(samples: Iterable[StoredSample], dataset_id: str) -> Iterator[dict[str, Any]]:
    """The rows of ``mirrored_samples``, in the order of the dataset."""
    for position, stored in enumerate(samples):
        row = sample_to_row(stored, dataset_id, position, _EPOCH)
        yield _shown({name: row[name] for name in SAMPLE_COLUMNS})


def sample_of(row: Columns) -> StoredSample:
    """The sample of a row of ``mirrored_samples``. Raises ValueError, KeyError or TypeError for any other."""
    return sample_from_row({**row, "id": ""})


class Fingerprint:
    """One hash over rows in their order: whatever differs in them makes it another one."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Take a row of ``sample_rows``, or one that came back."""
        self._hash.update(orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
        self.rows += 1

    def value(self) -> str:
        """64 hex digits."""
        return self._hash.hexdigest()


def fingerprint(rows: Iterable[Mapping[str, Any]]) -> Fingerprint:
    """The fingerprint of ``rows``, which are read one at a time."""
    found = Fingerprint()
    for row in rows:
        found.add(row)
    return found


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    r"""PostgreSQL keeps no NUL character in a text: it is shown as ``\x00``. JSON escapes it, and loses nothing."""
    return {name: value.replace("\0", r"\x00") if isinstance(value, str) else value for name, value in row.items()}
