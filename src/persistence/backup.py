"""Copies of the database: one before every write run, the newest kept, any of them brought back on request.

Only of a file of SQLite. What is on a PostgreSQL server is backed up there: ``pg_dump``, or what its host offers.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from src.core.database_address import DatabaseAddress, DatabasePlace
from src.core.errors import StorageError
from src.core.jsonl import make_folder, storage_error
from src.persistence.connection import BUSY_TIMEOUT_S, OUR_TABLES, check_schema, is_damaged, table_names, translated
from src.persistence.migrations import LATEST, schema_version

KEPT_BACKUPS = 5
_STAMP = "%Y%m%dT%H%M%S%fZ"
_STAMP_IN_NAME = re.compile(r"-(\d{8}T\d{12}Z)\.db$")
_STALE_PART_S = 3600.0
_SIDECARS = ("-wal", "-shm", "-journal")


class BackupInfo(NamedTuple):
    """One backup. ``problem`` is "" or says why it cannot be restored; the counts are then 0."""

    path: Path
    created_at: datetime
    datasets: int
    samples: int
    bytes: int
    problem: str = ""


class BackupPreview(NamedTuple):
    """What a restore would bring back: the names of the datasets, the newest first."""

    info: BackupInfo
    names: tuple[str, ...]


class RestoreReport(NamedTuple):
    """The backup that is now the database, and where the former one lies (None when there was nothing to keep)."""

    restored: Path
    safety_copy: Path | None


def backup_database(
    db: DatabasePlace,
    folder: Path,
    keep: int = KEPT_BACKUPS,
    *,
    now: datetime | None = None,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> Path | None:
    """Copy ``db`` into ``folder`` by SQLite's backup API, then delete all but the ``keep`` newest backups of it.

    The copy is one consistent state, also while another connection writes. None when there is nothing to lose: no
    database, one without a dataset and without a model answer, or one on a server, which is not ours to copy. Raises
    StorageError; a database that is damaged or of a newer version is never copied, so that it cannot push good backups
    out.
    """
    if isinstance(db, DatabaseAddress) or not _has_content(db):
        return None
    make_folder(folder)
    with _opened(db, busy_timeout_s=busy_timeout_s) as source:
        if not _row_count(source):
            return None
        check_schema(source, db)
        made = _snapshot(source, db, folder, now or datetime.now(UTC))
    _prune(db, folder, keep, made)
    return made


def list_backups(folder: Path) -> tuple[BackupInfo, ...]:
    """Every backup in ``folder``, the newest first, unreadable ones with their problem."""
    paths = [path for path in folder.glob("*.db") if path.is_file() and _STAMP_IN_NAME.search(path.name)]
    return tuple(sorted((_describe(path) for path in paths), key=lambda info: info.created_at, reverse=True))


def find_backup(folder: Path, name: str) -> Path:
    """The backup that a person means by ``name``: a file name in ``folder``, a path, or ``latest``.

    Raises StorageError with the names that there are.
    """
    usable = [info.path for info in list_backups(folder) if not info.problem]
    if name == "latest" and usable:
        return usable[0]
    candidates = [folder / name, Path(name)] if name and "\0" not in name else []
    for path in candidates:
        if path.is_file():
            return path
    names = ", ".join(path.name for path in usable) or "none yet"
    raise StorageError(f"There is no backup {name!r}.", fix=f"Backups in {folder}: {names}.")


def preview_restore(backup: Path) -> BackupPreview:
    """What ``backup`` holds. Raises StorageError when it is damaged, or not a database of this program."""
    if not backup.is_file():
        raise StorageError(f"There is no backup {backup}.", fix="See 'python -m src.main datasets backups'.")
    info = _describe(backup, thorough=True)
    if info.problem:
        raise StorageError(
            f"{backup} cannot be restored: {info.problem}.",
            fix="Choose another one of 'python -m src.main datasets backups'.",
        )
    with _opened(backup, "ro") as db:
        names = tuple(row[0] for row in db.execute("SELECT name FROM datasets ORDER BY created_at DESC, rowid DESC"))
    return BackupPreview(info, names)


def restore_backup(
    db: DatabasePlace,
    backup: Path,
    folder: Path,
    *,
    now: datetime | None = None,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> RestoreReport:
    """Make ``backup`` the database, after checking it and copying the present one into ``folder``.

    A damaged present database is kept as ``<name>.corrupt-<time>``. Raises StorageError, with everything left as it
    was, when the backup is not usable or anything, this program included, has the database open, and for a database on
    a server.
    """
    if isinstance(db, DatabaseAddress):
        raise StorageError(
            f"{backup} is a copy of a SQLite file, and the datasets are kept in the {db}.",
            fix="Leave DATABASE_URL out to work with the file; restore PostgreSQL with pg_restore.",
        )
    target = db.resolve()
    if target.exists() and backup.exists() and backup.samefile(target):
        raise StorageError(f"{backup} is the present database itself.", fix="Give the path of a backup.")
    preview_restore(backup)
    make_folder(folder)
    make_folder(target.parent)
    part = target.with_name(f"{target.name}.restore.part")
    try:
        with _opened(backup, "ro") as source:
            _copy(source, part)
        safety_copy = _set_aside(target, folder, now or datetime.now(UTC), busy_timeout_s)
        _put_in_place(part, target)
    finally:
        _discard(part)
    return RestoreReport(backup, safety_copy)


@contextmanager
def _opened(path: Path, mode: str = "rw", busy_timeout_s: float = BUSY_TIMEOUT_S) -> Iterator[sqlite3.Connection]:
    """An existing database file; errors inside the block are about that file."""
    address = f"{path.resolve().as_uri()}?mode={mode}"
    with (
        translated(path),
        closing(sqlite3.connect(address, uri=True, timeout=busy_timeout_s, isolation_level=None)) as db,
    ):
        yield db


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _row_count(db: sqlite3.Connection) -> int:
    tables = table_names(db)
    if not tables >= OUR_TABLES:
        return 0
    rows: int = db.execute("SELECT count(*) FROM datasets").fetchone()[0]
    if "requests" in tables:
        rows += db.execute("SELECT count(*) FROM requests").fetchone()[0]
    return rows


def _snapshot(source: sqlite3.Connection, db: Path, folder: Path, now: datetime) -> Path:
    path = _free_path(db, folder, now)
    part = path.with_name(f"{path.name}.part")
    try:
        _copy(source, part)
        part.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        _discard(part)
    return path


def _free_path(db: Path, folder: Path, now: datetime) -> Path:
    moment = now.astimezone(UTC)
    while (path := folder / f"{db.stem}-{moment.strftime(_STAMP)}.db").exists():
        moment += timedelta(microseconds=1)
    return path


def _discard(part: Path) -> None:
    """Remove an unfinished copy, and what SQLite laid beside it when the disk filled up."""
    for suffix in ("", *_SIDECARS):
        part.with_name(f"{part.name}{suffix}").unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, part: Path) -> None:
    """Write one consistent state of ``source`` to ``part`` as a single self-contained file, and check it."""
    _discard(part)
    # a read transaction first, because Connection.backup retries a locked source for ever
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            problem = _damage(copy)
    except sqlite3.Error as error:
        if is_damaged(error):  # the damage came from the source
            raise
        with translated(part):
            raise
    source.execute("ROLLBACK")
    if problem:
        raise _corrupt(problem)


def _corrupt(problem: str) -> sqlite3.DatabaseError:
    """What SQLite itself would raise on meeting the damage that its check found."""
    error = sqlite3.DatabaseError(problem)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error


def _damage(db: sqlite3.Connection) -> str:
    """The first finding of SQLite's check; "" for a sound database."""
    finding: str = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    return "" if finding == "ok" else finding


