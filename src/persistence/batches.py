"""Batches that a vendor is working on: which requests each holds, so that a closed program can collect them later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from src.persistence.journal import Journal
from src.persistence.models import to_timestamp
from src.persistence.sqlite_client import Store


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """One batch that was not collected. ``keys`` are journal keys in the order they were sent; ``answered`` are those
    that the journal has all the same (the program was killed while it collected)."""

    id: str
    provider: str
    endpoint: str
    model: str
    keys: tuple[str, ...]
    answered: frozenset[str] = frozenset()


class ListedBatch(NamedTuple):
    """An open batch for a person's eyes."""

    id: str
    provider: str
    endpoint: str
    model: str
    requests: int
    created_at: str


class Batches:
    """The open batches beside a journal, and of its edition."""

    def __init__(self, journal: Journal) -> None:
        self._store = journal.store
        self._edition = journal.prefix

    def add(self, batch: OpenBatch) -> None:
        """Remember a batch that was just accepted; on return it survives a kill and a power cut."""
        row = (batch.id, batch.provider, batch.endpoint, batch.model, self._edition, to_timestamp(self._store.clock()))
        with self._store.database.transaction() as db:
            db.execute(
                "INSERT INTO batches (id, provider, endpoint, model, edition, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
            db.executemany(
                "INSERT INTO batch_requests (batch_id, position, key) VALUES (?, ?, ?)",
                [(batch.id, position, key) for position, key in enumerate(batch.keys)],
            )

    def open(self, provider: str, endpoint: str) -> list[OpenBatch]:
        """The batches at one address that were not collected, oldest first."""
        rows = self._store.database.read(
            """SELECT b.id, b.model, r.key, q.key IS NOT NULL AS answered FROM batches b
                 JOIN batch_requests r ON r.batch_id = b.id LEFT JOIN requests q ON q.key = b.edition || r.key
               WHERE b.provider = ? AND b.endpoint = ? AND b.edition = ? AND b.closed_at IS NULL
               ORDER BY b.created_at, b.id, r.position""",
            (provider, endpoint, self._edition),
        )
        models = {row["id"]: row["model"] for row in rows}
        keys: dict[str, list[str]] = {name: [] for name in models}
        answered: dict[str, set[str]] = {name: set() for name in models}
        for row in rows:
            keys[row["id"]].append(row["key"])
            if row["answered"]:
                answered[row["id"]].add(row["key"])
        return [
            OpenBatch(name, provider, endpoint, model, tuple(keys[name]), frozenset(answered[name]))
            for name, model in models.items()
        ]

    def close(self, batch: str) -> None:
        """A batch was collected, or never will be: forget its requests."""
        now = to_timestamp(self._store.clock())
        with self._store.database.transaction() as db:
            db.execute("UPDATE batches SET closed_at = ? WHERE id = ?", (now, batch))
            db.execute("DELETE FROM batch_requests WHERE batch_id = ?", (batch,))


def list_open_batches(store: Store) -> list[ListedBatch]:
    """Every batch that was not collected, of any run, oldest first."""
    rows = store.database.read(
        """SELECT id, provider, endpoint, model, created_at,
             (SELECT count(*) FROM batch_requests WHERE batch_id = id) AS requests
           FROM batches WHERE closed_at IS NULL ORDER BY created_at, id"""
    )
    return [ListedBatch(*(row[name] for name in ListedBatch._fields)) for row in rows]
