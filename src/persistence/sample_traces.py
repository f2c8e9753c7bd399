"""One sample wherever it stands: in which versions of which datasets, by its id, by the id that it had before it was
edited, or by its number in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from src.core.errors import DatasetError
from src.core.types import EDITED, DatasetRecord, SplitName
from src.persistence.models import StoredSample, dataset_from_row, sample_from_row
from src.persistence.sqlite_client import Store

SHORTEST_ID = 4
_ID = re.compile(rf"[0-9a-f]{{{SHORTEST_ID},64}}")
_BY_HASH = "SELECT * FROM samples WHERE dataset_id = ? AND content_hash >= ? AND content_hash < ? ORDER BY position"
_BY_KEY = "SELECT * FROM samples WHERE id >= ? AND id < ? LIMIT 2"
_EDITED_FROM = "SELECT * FROM samples WHERE dataset_id = ? AND metadata LIKE ? ORDER BY position LIMIT 1"
_NUMBERED = """
    SELECT * FROM samples WHERE dataset_id = ? AND coalesce(split, 'train') = ? ORDER BY position LIMIT 1 OFFSET ?"""


class Place(NamedTuple):
    """A sample in one version of a dataset."""

    record: DatasetRecord
    stored: StoredSample


def find_places(store: Store, sample_id: str) -> tuple[Place, ...]:
    """Every version of every dataset, the newest first, that holds the sample of that id (``Sample.id`` or the key of
    its row) or unmistakable beginning of one. Deleted datasets are among them. Raises DatasetError when there is none.
    """
    wanted = sample_id.strip().lower()
    if not _ID.fullmatch(wanted):
        raise DatasetError(
            f"{sample_id!r} is no id of a sample.",
            fix=f"An id has 64 digits 0-9 and a-f, of which the first {SHORTEST_ID} or more are enough; a row of an "
            "exported file is named FILE:LINE.",
        )
    end = _past(wanted)
    records = tuple(_finished(store))
    found = [
        Place(record, sample_from_row(row))
        for record in records
        for row in store.database.read(_BY_HASH, (record.id, wanted, end))
    ]
    if not found:
        keyed = {row["dataset_id"]: sample_from_row(row) for row in store.database.read(_BY_KEY, (wanted, end))}
        found = [Place(record, keyed[record.id]) for record in records if record.id in keyed]
    if not found:
        raise DatasetError(
            f"No stored sample has the id {wanted}.",
            fix="Take it from the column sample_id of a CSV file, or from 'python -m src.main search WORDS'.",
        )
    if len({place.stored.sample.id for place in found}) > 1:
        raise DatasetError(f"{wanted} is the beginning of several ids.", fix="Give more of the id.")
    return tuple(found)


def find_same(store: Store, record: DatasetRecord, *ids: str) -> StoredSample | None:
    """The sample of a version that has one of ``ids``, or was made by editing one that had; None: there is none."""
    for sample_id in ids:
        for row in store.database.read(_BY_HASH, (record.id, sample_id, _past(sample_id))):
            return sample_from_row(row)
    for sample_id in ids:
        for row in store.database.read(_EDITED_FROM, (record.id, f'%"{sample_id}"%')):
            stored = sample_from_row(row)
            if stored.sample.metadata.get(EDITED, {}).get("of") == sample_id:
                return stored
    return None


def find_numbered(store: Store, record: DatasetRecord, side: SplitName, number: int) -> StoredSample | None:
    """The sample of one line of a file, from 0; None past the last one."""
    for row in store.database.read(_NUMBERED, (record.id, side, number)):
        return sample_from_row(row)
    return None


def _finished(store: Store) -> Iterator[DatasetRecord]:
    rows = store.database.read(
        "SELECT * FROM datasets WHERE status = 'finished' ORDER BY created_at DESC, version DESC"
    )
    return (dataset_from_row(row) for row in rows)


def _past(beginning: str) -> str:
    """The first text behind all ids that begin so: ``g`` follows the last digit."""
    return f"{beginning}g"
