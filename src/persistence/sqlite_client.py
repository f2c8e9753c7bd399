"""The store of datasets: begun, finished whole, found again, read in order. All SQL about datasets stands here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from unicodedata import normalize

from src.core.errors import DatasetError, StorageError
from src.core.types import Rejection, SplitName
from src.persistence.connection import BUSY_TIMEOUT_S, RESTORE_FIX, Database
from src.persistence.models import (
    Columns,
    DatasetRecord,
    StoredSample,
    dataset_from_row,
    dataset_to_row,
    rejection_from_row,
    rejection_to_row,
    sample_from_row,
    sample_to_row,
)

_T = TypeVar("_T")
_PAGE_ROWS = 500
_SHORTEST_ID_PREFIX = 4

_INSERT_DATASET = """
    INSERT INTO datasets (id, name, provider, model, mode, created_at, total_samples, total_tokens, config,
      status, config_hash, finished_at, requested, proposed, rejected)
    VALUES (:id, :name, :provider, :model, :mode, :created_at, :total_samples, :total_tokens, :config,
      :status, :config_hash, :finished_at, :requested, :proposed, :rejected)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, provider = excluded.provider, model = excluded.model,
      mode = excluded.mode, total_samples = excluded.total_samples, total_tokens = excluded.total_tokens,
      config = excluded.config, status = excluded.status, config_hash = excluded.config_hash,
      finished_at = excluded.finished_at, requested = excluded.requested, proposed = excluded.proposed,
      rejected = excluded.rejected"""
_INSERT_SAMPLE = """
    INSERT INTO samples (id, dataset_id, content, token_length, topic_keywords, source_file, split, created_at,
      content_hash, origin, span_start, span_end, locator, group_id, position, metadata)
    VALUES (:id, :dataset_id, :content, :token_length, :topic_keywords, :source_file, :split, :created_at,
      :content_hash, :origin, :span_start, :span_end, :locator, :group_id, :position, :metadata)"""
_INSERT_REJECTION = """
    INSERT INTO rejections (dataset_id, position, reason, detail, source_file, span_start, span_end, content, raw)
    VALUES (:dataset_id, :position, :reason, :detail, :source_file, :span_start, :span_end, :content, :raw)"""
_SAMPLES_PAGE = "SELECT * FROM samples WHERE dataset_id = ? AND position > ? ORDER BY position LIMIT ?"
_SET_SPLIT = (
    "UPDATE samples SET split = ? WHERE dataset_id = ? AND content_hash = ?",
    "UPDATE samples SET split = ? WHERE dataset_id = ? AND id = ?",
)
_REJECTIONS_PAGE = "SELECT * FROM rejections WHERE dataset_id = ? AND position > ? ORDER BY position LIMIT ?"


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


class Store:
    """The database of datasets; a context manager. Keep one per process and pass it on."""

    def __init__(
        self, path: Path, *, clock: Callable[[], datetime] = utc_now, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> None:
        """Open or create the database, bringing an older one to the present schema. Raises StorageError with a fix."""
        self.path = path
        self.clock = clock
        self.database = Database(path, busy_timeout_s=busy_timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Safe to call twice."""
        self.database.close()

    def begin_dataset(self, record: DatasetRecord) -> DatasetRecord:
        """Note a run as running, so that it can be resumed under its name. Beginning the same run again is allowed.

        Raises DatasetError when the name belongs to another dataset, or this one is finished.
        """
        begun = replace(record, status="running", finished_at=None)
        with self.database.transaction() as db:
            _check_writable(db, begun)
            db.execute(_INSERT_DATASET, dataset_to_row(begun))
        return begun

    def finish_dataset(
        self,
        record: DatasetRecord,
        samples: Iterable[StoredSample],
        rejections: Iterable[Rejection] = (),
        *,
        files_follow: bool = False,
    ) -> DatasetRecord:
        """Store a dataset whole, in one transaction, or not at all; returns it with its totals as they were stored.

        Both iterables are consumed one item at a time; positions follow their order. Replaces what an unfinished run
        of the same id left. With ``files_follow`` the run stays unfinished until ``mark_finished``: killed while its
        files are written, it is resumed under its name. Raises DatasetError when the name belongs to another dataset,
        this one is finished already, or two samples hold the same conversation.
        """
        now = self.clock()
        with self.database.transaction() as db:
            _check_writable(db, record)
            db.execute(_INSERT_DATASET, dataset_to_row(replace(record, status="running")))
            db.execute("DELETE FROM samples WHERE dataset_id = ?", (record.id,))
            db.execute("DELETE FROM rejections WHERE dataset_id = ?", (record.id,))
            rows = (sample_to_row(stored, record.id, position, now) for position, stored in enumerate(samples))
            _insert_samples(db, rows)
            db.executemany(
                _INSERT_REJECTION,
                (rejection_to_row(item, record.id, position) for position, item in enumerate(rejections)),
            )
            total = db.execute(
                "SELECT count(*), coalesce(sum(token_length), 0) FROM samples WHERE dataset_id = ?", (record.id,)
            ).fetchone()
            stored = replace(record, status="running", total_samples=total[0], total_tokens=total[1])
            if not files_follow:
                stored = replace(stored, status="finished", finished_at=now)
            db.execute(_INSERT_DATASET, dataset_to_row(stored))
        return stored

    def mark_finished(self, record: DatasetRecord) -> DatasetRecord:
        """The end of a run whose files are written: from now on nothing is written under its name by another run.

        Raises DatasetError when it is finished already.
        """
        finished = replace(record, status="finished", finished_at=self.clock())
        with self.database.transaction() as db:
            _check_writable(db, finished)
            db.execute(_INSERT_DATASET, dataset_to_row(finished))
        return finished

    def discard_unfinished(self, dataset_id: str) -> bool:
        """Forget a run that will not be resumed, which frees its name. A finished one is never touched."""
        with self.database.transaction() as db:
            return db.execute("DELETE FROM datasets WHERE id = ? AND status = 'running'", (dataset_id,)).rowcount > 0

    def datasets(self) -> tuple[DatasetRecord, ...]:
        """Every dataset, the newest first; ``status`` tells the unfinished ones."""
        rows = self.database.read("SELECT * FROM datasets ORDER BY created_at DESC, rowid DESC")
        return tuple(self._decode(dataset_from_row, row) for row in rows)

    def find(self, name_or_id: str) -> DatasetRecord:
        """The finished dataset of that name, id or unmistakable beginning of an id.

        Raises DatasetError with close matches when there is none.
        """
        known = self.datasets()
        wanted = normalize("NFC", name_or_id)
        matches = (
            [record for record in known if record.name == wanted]
            or [record for record in known if record.id == wanted]
            or [record for record in known if len(wanted) >= _SHORTEST_ID_PREFIX and record.id.startswith(wanted)]
        )
        finished = [record for record in matches if record.status == "finished"]
        if finished and (len(finished) == 1 or finished[0].name == wanted):
            return finished[0]
        raise _not_found(name_or_id, known, matches)

    def latest(self) -> DatasetRecord | None:
        """The newest finished dataset."""
        return next((record for record in self.datasets() if record.status == "finished"), None)

    def unfinished(self, config_hash: str) -> DatasetRecord | None:
        """The newest run of that configuration that was begun and not finished."""
        rows = self.database.read(
            """SELECT * FROM datasets WHERE config_hash = ? AND status = 'running'
               ORDER BY created_at DESC, rowid DESC LIMIT 1""",
            (config_hash,),
        )
        return self._decode(dataset_from_row, rows[0]) if rows else None

    def free_name(self, wanted: str, exists: Callable[[str], bool] = lambda _name: False) -> str:
        """``wanted``, else ``wanted-2``, ``wanted-3`` ...: the first name without a dataset and without files.

        ``exists`` says whether files of a name lie on the disk. Names that differ only in case count as one, as they
        do in the file systems of macOS and Windows.
        """
        taken = {_fold(row["name"]) for row in self.database.read("SELECT name FROM datasets")}
        candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
        return next(name for name in candidates if _fold(name) not in taken and not exists(name))

    def samples(self, dataset_id: str) -> Iterator[StoredSample]:
        """The samples of a dataset in their order, a few hundred in memory at a time."""
        for row in self._pages(_SAMPLES_PAGE, dataset_id):
            yield self._decode(sample_from_row, row)

    def rejections(self, dataset_id: str) -> Iterator[Rejection]:
        """What was rejected while the dataset was made, in order."""
        for row in self._pages(_REJECTIONS_PAGE, dataset_id):
            yield self._decode(rejection_from_row, row)

    def set_splits(self, dataset_id: str, splits: Mapping[str, SplitName | None]) -> None:
        """Put samples on their side, all or none. Keys are ``StoredSample.id`` or ``Sample.id``; samples that are not
        named keep their side. Raises DatasetError for a sample that the dataset does not hold."""
        with self.database.transaction() as db:
            for sample_id, split in splits.items():
                # two statements, for an OR of both columns scans the dataset for every sample
                if not any(db.execute(sql, (split, dataset_id, sample_id)).rowcount for sql in _SET_SPLIT):
                    raise DatasetError(
                        f"Dataset {dataset_id} holds no sample {sample_id}.", fix="Read its samples again, then split."
                    )

    def _pages(self, sql: str, dataset_id: str) -> Iterator[sqlite3.Row]:
        # no cursor stays open between pages: a caller may write, or stop reading, at any time
        last = -1
        while rows := self.database.read(sql, (dataset_id, last, _PAGE_ROWS)):
            yield from rows
            last = rows[-1]["position"]

    def _decode(self, read_row: Callable[[Columns], _T], row: Any) -> _T:
        try:
            return read_row(row)
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(f"{self.path}: a row cannot be understood ({error}).", fix=RESTORE_FIX) from error


