"""One writing run at a time in a folder: a lock that the operating system frees however its holder ends.

An advisory lock on an open file, not the mere presence of one, so that a killed run leaves nothing to clean up.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from src.core.errors import StorageError
from src.core.jsonl import make_folder, storage_error

_NOTE_BYTES = 200
_LOCKED_BYTE = 1_000_000  # Windows lets nobody read a locked byte: the note at the beginning stays readable


@contextmanager
def hold_run_lock(path: Path) -> Iterator[None]:
    """Hold the lock on the file ``path``, which is made where it is missing, while the block runs.

    Raises StorageError at once, naming the process, when another run holds it; also a second time in this process.
    """
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
            yield
        finally:
            _write_note(handle, "")


def _lock(handle: IO[bytes], path: Path) -> bool:
    """Take the lock without waiting; False when somebody has it. Closing the file frees it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(_LOCKED_BYTE)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        raise storage_error(path, error) from error
    return True


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
