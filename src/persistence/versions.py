"""The versions of a dataset: all of them by its name, and one of them by its number."""

from __future__ import annotations

import re
from unicodedata import normalize

from src.core.errors import DatasetError
from src.core.types import DatasetRecord
from src.persistence.models import dataset_from_row
from src.persistence.sqlite_client import Store

_NUMBERED = re.compile(r"(.+)@(\d{1,9})")


def versions_of(store: Store, name: str) -> tuple[DatasetRecord, ...]:
    """The finished versions of the dataset of that name, the first one first; none where there is no such dataset."""
    rows = store.database.read(
        "SELECT * FROM datasets WHERE name = ? AND status = 'finished' ORDER BY version, created_at",
        (normalize("NFC", name),),
    )
    return tuple(dataset_from_row(row) for row in rows)


def find_version(store: Store, wanted: str) -> DatasetRecord:
    """The finished dataset of that name or id in its latest version; ``NAME@2`` is its second one.

    Raises DatasetError when there is none, with the versions that there are.
    """
    numbered = _NUMBERED.fullmatch(wanted)
    if not numbered or any(record.name == wanted for record in store.datasets()):
        return store.find(wanted)
    return pick_version(store, store.find(numbered[1]).name, int(numbered[2]))


def pick_version(store: Store, name: str, number: int) -> DatasetRecord:
    """The finished version ``number`` of the dataset of that name. Raises DatasetError when there is none, with the
    versions that there are."""
    versions = versions_of(store, name)
    for record in versions:
        if record.version == number:
            return record
    there = ", ".join(f"{name}@{record.version}" for record in versions)
    raise DatasetError(f"Dataset {name!r} has no version {number}.", fix=f"There are: {there}.")


def ancestors(store: Store, record: DatasetRecord) -> tuple[DatasetRecord, ...]:
    """The versions and datasets that ``record`` was derived from, the first one first, as far as they are stored."""
    found: list[DatasetRecord] = []
    while record.parent and record.parent not in {one.id for one in found}:
        rows = store.database.read("SELECT * FROM datasets WHERE id = ?", (record.parent,))
        if not rows:
            break
        record = dataset_from_row(rows[0])
        found.append(record)
    return tuple(reversed(found))
