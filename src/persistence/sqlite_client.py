"""The store of datasets: begun, filled, arranged, finished, found again and read in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeVar

import orjson

from src.core.database_address import DatabasePlace
from src.core.errors import DatasetError, StorageError
from src.core.types import DatasetRecord, Rejection, RunFacts, SplitName
from src.persistence.connection import BUSY_TIMEOUT_S, RESTORE_FIX, Connection, open_database
from src.persistence.dataset_names import find_finished, find_running, fold
from src.persistence.dataset_writer import DatasetWriter, save_record
from src.persistence.models import (
    Columns,
    StoredSample,
    StoredTurns,
    dataset_from_row,
    make_dataset_id,
    rejection_from_row,
    sample_from_row,
    turns_from_rows,
)

_T = TypeVar("_T")
_PAGE_ROWS = 500

_CURRENT = """
    SELECT * FROM datasets WHERE deleted_at IS NULL AND NOT EXISTS
      (SELECT 1 FROM datasets AS later
       WHERE later.parent = datasets.id AND later.name = datasets.name AND later.status = 'finished')
    ORDER BY created_at DESC, rowid DESC"""
_SAMPLES = """
    SELECT *, position AS place FROM samples WHERE dataset_id = ? AND position > ? ORDER BY position LIMIT ?"""
# one pass for all files; metadata only where it may hold the worse answer of a pair
_TURNS = """
    SELECT content, coalesce(split, 'train') AS side,
      CASE WHEN metadata LIKE '%"rejected"%' THEN metadata END AS extras, position AS place
    FROM samples WHERE dataset_id = ? AND position > ? ORDER BY position LIMIT ?"""
_ARRIVALS = "SELECT *, rowid AS place FROM samples WHERE dataset_id = ? AND rowid > ? ORDER BY rowid LIMIT ?"
_PLACES = "SELECT rowid AS place FROM samples WHERE dataset_id = ? AND rowid > ? ORDER BY rowid LIMIT ?"
_HASHED = """
    SELECT content, split, topic_keywords, source_file, origin, span_start, span_end, locator, group_id, metadata,
      position AS place
    FROM samples WHERE dataset_id = ? AND position > ? ORDER BY position LIMIT ?"""
_SIDE = """
    SELECT *, position AS place FROM samples WHERE dataset_id = ? AND coalesce(split, 'train') = ? AND position > ?
    ORDER BY position LIMIT ?"""
_REJECTIONS = """
    SELECT *, position AS place FROM rejections WHERE dataset_id = ? AND position > ? ORDER BY position LIMIT ?"""
_ARRANGE = "UPDATE samples SET position = ?, split = ? WHERE rowid = ?"
_DELETE_SOME = (
    "DELETE FROM samples WHERE rowid IN (SELECT rowid FROM samples WHERE dataset_id = ? LIMIT ?)",
    "DELETE FROM rejections WHERE rowid IN (SELECT rowid FROM rejections WHERE dataset_id = ? LIMIT ?)",
)


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


class Store:
    """The database of datasets; a context manager. Keep one per process and pass it on."""

    def __init__(
        self, place: DatabasePlace, *, clock: Callable[[], datetime] = utc_now, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> None:
        """Open or create the database, bringing an older one to the present schema. Raises StorageError with a fix."""
        self.place = place
        self.clock = clock
        self.database = open_database(place, busy_timeout_s=busy_timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Safe to call twice."""
        self.database.close()

    def begin(self, record: DatasetRecord) -> DatasetWriter:
        """Note a dataset as running, so that it can be resumed under its name, and let it be filled.

        Beginning the same one again is allowed: what an unfinished run has left of it is removed. Raises DatasetError
        when the name belongs to another dataset, or this one is finished.
        """
        begun = replace(
            record,
            status="running",
            finished_at=None,
            total_samples=0,
            total_tokens=0,
            proposed=0,
            rejected={},
            run=RunFacts(),
        )
        with self.database.transaction() as db:
            _check_writable(db, begun)
            save_record(db, begun)
        self.empty(begun.id)
        return DatasetWriter(self.database, begun, self.clock)

    def derive(self, parent: DatasetRecord, reason: str, author: str = "") -> DatasetRecord:
        """The record of the next version of a finished dataset, made by ``author``: to be begun, filled and finished as
        any other.

        Until then ``parent`` is the dataset of that name, and afterwards it is still in the database, unchanged.
        """
        version = parent.version + 1
        return replace(
            parent,
            id=make_dataset_id(parent.id, str(version)),
            created_at=self.clock(),
            parent=parent.id,
            version=version,
            reason=reason,
            author=author,
            content_hash="",
        )

    def arrange(self, record: DatasetRecord, sides: Sequence[tuple[SplitName | None, Sequence[int]]]) -> None:
        """Put the samples of an unfinished dataset on their sides and into the order of its files.

        ``sides`` names every sample once, by its number in the order of arrival from 0. May be repeated. Raises
        DatasetError when ``record`` is not what is stored: another run has begun it anew.
        """
        self._require_unchanged(record)
        placed: list[tuple[int, SplitName | None]] = [(0, None)] * sum(len(numbers) for _, numbers in sides)
        in_order = ((side, number) for side, numbers in sides for number in numbers)
        for position, (side, number) in enumerate(in_order):
            placed[number] = (position, side)
        start = 0
        for rows in self._pages(_PLACES, record.id):
            changes = [(*place, row["place"]) for place, row in zip(placed[start:], rows, strict=False)]
            with self.database.transaction() as db:
                db.executemany(_ARRANGE, changes)
            start += len(rows)

    def mark_finished(self, record: DatasetRecord) -> DatasetRecord:
        """The end of a run whose files are written: from now on nothing is written under its name by another run.

        Raises DatasetError when it is finished already.
        """
        content_hash = self.hash_content(record.id)
        finished = replace(record, status="finished", finished_at=self.clock(), content_hash=content_hash)
        with self.database.transaction() as db:
            _check_writable(db, finished)
            save_record(db, finished)
        return finished

    def hash_content(self, dataset_id: str) -> str:
        """What a dataset holds as one hash: equal where the same samples, with all that is known of them but their
        tokens, stand in the same order on the same sides."""
        digest = hashlib.sha256()
        for page in self._pages(_HASHED, dataset_id):
            digest.update(b"".join(orjson.dumps(tuple(row)[:-1]) for row in page))
        return digest.hexdigest()

    def discard(self, record: DatasetRecord) -> None:
        """Forget an unfinished run and its rows, which frees its name; the answers of models stay in the journal.

        Raises DatasetError for a finished dataset.
        """
        with self.database.transaction() as db:
            _check_writable(db, record)
        self.empty(record.id)
        with self.database.transaction() as db:
            db.execute("DELETE FROM datasets WHERE id = ? AND status = 'running'", (record.id,))

    def empty(self, dataset_id: str) -> None:
        """Remove the rows of a dataset, a few hundred at a time."""
        for sql in _DELETE_SOME:
            deleted = _PAGE_ROWS
            while deleted == _PAGE_ROWS:
                with self.database.transaction() as db:
                    deleted = db.execute(sql, (dataset_id, _PAGE_ROWS)).rowcount

    def datasets(self) -> tuple[DatasetRecord, ...]:
        """Every dataset in its latest version, the newest first; ``status`` tells the unfinished ones."""
        return tuple(self._decode(dataset_from_row, row) for row in self.database.read(_CURRENT))

    def find(self, name_or_id: str) -> DatasetRecord:
        """The finished dataset of that name, id or unmistakable beginning of an id.

        Raises DatasetError with close matches when there is none.
        """
        return find_finished(self.datasets(), name_or_id)

    def latest(self) -> DatasetRecord | None:
        """The newest finished dataset."""
        return next((record for record in self.datasets() if record.status == "finished"), None)

    def unfinished(self, config_hash: str) -> DatasetRecord | None:
        """The newest run of that configuration that was begun and not finished."""
        rows = self.database.read(
            """SELECT * FROM datasets WHERE config_hash = ? AND status = 'running' AND version = 1
               ORDER BY created_at DESC, rowid DESC LIMIT 1""",
            (config_hash,),
        )
        return self._decode(dataset_from_row, rows[0]) if rows else None

    def free_name(self, wanted: str, exists: Callable[[str], bool] = lambda _name: False) -> str:
        """``wanted``, else ``wanted-2``, ``wanted-3`` ...: the first name without a dataset and without files.

        ``exists`` says whether files of a name lie on the disk. Names that differ only in case count as one, as they
        do in the file systems of macOS and Windows.
        """
        taken = {fold(row["name"]) for row in self.database.read("SELECT name FROM datasets")}
        candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
        return next(name for name in candidates if fold(name) not in taken and not exists(name))

    def has_id(self, dataset_id: str) -> bool:
        """Whether a dataset, finished or not, deleted or not, has that id."""
        return bool(self.database.read("SELECT 1 FROM datasets WHERE id = ?", (dataset_id,)))

    def find_unfinished(self, name: str) -> DatasetRecord:
        """The unfinished run of that name. Raises DatasetError when there is none."""
        return find_running(self.datasets(), name)

    def samples(self, dataset_id: str) -> Iterator[StoredSample]:
        """The samples of a dataset in the order of its files, a few hundred in memory at a time."""
        return self._rows(sample_from_row, _SAMPLES, dataset_id)

    def side(self, dataset_id: str, side: SplitName) -> Iterator[StoredSample]:
        """The samples of one file, in order; what was never split is training data."""
        return self._rows(sample_from_row, _SIDE, dataset_id, side)

    def turns(self, dataset_id: str) -> Iterator[StoredTurns]:
        """The conversations of a dataset in the order of its files, for a training file; faster than ``samples``."""
        for page in self._pages(_TURNS, dataset_id):
            try:
                yield from turns_from_rows(page)
            except ValueError as error:
                raise self._damaged(error) from error

    def arrivals(self, dataset_id: str) -> Iterator[StoredSample]:
        """The samples of a dataset in the order in which they were added."""
        return self._rows(sample_from_row, _ARRIVALS, dataset_id)

    def rejections(self, dataset_id: str) -> Iterator[Rejection]:
        """What was rejected while the dataset was made, in order."""
        return self._rows(rejection_from_row, _REJECTIONS, dataset_id)

    def _rows(self, read_row: Callable[[Columns], _T], sql: str, *parameters: str) -> Iterator[_T]:
        for page in self._pages(sql, *parameters):
            for row in page:
                yield self._decode(read_row, row)

    def _pages(self, sql: str, *parameters: str) -> Iterator[list[Any]]:
        # no cursor stays open between pages: a caller may write, or stop reading, at any time
        last = -1
        while rows := self.database.read(sql, (*parameters, last, _PAGE_ROWS)):
            yield rows
            last = rows[-1]["place"]

    def _require_unchanged(self, record: DatasetRecord) -> None:
        rows = self.database.read("SELECT * FROM datasets WHERE id = ?", (record.id,))
        if not rows or self._decode(dataset_from_row, rows[0]) != record:
            raise DatasetError(
                f"Another run has begun dataset {record.name!r} anew since these samples were made.",
                fix="Run again: answers that were paid for are not paid twice.",
            )

    def _decode(self, read: Callable[[Any], _T], row: Any) -> _T:
        try:
            return read(row)
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> StorageError:
        return StorageError(f"{self.place}: a row cannot be understood ({error}).", fix=RESTORE_FIX)


def _check_writable(db: Connection, record: DatasetRecord) -> None:
    for row in db.execute("SELECT id, name, status FROM datasets"):
        if row["id"] == record.id and row["status"] == "finished":
            raise DatasetError(
                f"Dataset {row['name']!r} is finished; it is never written again.",
                fix="Run again: the next dataset gets a name of its own.",
            )
        is_version = record.version > 1 and row["name"] == record.name
        if row["id"] != record.id and not is_version and fold(row["name"]) == fold(record.name):
            raise DatasetError(
                f"There is a dataset named {row['name']!r} already.", fix="Choose another output_name, or run again."
            )
