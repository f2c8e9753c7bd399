"""A backup that becomes the database again; the former one is kept."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from src.core.database_address import DatabaseAddress, DatabasePlace
from src.core.errors import StorageError
from src.core.jsonl import make_folder, storage_error
from src.persistence.backup import STAMP, preview_restore, store_backup
from src.persistence.connection import BUSY_TIMEOUT_S, is_damaged
from src.persistence.database_copy import SIDECARS, copy_database, discard_copy, find_damage, has_content, opened


class RestoreReport(NamedTuple):
    """The backup that is now the database, and where the former one lies (None when there was nothing to keep)."""

    restored: Path
    safety_copy: Path | None


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
        with opened(backup, "ro") as source:
            copy_database(source, part)
        safety_copy = _set_aside(target, folder, now or datetime.now(UTC), busy_timeout_s)
        _put_in_place(part, target)
    finally:
        discard_copy(part)
    return RestoreReport(backup, safety_copy)


def _set_aside(db: Path, folder: Path, now: datetime, busy_timeout_s: float) -> Path | None:
    """Copy the present database into ``folder`` while nobody else has it open, and fold its log into the file."""
    if not has_content(db):
        return None
    if _is_broken(db, busy_timeout_s):
        return _keep_damaged(db, folder, now)
    with opened(db, busy_timeout_s=busy_timeout_s) as present:
        # leaving WAL needs the file for oneself: fails while any other connection is open, even an idle one
        present.execute("PRAGMA journal_mode = DELETE")
        # the lock outlives its transaction, for a connection that is writing cannot be the source of a copy
        present.execute("PRAGMA locking_mode = EXCLUSIVE")
        present.execute("BEGIN EXCLUSIVE")
        present.execute("COMMIT")
        return store_backup(present, db, folder, now)


def _is_broken(db: Path, busy_timeout_s: float) -> bool:
    """Whether ``db`` is damaged; read-only, for a writing connection would tidy away what may still be rescued."""
    try:
        with opened(db, "ro", busy_timeout_s) as present:
            return bool(find_damage(present))
    except StorageError as error:
        if isinstance(error.__cause__, sqlite3.Error) and is_damaged(error.__cause__):
            return True
        raise


def _keep_damaged(db: Path, folder: Path, now: datetime) -> Path:
    kept = folder / f"{db.name}.corrupt-{now.astimezone(UTC).strftime(STAMP)}"
    try:
        shutil.copy2(db, kept)
        wal = db.with_name(f"{db.name}-wal")
        if has_content(wal):
            shutil.copy2(wal, kept.with_name(f"{kept.name}-wal"))
    except OSError as error:
        raise storage_error(kept, error) from error
    return kept


def _put_in_place(part: Path, db: Path) -> None:
    try:
        # the old log first: SQLite would apply it to the new file
        for suffix in SIDECARS:
            db.with_name(f"{db.name}{suffix}").unlink(missing_ok=True)
        part.replace(db)
    except OSError as error:
        raise storage_error(db, error) from error
