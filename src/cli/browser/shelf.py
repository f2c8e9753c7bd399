"""The samples that are gone through, one at a time: a whole dataset, or the open questions of a review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import DatasetRecord
from src.library.editing.review_queue import Item
from src.persistence.models import StoredSample
from src.persistence.sample_lookup import sample_at
from src.persistence.sqlite_client import Store


class Stop(NamedTuple):
    """Where somebody stands: the sample, and what is asked about it."""

    item: Item
    row: StoredSample
    twin: StoredSample | None = None


class Shelf:
    """``queue`` None: all samples in the order of the files; nothing but the sample shown is in memory."""

    def __init__(self, store: Store, record: DatasetRecord, queue: Sequence[Item] | None = None) -> None:
        self.record = record
        self._store = store
        self._queue = queue

    def __len__(self) -> int:
        return self.record.total_samples if self._queue is None else len(self._queue)

    def stop(self, place: int) -> Stop:
        """The stop of that place, from 0."""
        if self._queue is None:
            row = self._row(place)
            return Stop(Item(row.sample.id, "", place, row.sample.id), row)
        item = self._queue[place]
        return Stop(item, self._row(item.number), None if item.twin is None else self._row(item.twin))

    def search(self, text: str, start: int) -> int | None:
        """The next place after ``start`` where ``text`` stands in a turn, a source or a keyword, in capitals or not; it
        goes on at the beginning. None where it stands nowhere."""
        wanted = text.casefold()
        found: int | None = None
        if self._queue is not None:
            places = (place for place in range(len(self)) if _holds(self.stop(place).row, wanted))
        else:
            rows = enumerate(self._store.samples(self.record.id))
            places = (place for place, row in rows if _holds(row, wanted))
        for place in places:
            if place > start:
                return place
            found = place if found is None else found
        return found

    def _row(self, number: int) -> StoredSample:
        row = sample_at(self._store, self.record.id, number)
        assert row is not None, "a place of the dataset"
        return row


def _holds(row: StoredSample, wanted: str) -> bool:
    sample = row.sample
    texts = (*(message.content for message in sample.messages), sample.source_file, *sample.topic_keywords)
    return any(wanted in text.casefold() for text in texts)
