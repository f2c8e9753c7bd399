"""Samples that a person does not want: marked beside their dataset, which itself is never written again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.core.errors import DatasetError
from src.core.names import well_formed
from src.core.types import DatasetRecord
from src.persistence.models import to_timestamp
from src.persistence.sqlite_client import Store

_SHORTEST_ID = 4
_ID = re.compile(r"[0-9a-f]{4,64}")
# ranges, for which there are indexes; what follows the last hexadecimal digit ends them
_FIND = """
    SELECT content_hash FROM samples WHERE dataset_id = :dataset AND content_hash >= :first AND content_hash < :end
    UNION SELECT content_hash FROM samples WHERE dataset_id = :dataset AND id >= :first AND id < :end
    LIMIT 2"""


def drop_samples(store: Store, record: DatasetRecord, ids: Sequence[str], note: str = "") -> int:
    """Mark samples of a finished dataset as not wanted; ``note`` says why. Returns how many were not marked before.

    An id is that of the CSV file, or an unmistakable beginning of it. Raises DatasetError for an unknown one, before
    anything is marked.
    """
    hashes = [find_content_hash(store, record, sample_id) for sample_id in ids]
    known = dropped_samples(store, record)
    now = to_timestamp(store.clock())
    with store.database.transaction() as db:
        db.executemany(
            """INSERT INTO dropped_samples (dataset_name, content_hash, note, dropped_at) VALUES (?, ?, ?, ?)
               ON CONFLICT (dataset_name, content_hash) DO UPDATE SET note = excluded.note""",
            [(record.name, content_hash, well_formed(note), now) for content_hash in dict.fromkeys(hashes)],
        )
    return len(set(hashes) - known.keys())


def take_back(store: Store, record: DatasetRecord, ids: Sequence[str]) -> int:
    """Remove the marks of samples; returns how many there were. Raises DatasetError for an unknown id."""
    hashes = dict.fromkeys(find_content_hash(store, record, sample_id) for sample_id in ids)
    marked = dropped_samples(store, record)
    with store.database.transaction() as db:
        db.executemany(
            "DELETE FROM dropped_samples WHERE dataset_name = ? AND content_hash = ?",
            [(record.name, content_hash) for content_hash in hashes],
        )
    return sum(content_hash in marked for content_hash in hashes)


def dropped_samples(store: Store, record: DatasetRecord) -> dict[str, str]:
    """The notes of what was marked, by the content hash of the sample (``Sample.id``), in the order of the marks."""
    rows = store.database.read(
        "SELECT content_hash, note FROM dropped_samples WHERE dataset_name = ? ORDER BY dropped_at, content_hash",
        (record.name,),
    )
    return {row["content_hash"]: row["note"] for row in rows}


def find_content_hash(store: Store, record: DatasetRecord, sample_id: str) -> str:
    """The hash of the content of the sample that an id, or an unmistakable beginning of one, names. Raises
    DatasetError for anything else."""
    wanted = sample_id.strip().lower()
    if not _ID.fullmatch(wanted):
        raise DatasetError(
            f"{sample_id!r} is no id of a sample.",
            fix=f"Take it from the column sample_id of {record.name}.csv; its first {_SHORTEST_ID} to 64 digits.",
        )
    rows = store.database.read(_FIND, {"dataset": record.id, "first": wanted, "end": f"{wanted}g"})
    if not rows:
        raise DatasetError(
            f"Dataset {record.name!r} has no sample {wanted}.", fix=f"See the column sample_id of {record.name}.csv."
        )
    if len({row["content_hash"] for row in rows}) > 1:
        raise DatasetError(f"{wanted} is the beginning of several ids.", fix="Give more of the id.")
    found: str = rows[0]["content_hash"]
    return found
