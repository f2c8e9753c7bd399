"""Single samples of a dataset: by their place in its files, or by the hash of their content."""

from __future__ import annotations

from src.persistence.models import StoredSample, sample_from_row
from src.persistence.sqlite_client import Store

_AT = "SELECT * FROM samples WHERE dataset_id = ? ORDER BY position LIMIT 1 OFFSET ?"
_BY_HASH = "SELECT * FROM samples WHERE dataset_id = ? AND content_hash = ? LIMIT 1"
_PLACE = """
    SELECT count(*) AS place FROM samples WHERE dataset_id = ? AND position <
      (SELECT position FROM samples WHERE dataset_id = ? AND content_hash = ?)"""


def sample_at(store: Store, dataset_id: str, number: int) -> StoredSample | None:
    """The sample of that number, from 0 in the order of the files; None past the last one."""
    rows = store.database.read(_AT, (dataset_id, number))
    return sample_from_row(rows[0]) if rows else None


def find_by_hash(store: Store, dataset_id: str, content_hash: str) -> StoredSample | None:
    """The sample of that content (``Sample.id``); None where there is none."""
    rows = store.database.read(_BY_HASH, (dataset_id, content_hash))
    return sample_from_row(rows[0]) if rows else None


def number_of(store: Store, dataset_id: str, content_hash: str) -> int:
    """The number, from 0 in the order of the files, of a sample that is there."""
    place: int = store.database.read(_PLACE, (dataset_id, dataset_id, content_hash))[0]["place"]
    return place
