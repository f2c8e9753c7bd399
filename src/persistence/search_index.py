"""The full-text index of the stored samples: a file of its own beside the database, that can be made anew at any time.

A file of its own, because everything in it stands in the database: backups stay small, a run that stores samples pays
nothing for it, and it is the same for every kind of database. It is brought up to date before a search.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from src.core.errors import StorageError
from src.core.jsonl import make_folder, storage_error
from src.core.types import DatasetRecord, SplitName
from src.persistence.connection import BUSY_TIMEOUT_S, is_damaged, translated
from src.persistence.index_spans import IndexSpan, condition_of, is_mostly_dead, span_of
from src.persistence.index_words import TOKENIZER, quoted, space_out, words_of
from src.persistence.models import to_timestamp
from src.persistence.sqlite_client import Store

FORMAT: Final = 1
"""Of the index. One of another format is made anew."""
COUNTED: Final = 10_000
"""Matches are counted, and put in order, up to so many; of more, the newest come first: to rank one takes microseconds,
and a word that stands in every other sample says little."""
_PAGE_ROWS: Final = 2_000
_HELD_BYTES: Final = 64 << 20
"""Words that are held in memory before they are written: the default of 1 MB takes twice the time."""

_TABLES: Final = (
    f"CREATE VIRTUAL TABLE words USING fts5(text, keywords, source, side, content='', tokenize='{TOKENIZER}')",
    f"INSERT INTO words(words, rank) VALUES ('hashsize', {_HELD_BYTES})",  # noqa: S608 - a number
    """CREATE TABLE spans (
         dataset_id TEXT NOT NULL,
         finished_at TEXT NOT NULL,
         first INTEGER NOT NULL,  -- the number of a sample is first + its position
         last INTEGER NOT NULL,
         is_live INTEGER NOT NULL,
         PRIMARY KEY (dataset_id, finished_at)
       )""",
)
_ROWS: Final = """
    SELECT content, topic_keywords, source_file, split, metadata, position FROM samples
    WHERE dataset_id = ? AND position > ? ORDER BY position LIMIT ?"""
_INSERT: Final = "INSERT INTO words(rowid, text, keywords, source, side) VALUES (?, ?, ?, ?, ?)"
_WEIGHTS: Final = "bm25(words, 1.0, 3.0, 2.0, 0.0)"


class Hit(NamedTuple):
    """A sample that matches, by its dataset version and its position there; the higher the score the better."""

    dataset_id: str
    position: int
    score: float


class Hits(NamedTuple):
    """The best matches in their order. ``total`` is how many there are in all, at most COUNTED + 1; ``is_ranked`` is
    False where there are more, and these are the newest."""

    hits: tuple[Hit, ...]
    total: int
    is_ranked: bool


OnIndexed = Callable[[DatasetRecord, int], None]
"""Hears how many samples of a dataset are in the index."""


class SearchIndex:
    """An open index; a context manager."""

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        """Open or create the index at ``path``; one that is damaged or of another format is made anew. Raises
        StorageError, also where the SQLite of this Python has no full-text search."""
        self._path = path
        make_folder(path.parent)
        with translated(path):
            try:
                self._db = _open(path, busy_timeout_s)
            except sqlite3.DatabaseError as error:
                if not is_damaged(error):
                    raise
                _remove(path)
                self._db = _open(path, busy_timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def update(self, store: Store, on_indexed: OnIndexed = lambda _record, _rows: None) -> None:
        """Take in every finished dataset of ``store`` that is new, and let go of what is no latest version any more.

        Each dataset is taken in whole or not at all. Raises StorageError, also while another search does the same.
        """
        # the oldest first: the higher a number, the newer the sample
        oldest_first = reversed(store.datasets())
        wanted = {_key(record): record for record in oldest_first if record.status == "finished"}
        with _explained(self._path):
            self._mark(wanted)
            if is_mostly_dead(self._spans()):
                self._clear()
            known = {(span.dataset_id, span.finished_at) for span in self._spans()}
            for key, record in wanted.items():
                if key not in known:
                    self._take_in(store, record, key, on_indexed)

    def search(
        self,
        query: str,
        *,
        datasets: Sequence[str] = (),
        side: SplitName | None = None,
        source: str = "",
        limit: int = 20,
    ) -> Hits:
        """The best ``limit`` matches of ``query``, an expression of FTS5 over texts, keywords and source files, in the
        versions of ``datasets`` (none: all); ``source`` are words of the name of the source file, in their order."""
        asked = " AND ".join(
            [
                f"{{text keywords source}} : ({query})",
                *([f"side : {quoted(side)}"] if side else []),
                *([f"source : {quoted(space_out(source))}"] if source else []),
            ]
        )
        # in one transaction: another process may make the index anew meanwhile, and numbers then mean other samples
        with _explained(self._path), self._reading():
            spans = self._spans()
            where = condition_of(spans, datasets)
            if where is None:
                return Hits((), 0, is_ranked=True)
            matching = f"FROM words WHERE words MATCH ?{where}"
            counted = f"SELECT count(*) FROM (SELECT 1 {matching} LIMIT {COUNTED + 1})"  # noqa: S608 - numbers alone
            total: int = self._db.execute(counted, (asked,)).fetchone()[0]
            is_ranked = total <= COUNTED
            score, order = (_WEIGHTS, "score, rowid DESC") if is_ranked else ("0.0", "rowid DESC")
            rows = self._db.execute(
                f"SELECT rowid, {score} AS score {matching} ORDER BY {order} LIMIT ?", (asked, limit)
            ).fetchall()
        return Hits(tuple(_hit(span_of(spans, number), number, score) for number, score in rows), total, is_ranked)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """The index as it is at the first look."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _spans(self) -> list[IndexSpan]:
        return [IndexSpan(*row) for row in self._db.execute("SELECT * FROM spans ORDER BY first")]

    def _mark(self, wanted: dict[tuple[str, str], DatasetRecord]) -> None:
        changed = [
            (int(not span.is_live), span.dataset_id, span.finished_at)
            for span in self._spans()
            if bool(span.is_live) != ((span.dataset_id, span.finished_at) in wanted)
        ]
        if changed:
            self._db.executemany("UPDATE spans SET is_live = ? WHERE dataset_id = ? AND finished_at = ?", changed)

    def _clear(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("INSERT INTO words(words) VALUES ('delete-all')")
        self._db.execute("DELETE FROM spans")
        self._db.execute("COMMIT")

    def _take_in(self, store: Store, record: DatasetRecord, key: tuple[str, str], on_indexed: OnIndexed) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if self._db.execute("SELECT 1 FROM spans WHERE dataset_id = ? AND finished_at = ?", key).fetchone():
                self._db.execute("ROLLBACK")  # another process was faster
                return
            next_number = self._db.execute("SELECT coalesce(max(last) + 1, 1) FROM spans").fetchone()[0]
            done, last = 0, -1
            for rows in _pages(store, record.id):
                self._db.executemany(_INSERT, [words_of(row, next_number) for row in rows])
                done, last = done + len(rows), rows[-1]["position"]
                on_indexed(record, done)
            first, end = next_number, next_number + max(last, 0)
            self._db.execute("INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?, 1)", (*key, first, end))
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """As ``translated``; of a damaged index nothing is lost."""
    try:
        with translated(path):
            yield
    except StorageError as error:
        if isinstance(error.__cause__, sqlite3.Error) and is_damaged(error.__cause__):
            raise StorageError(
                f"{path}: the search index is damaged.", fix="Delete this file and search again: it is made anew."
            ) from error
        raise


def _open(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None)
    try:
        # what a power cut takes is made anew
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            _create(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _create(db: sqlite3.Connection, path: Path) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:  # again: another process may have been faster
            for table in ("words", "spans"):
                db.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _TABLES:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {FORMAT}")
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        db.execute("ROLLBACK")
        if "fts5" not in str(error):
            raise
        raise StorageError(
            f"{path}: the SQLite of this Python has no full-text search (FTS5).",
            fix="Use a Python of python.org, Homebrew or your system: theirs have it.",
        ) from error


def remove_index(path: Path) -> None:
    """Remove the index of ``path`` with every word in it, where there is one: the next search makes it anew. (The words
    of single samples cannot be taken out: it does not hold their texts.) Raises StorageError."""
    try:
        _remove(path)
    except OSError as error:
        raise storage_error(path, error) from error


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def _key(record: DatasetRecord) -> tuple[str, str]:
    """A version that was removed and made again has the same id."""
    return record.id, to_timestamp(record.finished_at) if record.finished_at else ""


def _pages(store: Store, dataset_id: str) -> Iterator[list[Any]]:
    last = -1
    while rows := store.database.read(_ROWS, (dataset_id, last, _PAGE_ROWS)):
        yield rows
        last = rows[-1]["position"]


def _hit(span: IndexSpan, number: int, score: float) -> Hit:
    return Hit(span.dataset_id, number - span.first, -score)
