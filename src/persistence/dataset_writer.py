"""Fills one dataset, batch by batch in short transactions, so that nobody else waits long for the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from src.core.errors import DatasetError
from src.core.types import DatasetRecord, Rejection, RunFacts
from src.persistence.connection import Connection, Database
from src.persistence.models import StoredSample, dataset_to_row, rejection_to_row, sample_to_row

_T = TypeVar("_T")
_BATCH_ROWS = 500
_SAVE_DATASET = """
    INSERT INTO datasets (id, name, provider, model, mode, created_at, total_samples, total_tokens, config,
      status, config_hash, finished_at, requested, proposed, rejected, run, parent, version, reason,
      author, content_hash, deleted_at)
    VALUES (:id, :name, :provider, :model, :mode, :created_at, :total_samples, :total_tokens, :config,
      :status, :config_hash, :finished_at, :requested, :proposed, :rejected, :run, :parent, :version, :reason,
      :author, :content_hash, :deleted_at)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, provider = excluded.provider, model = excluded.model,
      mode = excluded.mode, created_at = excluded.created_at,
      total_samples = excluded.total_samples, total_tokens = excluded.total_tokens,
      config = excluded.config, status = excluded.status, config_hash = excluded.config_hash,
      finished_at = excluded.finished_at, requested = excluded.requested, proposed = excluded.proposed,
      rejected = excluded.rejected, run = excluded.run, parent = excluded.parent, version = excluded.version,
      reason = excluded.reason, author = excluded.author, content_hash = excluded.content_hash,
      deleted_at = excluded.deleted_at"""
_INSERT_SAMPLE = """
    INSERT INTO samples (id, dataset_id, content, token_length, topic_keywords, source_file, split, created_at,
      content_hash, origin, span_start, span_end, locator, group_id, position, metadata)
    VALUES (:id, :dataset_id, :content, :token_length, :topic_keywords, :source_file, :split, :created_at,
      :content_hash, :origin, :span_start, :span_end, :locator, :group_id, :position, :metadata)"""
_INSERT_REJECTION = """
    INSERT INTO rejections (dataset_id, position, reason, detail, source_file, span_start, span_end, content, raw)
    VALUES (:dataset_id, :position, :reason, :detail, :source_file, :span_start, :span_end, :content, :raw)"""


class DatasetWriter:
    """The rows of one unfinished dataset, in the order in which they are given. Made by ``Store.begin``.

    What was added stays, whatever happens after it; the next ``Store.begin`` of the same dataset begins with nothing.
    """

    def __init__(self, database: Database, record: DatasetRecord, clock: Callable[[], datetime]) -> None:
        self.record = record
        self._database = database
        self._clock = clock
        self._samples = self._tokens = 0
        self._reasons: Counter[str] = Counter()

    def add(self, samples: Iterable[StoredSample]) -> None:
        """Store samples, read a few hundred at a time. Raises DatasetError for a conversation that is there already."""
        for batch in _batches(samples):
            now = self._clock()
            rows = [
                sample_to_row(stored, self.record.id, place, now) for place, stored in enumerate(batch, self._samples)
            ]
            with self._database.transaction() as db:
                _insert_samples(db, rows)
            self._samples += len(batch)
            self._tokens += sum(stored.token_length for stored in batch)

    def reject(self, rejections: Iterable[Rejection]) -> None:
        """Store rejections, read a few hundred at a time."""
        for batch in _batches(rejections):
            place = self._reasons.total()
            rows = [rejection_to_row(item, self.record.id, place) for place, item in enumerate(batch, place)]
            with self._database.transaction() as db:
                db.executemany(_INSERT_REJECTION, rows)
            self._reasons.update(rejection.reason for rejection in batch)

    def end(self, run: RunFacts) -> DatasetRecord:
        """Everything is in: note how much, and what making it took. Unfinished until ``Store.mark_finished``."""
        self.record = replace(
            self.record,
            total_samples=self._samples,
            total_tokens=self._tokens,
            proposed=self._samples + self._reasons.total(),
            rejected=dict(sorted(self._reasons.items())),
            run=run,
        )
        with self._database.transaction() as db:
            save_record(db, self.record)
        return self.record


def save_record(db: Connection, record: DatasetRecord) -> None:
    """Write the row of a dataset, new or known, within a transaction."""
    db.execute(_SAVE_DATASET, dataset_to_row(record))


def _insert_samples(db: Connection, rows: Sequence[dict[str, Any]]) -> None:
    try:
        db.executemany(_INSERT_SAMPLE, rows)
    except db.IntegrityError as error:
        raise DatasetError(
            f"The dataset holds the same conversation twice ({error}).",
            fix="Validate it first: duplicates are rejected there.",
        ) from error


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, _BATCH_ROWS)):
        yield batch
