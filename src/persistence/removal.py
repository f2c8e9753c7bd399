"""Datasets that were deleted: out of sight with all of their versions, until they are brought back or removed for good.

Answers of models stay in the journal whatever happens here.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from unicodedata import normalize

from src.core.errors import DatasetError
from src.core.types import DatasetRecord
from src.core.workspace import Workspace
from src.persistence.dataset_names import fold
from src.persistence.models import dataset_from_row, to_timestamp
from src.persistence.search_index import remove_index
from src.persistence.sqlite_client import Store

KEPT_DAYS: Final = 30
"""How long a deleted dataset can be brought back."""


def mark_deleted(store: Store, record: DatasetRecord) -> DatasetRecord:
    """Put a finished dataset with all of its versions among the deleted ones; its name stays taken."""
    deleted = replace(record, deleted_at=store.clock())
    _set_deleted_at(store, record.name, deleted.deleted_at)
    return deleted


def bring_back(store: Store, record: DatasetRecord) -> DatasetRecord:
    """Undo ``mark_deleted``."""
    _set_deleted_at(store, record.name, None)
    return replace(record, deleted_at=None)


def deleted_datasets(store: Store) -> tuple[DatasetRecord, ...]:
    """The deleted datasets, each in its latest version, the last deleted one first."""
    rows = store.database.read("""
        SELECT * FROM datasets WHERE deleted_at IS NOT NULL AND status = 'finished' AND NOT EXISTS
          (SELECT 1 FROM datasets AS later WHERE later.name = datasets.name AND later.status = 'finished'
             AND later.version > datasets.version)
        ORDER BY deleted_at DESC, name""")
    return tuple(dataset_from_row(row) for row in rows)


def find_deleted(store: Store, name: str) -> DatasetRecord:
    """The deleted dataset of that name or id. Raises DatasetError with the names that there are."""
    there = deleted_datasets(store)
    wanted = normalize("NFC", name)
    for record in there:
        if wanted in {record.name, record.id}:
            return record
    names = ", ".join(repr(record.name) for record in there)
    raise DatasetError(
        f"There is no deleted dataset {name!r}.", fix=f"There are: {names}." if names else "There is none at all."
    )


def remove_expired(store: Store, workspace: Workspace) -> None:
    """Remove for good what was deleted more than KEPT_DAYS ago. Call it while no other run writes."""
    border = store.clock() - timedelta(days=KEPT_DAYS)
    for record in deleted_datasets(store):
        if record.deleted_at and record.deleted_at < border:
            remove_for_good(store, record, workspace)


def remove_for_good(store: Store, record: DatasetRecord, workspace: Workspace) -> None:
    """Remove every version of a deleted dataset with its rows, its files, what was decided about its samples and not
    applied, and the search index, which holds their words; its name is free then. Raises DatasetError for one that is
    not deleted, StorageError.

    Killed on the way, the rest is removed the next time. What was refined from it stays.
    """
    name = find_deleted(store, record.name).name
    # first what another dataset of that name would meet: killed on the way, the name is taken still
    workspace.drafts_of(name).unlink(missing_ok=True)
    remove_index(workspace.search_index)
    shutil.rmtree(workspace.deleted / name, ignore_errors=True)
    with store.database.transaction() as db:
        db.execute(
            """UPDATE datasets SET parent = NULL WHERE name <> ? AND parent IN
                 (SELECT id FROM datasets WHERE name = ?)""",
            (name, name),
        )
        db.execute("DELETE FROM dropped_samples WHERE dataset_name = ?", (name,))
    rows = store.database.read("SELECT id FROM datasets WHERE name = ? ORDER BY version DESC", (name,))
    for row in rows:
        store.empty(row["id"])
        with store.database.transaction() as db:
            db.execute("DELETE FROM datasets WHERE id = ?", (row["id"],))


def rename_dataset(store: Store, record: DatasetRecord, name: str) -> DatasetRecord:
    """Give a finished dataset, in all of its versions, the name ``name``. Raises DatasetError when it is taken, also by
    a deleted dataset or one that differs in case only."""
    wanted = normalize("NFC", name)
    with store.database.transaction() as db:
        for row in db.execute("SELECT DISTINCT name FROM datasets WHERE name <> ?", (record.name,)):
            if fold(row["name"]) == fold(wanted):
                raise DatasetError(
                    f"There is a dataset named {row['name']!r} already.",
                    fix="Choose another name; 'datasets deleted' lists those that are deleted and keep theirs.",
                )
        db.execute("UPDATE datasets SET name = ? WHERE name = ?", (wanted, record.name))
        db.execute("UPDATE dropped_samples SET dataset_name = ? WHERE dataset_name = ?", (wanted, record.name))
    return replace(record, name=wanted)


def _set_deleted_at(store: Store, name: str, moment: datetime | None) -> None:
    with store.database.transaction() as db:
        db.execute(
            "UPDATE datasets SET deleted_at = ? WHERE name = ?", (to_timestamp(moment) if moment else None, name)
        )
