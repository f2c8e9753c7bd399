"""The texts of documents that were read before: one folder per text under memory/, the least used go first."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from src.core.jsonl import storage_error

_UNFINISHED = ".part-"
_ABANDONED_S = 86_400
"""What a killed run left unfinished is removed after a day: until then it may belong to a run that goes on."""


class ReadingCache:
    """Folders by key, together at most ``max_mb`` megabytes; safe for several threads and several runs at once.

    It never looks into a folder: who reads one notices damage and drops it.
    """

    def __init__(self, root: Path, max_mb: int) -> None:
        """Open or create ``root``. Raises StorageError when it cannot be written."""
        self._root = root
        self._max_bytes = max_mb * 1_000_000
        self._grown = False
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_error(root, error) from error

    def find(self, key: str) -> Path | None:
        """The folder kept under ``key``; from now on it counts as used."""
        folder = self._root / key
        try:
            os.utime(folder)
        except OSError:
            return None
        return folder

    def new_folder(self) -> Path:
        """An empty folder beside the kept ones. Raises StorageError when the disk does not take it."""
        try:
            return Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._root))
        except OSError as error:
            raise storage_error(self._root, error) from error

    def keep(self, key: str, folder: Path) -> Path:
        """Move ``folder``, one of ``new_folder``, under ``key``: it appears whole. Where another run was faster, its
        folder stays."""
        kept = self._root / key
        self._grown = True
        try:
            folder.rename(kept)
        except OSError as error:
            if not kept.is_dir():
                raise storage_error(kept, error) from error
            self.drop(folder)
        return kept

    def drop(self, folder: Path) -> None:
        """Remove a folder of this cache."""
        shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove the least used folders beyond the limit, and what killed runs left behind."""
        if not self._grown:
            return
        total = 0
        for used_at, size, folder in sorted(self._entries(), reverse=True):
            total += size
            unfinished = folder.name.startswith(_UNFINISHED)
            if (unfinished and time.time() - used_at > _ABANDONED_S) or (not unfinished and total > self._max_bytes):
                self.drop(folder)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for folder in self._root.iterdir():
            with suppress(OSError):  # another run has removed it meanwhile
                size = sum(file.stat().st_size for file in folder.iterdir())
                yield folder.stat().st_mtime, size, folder