def _describe(path: Path, *, thorough: bool = False) -> BackupInfo:
    created = _created_at(path)
    size = path.stat().st_size
    try:
        with _opened(path, "ro") as db:
            if not table_names(db) >= OUR_TABLES:
                return BackupInfo(path, created, 0, 0, size, "it holds no datasets of this program")
            if schema_version(db) > LATEST:
                return BackupInfo(path, created, 0, 0, size, "it was written by a newer version of this program")
            datasets = db.execute("SELECT count(*) FROM datasets").fetchone()[0]
            samples = db.execute("SELECT count(*) FROM samples").fetchone()[0]
            problem = _damage(db) if thorough else ""
    except StorageError as error:
        return BackupInfo(path, created, 0, 0, size, str(error.__cause__))
    return BackupInfo(path, created, datasets, samples, size, problem)


def _created_at(path: Path) -> datetime:
    """The time in the name of a backup; the time of the file for one that a person named."""
    stamp = _STAMP_IN_NAME.search(path.name)
    try:
        return datetime.strptime(stamp[1] if stamp else "", _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _prune(db: Path, folder: Path, keep: int, made: Path) -> None:
    """Delete the oldest backups of ``db`` past ``keep``, never the one just made (the clock may have gone back)."""
    ours = re.compile(re.escape(db.stem) + r"-\d{8}T\d{12}Z\.db")
    others = sorted((path for path in folder.iterdir() if ours.fullmatch(path.name) and path != made), reverse=True)
    for path in others[max(0, keep - 1) :]:
        path.unlink(missing_ok=True)
    for part in folder.glob(f"{db.stem}-*Z.db.part"):  # left by a kill
        if time.time() - part.stat().st_mtime > _STALE_PART_S:
            _discard(part)


def _set_aside(db: Path, folder: Path, now: datetime, busy_timeout_s: float) -> Path | None:
    """Copy the present database into ``folder`` while nobody else has it open, and fold its log into the file."""
    if not _has_content(db):
        return None
    if _is_broken(db, busy_timeout_s):
        return _keep_damaged(db, folder, now)
    with _opened(db, busy_timeout_s=busy_timeout_s) as present:
        # leaving WAL needs the file for oneself: fails while any other connection is open, even an idle one
        present.execute("PRAGMA journal_mode = DELETE")
        # the lock outlives its transaction, for a connection that is writing cannot be the source of a copy
        present.execute("PRAGMA locking_mode = EXCLUSIVE")
        present.execute("BEGIN EXCLUSIVE")
        present.execute("COMMIT")
        return _snapshot(present, db, folder, now)


def _is_broken(db: Path, busy_timeout_s: float) -> bool:
    """Whether ``db`` is damaged; read-only, for a writing connection would tidy away what may still be rescued."""
    try:
        with _opened(db, "ro", busy_timeout_s) as present:
            return bool(_damage(present))
    except StorageError as error:
        if isinstance(error.__cause__, sqlite3.Error) and is_damaged(error.__cause__):
            return True
        raise


def _keep_damaged(db: Path, folder: Path, now: datetime) -> Path:
    kept = folder / f"{db.name}.corrupt-{now.astimezone(UTC).strftime(_STAMP)}"
    try:
        shutil.copy2(db, kept)
        wal = db.with_name(f"{db.name}-wal")
        if _has_content(wal):
            shutil.copy2(wal, kept.with_name(f"{kept.name}-wal"))
    except OSError as error:
        raise storage_error(kept, error) from error
    return kept


def _put_in_place(part: Path, db: Path) -> None:
    try:
        # the old log first: SQLite would apply it to the new file
        for suffix in _SIDECARS:
            db.with_name(f"{db.name}{suffix}").unlink(missing_ok=True)
        part.replace(db)
    except OSError as error:
        raise storage_error(db, error) from error
