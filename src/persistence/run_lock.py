"""One writing run at a time in a folder: a lock that the operating system frees however its holder ends.

An advisory lock on an open file, not the mere presence of one, so that a killed run leaves nothing to clean up. Where
the database is on a server, also one on the database, for runs on other machines.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from src.core.database_address import DatabaseAddress
from src.core.errors import StorageError
from src.core.file_lock import take_lock
from src.core.jsonl import make_folder, storage_error
from src.core.workspace import LockPlace

_NOTE_BYTES = 200
_LOCKED_BYTE = 1_000_000  # Windows lets nobody read a locked byte: the note at the beginning stays readable


@contextmanager
def hold_run_lock(place: Path | LockPlace) -> Iterator[None]:
    """Hold the lock on a file, which is made where it is missing, while the block runs.

    Raises StorageError at once, naming the process, when another run holds it; also a second time in this process.
    """
    path, server = place if isinstance(place, LockPlace) else (place, None)
    make_folder(path.parent)
    try:
        handle = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise storage_error(path, error) from error
    with handle:
        if not _lock(handle, path):
            raise StorageError(
                f"Another run is writing in this folder{_read_note(handle)}.",
                fix="Wait until it has ended, or end it; then try again.",
            )
        _write_note(handle, f" (process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC)")
        try:
            with _lock_server(server, path.stem):
                yield
        finally:
            _write_note(handle, "")


def _lock_server(server: DatabaseAddress | None, name: str) -> AbstractContextManager[None]:
    if server is None:
        return nullcontext()
    from src.persistence.postgres import hold_server_lock

    return hold_server_lock(server, name)


def _lock(handle: IO[bytes], path: Path) -> bool:
    """Take the lock without waiting; False when somebody has it. Closing the file frees it."""
    try:
        return take_lock(handle, byte=_LOCKED_BYTE)
    except OSError as error:
        raise storage_error(path, error) from error


def _read_note(handle: IO[bytes]) -> str:
    handle.seek(0)
    return handle.read(_NOTE_BYTES).decode("utf-8", "replace")


def _write_note(handle: IO[bytes], note: str) -> None:
    """Say who holds the lock. It holds without the note too: a full disk is for the run itself to meet."""
    try:
        handle.seek(0)
        handle.truncate()
        handle.write(note.encode("utf-8"))
    except OSError:
        return
