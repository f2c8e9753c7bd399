"""The empty git directory through which a repository is read: a temporary folder that no process leaves for good."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from src.core.file_lock import lock_where_possible, take_lock

_PREFIX: Final = "git-reading-"
_LOCK: Final = "in-use"
"""Locked as long as the process lives that made the folder: what a killed one has left is known by it."""
_IS_WINDOWS: Final = sys.platform == "win32"


class EmptyGitFolder:
    """A bare git directory without objects, names or configuration of anybody else; ``path`` is gone when this object
    is. ``shallow`` is the list of cut commits of the repository, which is copied where it is there.

    Folders of processes that were killed are removed first.
    """

    def __init__(self, object_format: str, shallow: Path) -> None:
        remove_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = _lock(self.path)
        weakref.finalize(self, _remove, self.path, lock)
        (self.path / "refs").mkdir()
        (self.path / "objects").mkdir()
        (self.path / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        version = 0 if object_format == "sha1" else 1
        extension = "" if object_format == "sha1" else f"[extensions]\n\tobjectFormat = {object_format}\n"
        config = f"[core]\n\trepositoryformatversion = {version}\n\tbare = true\n{extension}"
        (self.path / "config").write_text(config, encoding="ascii")
        if shallow.is_file():
            shutil.copyfile(shallow, self.path / "shallow")


def remove_abandoned() -> None:
    """Remove the folders of this user whose processes have ended without doing so."""
    for folder in _own_folders():
        with suppress(OSError):  # without a lock, or another process is removing it
            with (folder / _LOCK).open("rb+") as handle:
                is_abandoned = take_lock(handle)
            if is_abandoned:
                shutil.rmtree(folder, ignore_errors=True)


def _own_folders() -> Iterator[Path]:
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False) and _is_mine(entry):
                yield Path(entry.path)


def _is_mine(entry: os.DirEntry[str]) -> bool:
    """Whether this user has made it: in a folder that all share, anybody may take such a name."""
    if sys.platform == "win32":  # where every user has a folder of their own
        return True
    return entry.stat(follow_symlinks=False).st_uid == os.getuid()


def _lock(folder: Path) -> IO[bytes]:
    """The file by which others know that ``folder`` is in use; it gets its name when it is locked."""
    new = folder / (_LOCK if _IS_WINDOWS else f"{_LOCK}.new")  # an open file cannot be renamed there
    handle = new.open("wb")
    lock_where_possible(handle)
    if not _IS_WINDOWS:
        new.rename(folder / _LOCK)
    return handle


def _remove(folder: Path, lock: IO[bytes]) -> None:
    lock.close()
    shutil.rmtree(folder, ignore_errors=True)