def _check_writable(db: sqlite3.Connection, record: DatasetRecord) -> None:
    for row in db.execute("SELECT id, name, status FROM datasets"):
        if row["id"] == record.id and row["status"] == "finished":
            raise DatasetError(
                f"Dataset {row['name']!r} is finished; it is never written again.",
                fix="Run again: the next dataset gets a name of its own.",
            )
        if row["id"] != record.id and _fold(row["name"]) == _fold(record.name):
            raise DatasetError(
                f"There is a dataset named {row['name']!r} already.", fix="Choose another output_name, or run again."
            )


def _insert_samples(db: sqlite3.Connection, rows: Iterable[dict[str, Any]]) -> None:
    try:
        db.executemany(_INSERT_SAMPLE, rows)
    except sqlite3.IntegrityError as error:
        raise DatasetError(
            f"The dataset holds the same conversation twice ({error}).",
            fix="Validate it first: duplicates are rejected there.",
        ) from error


def _not_found(wanted: str, known: Iterable[DatasetRecord], matches: list[DatasetRecord]) -> DatasetError:
    if len(matches) > 1:
        ids = ", ".join(record.id for record in matches[:5])
        return DatasetError(f"{wanted!r} is the beginning of several ids: {ids}.", fix="Give more of the id.")
    if matches:
        return DatasetError(
            f"Dataset {matches[0].name!r} is not finished.",
            fix="Run 'python -m src.main generate' with the same configuration: it goes on where it stopped.",
        )
    names = [record.name for record in known if record.status == "finished"]
    close = get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return DatasetError(f"There is no dataset {wanted!r}.", fix=f"Did you mean {', '.join(map(repr, close))}?")
    fix = "See 'python -m src.main datasets'." if names else "Make one with 'python -m src.main generate'."
    return DatasetError(f"There is no dataset {wanted!r}.", fix=fix)


def _fold(name: str) -> str:
    return normalize("NFC", name).casefold()
