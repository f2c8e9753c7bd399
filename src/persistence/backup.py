"""Copies of the database: one before every write run, the newest kept. ``restore`` brings them back.

Only of a file of SQLite. What is on a PostgreSQL server is backed up there: ``pg_dump``, or what its host offers.
"""

from __future__ import annotations

import re
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from src.core.database_address import DatabaseAddress, DatabasePlace
from src.core.errors import StorageError
from src.core.jsonl import make_folder, storage_error
from src.persistence.connection import BUSY_TIMEOUT_S, OUR_TABLES, check_schema, table_names
from src.persistence.database_copy import copy_database, discard_copy, find_damage, has_content, opened
from src.persistence.migrations import LATEST, schema_version

KEPT_BACKUPS = 5
STAMP = "%Y%m%dT%H%M%S%fZ"
"""The time in the name of a copy."""
_STAMP_IN_NAME = re.compile(r"-(\d{8}T\d{12}Z)\.db$")
_STALE_PART_S = 3600.0


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
    if isinstance(db, DatabaseAddress) or not has_content(db):
        return None
    make_folder(folder)
    with opened(db, busy_timeout_s=busy_timeout_s) as source:
        if not _row_count(source):
            return None
        check_schema(source, db)
        made = store_backup(source, db, folder, now or datetime.now(UTC))
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
    with opened(backup, "ro") as db:
        names = tuple(row[0] for row in db.execute("SELECT name FROM datasets ORDER BY created_at DESC, rowid DESC"))
    return BackupPreview(info, names)


def store_backup(source: sqlite3.Connection, db: Path, folder: Path, now: datetime) -> Path:
    """Put a checked copy of ``source``, the open ``db``, into ``folder`` under a name that tells the time. Raises
    StorageError."""
    path = _free_path(db, folder, now)
    part = path.with_name(f"{path.name}.part")
    try:
        copy_database(source, part)
        part.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        discard_copy(part)
    return path


def _row_count(db: sqlite3.Connection) -> int:
    tables = table_names(db)
    if not tables >= OUR_TABLES:
        return 0
    rows: int = db.execute("SELECT count(*) FROM datasets").fetchone()[0]
    if "requests" in tables:
        rows += db.execute("SELECT count(*) FROM requests").fetchone()[0]
    return rows


def _free_path(db: Path, folder: Path, now: datetime) -> Path:
    moment = now.astimezone(UTC)
    while (path := folder / f"{db.stem}-{moment.strftime(STAMP)}.db").exists():
        moment += timedelta(microseconds=1)
    return path


def _describe(path: Path, *, thorough: bool = False) -> BackupInfo:
    created = _created_at(path)
    size = path.stat().st_size
    try:
        with opened(path, "ro") as db:
            if not table_names(db) >= OUR_TABLES:
                return BackupInfo(path, created, 0, 0, size, "it holds no datasets of this program")
            if schema_version(db) > LATEST:
                return BackupInfo(path, created, 0, 0, size, "it was written by a newer version of this program")
            datasets = db.execute("SELECT count(*) FROM datasets").fetchone()[0]
            samples = db.execute("SELECT count(*) FROM samples").fetchone()[0]
            problem = find_damage(db) if thorough else ""
    except StorageError as error:
        return BackupInfo(path, created, 0, 0, size, str(error.__cause__))
    return BackupInfo(path, created, datasets, samples, size, problem)


def _created_at(path: Path) -> datetime:
    """The time in the name of a backup; the time of the file for one that a person named."""
    stamp = _STAMP_IN_NAME.search(path.name)
    try:
        return datetime.strptime(stamp[1] if stamp else "", STAMP).replace(tzinfo=UTC)
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
            discard_copy(part)
