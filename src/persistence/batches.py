"""Batches that a vendor is working on: which requests each holds, so that a closed program can collect them later.

A batch is noted before it goes over the wire, and the vendor's name of it as soon as that is known: one without a name
may or may not have reached the vendor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from src.persistence.journal import Journal
from src.persistence.models import from_timestamp, to_timestamp
from src.persistence.sqlite_client import Store


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """One batch that was not collected. ``tag`` tells it from every other one, ``id`` is the vendor's name of it, "" as
    long as the vendor has not said that it takes it. ``keys`` are journal keys in the order they were sent;
    ``answered`` are those that the journal has all the same (the program was killed while it collected)."""

    tag: str
    id: str
    provider: str
    endpoint: str
    model: str
    keys: tuple[str, ...]
    sent_at: datetime
    answered: frozenset[str] = frozenset()


class ListedBatch(NamedTuple):
    """An open batch for a person's eyes; ``id`` is "" while it is not known whether the vendor has taken it."""

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

    def begin(self, tag: str, provider: str, endpoint: str, model: str, keys: Sequence[str]) -> OpenBatch:
        """Note a batch that is about to be sent; on return it survives a kill and a power cut."""
        now = self._store.clock()
        with self._store.database.transaction() as db:
            db.execute(
                "INSERT INTO batches (id, provider, endpoint, model, edition, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                (tag, provider, endpoint, model, self._edition, to_timestamp(now)),
            )
            db.executemany(
                "INSERT INTO batch_requests (batch_id, position, key) VALUES (?, ?, ?)",
                [(tag, position, key) for position, key in enumerate(keys)],
            )
        return OpenBatch(tag, "", provider, endpoint, model, tuple(keys), now)

    def accept(self, batch: OpenBatch, name: str) -> OpenBatch:
        """Note what the vendor calls a batch that it has taken."""
        with self._store.database.transaction() as db:
            db.execute("UPDATE batches SET vendor_id = ? WHERE id = ?", (name, batch.tag))
        return replace(batch, id=name)

    def open(self, provider: str, endpoint: str) -> list[OpenBatch]:
        """The batches at one address that were not collected, oldest first."""
        rows = self._store.database.read(
            """SELECT b.id, b.vendor_id, b.model, b.created_at, r.key, q.key IS NOT NULL AS answered FROM batches b
                 JOIN batch_requests r ON r.batch_id = b.id LEFT JOIN requests q ON q.key = b.edition || r.key
               WHERE b.provider = ? AND b.endpoint = ? AND b.edition = ? AND b.closed_at IS NULL
               ORDER BY b.created_at, b.id, r.position""",
            (provider, endpoint, self._edition),
        )
        found = []
        for _, group in groupby(rows, key=lambda row: row["id"]):
            requests = list(group)
            first = requests[0]
            found.append(
                OpenBatch(
                    first["id"],
                    first["vendor_id"],
                    provider,
                    endpoint,
                    first["model"],
                    tuple(row["key"] for row in requests),
                    from_timestamp(first["created_at"]),
                    frozenset(row["key"] for row in requests if row["answered"]),
                )
            )
        return found

    def names(self, provider: str) -> frozenset[str]:
        """What a provider calls the batches that are known, of any run, collected or not."""
        rows = self._store.database.read(
            "SELECT vendor_id FROM batches WHERE provider = ? AND vendor_id <> ''", (provider,)
        )
        return frozenset(row["vendor_id"] for row in rows)

    def close(self, batch: OpenBatch) -> None:
        """A batch was collected, was never taken, or never will be collected: forget its requests."""
        now = to_timestamp(self._store.clock())
        with self._store.database.transaction() as db:
            db.execute("UPDATE batches SET closed_at = ? WHERE id = ?", (now, batch.tag))
            db.execute("DELETE FROM batch_requests WHERE batch_id = ?", (batch.tag,))


def list_open_batches(store: Store) -> list[ListedBatch]:
    """Every batch that was not collected, of any run, oldest first."""
    rows = store.database.read(
        """SELECT vendor_id AS id, provider, endpoint, model, created_at,
             (SELECT count(*) FROM batch_requests WHERE batch_id = batches.id) AS requests
           FROM batches WHERE closed_at IS NULL ORDER BY created_at, batches.id"""
    )
    return [ListedBatch(*(row[name] for name in ListedBatch._fields)) for row in rows]
