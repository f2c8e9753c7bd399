"""Where spools lie: what any store of them offers, and the one that forgets them at the end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Protocol


class SpoolStore(Protocol):
    """Keeps finished spools by key. All methods may be called from several threads."""

    def find(self, key: str) -> Path | None:
        """The folder that was kept under ``key``."""
        ...

    def new_folder(self) -> Path:
        """An empty folder to write a spool into."""
        ...

    def keep(self, key: str, folder: Path) -> Path:
        """Keep ``folder`` under ``key``; returns where it lies from now on."""
        ...

    def drop(self, folder: Path) -> None:
        """Remove a folder of this store."""
        ...

    def close(self) -> None:
        """End of use."""
        ...


class TemporaryStore:
    """A store in the system's folder for temporary files: nothing is found again."""

    def __init__(self) -> None:
        self._root = tempfile.TemporaryDirectory(prefix="reading-", ignore_cleanup_errors=True)

    def find(self, _key: str) -> Path | None:
        """Nothing: every file is read anew."""
        return None

    def new_folder(self) -> Path:
        """An empty folder."""
        return Path(tempfile.mkdtemp(dir=self._root.name))

    def keep(self, _key: str, folder: Path) -> Path:
        """The folder stays where it is until the end."""
        return folder

    def drop(self, folder: Path) -> None:
        """Remove a folder."""
        shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove everything."""
        self._root.cleanup()
