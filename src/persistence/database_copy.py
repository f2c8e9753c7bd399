"""One consistent copy of a database file, checked: what a backup and a restore are made of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from src.persistence.connection import BUSY_TIMEOUT_S, is_damaged, translated

SIDECARS = ("-wal", "-shm", "-journal")
"""What SQLite lays beside a database."""


@contextmanager
def opened(path: Path, mode: str = "rw", busy_timeout_s: float = BUSY_TIMEOUT_S) -> Iterator[sqlite3.Connection]:
    """An existing database file; errors inside the block are about that file."""
    address = f"{path.resolve().as_uri()}?mode={mode}"
    with (
        translated(path),
        closing(sqlite3.connect(address, uri=True, timeout=busy_timeout_s, isolation_level=None)) as db,
    ):
        yield db


def has_content(path: Path) -> bool:
    """Whether there is a file with anything in it."""
    return path.is_file() and path.stat().st_size > 0


def copy_database(source: sqlite3.Connection, part: Path) -> None:
    """Write one consistent state of ``source`` to ``part`` as a single self-contained file, and check it."""
    discard_copy(part)
    # a read transaction first, because Connection.backup retries a locked source for ever
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            problem = find_damage(copy)
    except sqlite3.Error as error:
        if is_damaged(error):  # the damage came from the source
            raise
        with translated(part):
            raise
    source.execute("ROLLBACK")
    if problem:
        raise _corrupt(problem)


def find_damage(db: sqlite3.Connection) -> str:
    """The first finding of SQLite's check; "" for a sound database."""
    finding: str = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    return "" if finding == "ok" else finding


def discard_copy(part: Path) -> None:
    """Remove an unfinished copy, and what SQLite laid beside it when the disk filled up."""
    for suffix in ("", *SIDECARS):
        part.with_name(f"{part.name}{suffix}").unlink(missing_ok=True)


def _corrupt(problem: str) -> sqlite3.DatabaseError:
    """What SQLite itself would raise on meeting the damage that its check found."""
    error = sqlite3.DatabaseError(problem)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error
