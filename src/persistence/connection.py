"""One connection to the database: what the store asks of it, and SQLite, which gives it without a detour.

SQL is written as SQLite takes it. ``src/persistence/postgres.py`` gives the same over PostgreSQL.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from src.core.database_address import DatabasePlace
from src.core.errors import StorageError
from src.core.jsonl import make_folder
from src.persistence.migrations import LATEST, migrate, schema_version

RESTORE_FIX = (
    "List the backups with 'python -m src.main datasets backups', then bring one back with "
    "'python -m src.main datasets restore BACKUP'; the present file is kept aside."
)
BUSY_TIMEOUT_S = 10.0
# files hold samples in shuffled order: with SQLite's own 2 MB nearly every row is a page that is read anew
_CACHE_KIB = 32_000
OUR_TABLES = frozenset({"datasets", "samples"})

# Result codes by prefix (https://www.sqlite.org/rescode.html): what happened, what to do.
_CAUSES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED"),
        "another run is using the database",
        "Wait until the other run has ended, or end it, then try again.",
    ),
    (("SQLITE_NOTADB", "SQLITE_CORRUPT"), "the database is damaged", RESTORE_FIX),
    (
        ("SQLITE_FULL",),
        "the disk is full",
        "Free some space and run again; nothing that was finished is lost.",
    ),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH"),
        "the database is read-only",
        "Check the permissions of the file and its folder.",
    ),
    (
        ("SQLITE_CANTOPEN",),
        "the database cannot be opened",
        "Check that the path is a file and that its folder can be written.",
    ),
    (
        ("SQLITE_IOERR",),
        "the disk did not take or give the data",
        "Check the free space, quota and health of the disk, then run again; nothing that was finished is lost.",
    ),
)


class Cursor(Protocol):
    """The rows of a statement; each gives its columns by name and by number."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What is written to within a transaction. Parameters stand as ``?`` or ``:name``."""

    @property
    def IntegrityError(self) -> type[Exception]:  # noqa: N802 - so PEP 249 names it
        """What a statement raises that a constraint of the schema forbids."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor: ...
    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor: ...


class Database(Protocol):
    """An open database of the latest schema. One connection, safe to share between threads of one process."""

    def read(self, sql: str, parameters: tuple[Any, ...] | Mapping[str, Any] = (), /) -> list[Any]:
        """All rows of a query that is known to be small."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """A block of writes that is stored whole when it ends well, and not at all when it does not. It waits for
        every other writer: what it reads stays true until it ends."""

    def close(self) -> None:
        """Close the connection. Safe to call twice."""


def open_database(place: DatabasePlace, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Database:
    """Open or create the database at ``place``. Raises StorageError with a fix."""
    if isinstance(place, Path):
        return SqliteDatabase(place, busy_timeout_s=busy_timeout_s)
    from src.persistence.postgres import PostgresDatabase

    return PostgresDatabase(place, busy_timeout_s=busy_timeout_s)


class SqliteDatabase:
    """A database in a file; see ``Database``."""

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        """Open or create ``path`` and its folder. Raises StorageError when that is not possible, when the file is
        damaged, belongs to another program, or was written by a newer version of this one."""
        self.path = path
        self._lock = threading.RLock()
        make_folder(path.parent)
        with translated(path):
            # autocommit: transactions are begun and ended below, never by the driver's guess
            self._db = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def read(self, sql: str, parameters: tuple[Any, ...] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query that is known to be small."""
        with self._lock, translated(self.path):
            return self._db.execute(sql, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A block of writes that is stored whole when it ends well, and not at all when it does not."""
        with self._lock, translated(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # SQLite rolls back by itself when the disk is full
                    self._db.execute("ROLLBACK")
                raise

    def vacuum(self) -> None:
        """Write the file anew without its free pages. Raises StorageError while another process is writing."""
        with self._lock, translated(self.path):
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection. Safe to call twice."""
        with self._lock:
            self._db.close()

    def _prepare(self) -> None:
        with translated(self.path):
            check_schema(self._db, self.path)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            # FULL: an answer that was paid for also survives a power cut, for one fsync per answer
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            migrate(self._db)


def check_schema(db: sqlite3.Connection, path: Path) -> None:
    """Raise StorageError when ``path`` belongs to another program or to a newer version of this one."""
    version = schema_version(db)
    if version > LATEST:
        raise StorageError(
            f"{path} was written by a newer version of this program (schema {version}, known up to {LATEST}).",
            fix="Update the program, or restore an older backup with 'python -m src.main datasets restore BACKUP'.",
        )
    tables = table_names(db)
    if tables and not tables >= OUR_TABLES:
        raise StorageError(
            f"{path} is the database of another program (it holds {', '.join(sorted(tables)[:3])}).",
            fix="Move that file away; a new database is made by the next run.",
        )


def table_names(db: sqlite3.Connection) -> frozenset[str]:
    """The tables of a database; raises sqlite3.DatabaseError when the file is no database."""
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'")
    return frozenset(row[0] for row in rows)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite reports about the file into a StorageError with cause and fix; errors of our SQL stay."""
    try:
        yield
    except sqlite3.Error as error:
        known = explain(path, error)
        if known is None:
            raise
        raise known from error


def explain(path: Path, error: sqlite3.Error) -> StorageError | None:
    """The StorageError for a result code of SQLite about the file or the disk; None for any other."""
    code = getattr(error, "sqlite_errorname", "")
    for prefixes, cause, fix in _CAUSES:
        if code.startswith(prefixes):
            return StorageError(f"{path}: {cause} ({error}).", fix=fix)
    return None


def is_damaged(error: sqlite3.Error) -> bool:
    """True when SQLite says that the file is no database, or a broken one."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))
