"""Samples on disk while a run still chooses among them: a long log holds more of them than a memory should."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from pathlib import Path

from src.core.jsonl import storage_error
from src.core.types import Rejection, Sample

_IN_MEMORY_BYTES = 16_000_000
"""So much is never written to disk."""


class Shelf:
    """Samples and rejections by the place where each was put; all are gone with the shelf."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  (lives as long as this)
        self._end = 0
        weakref.finalize(self, self._file.close)

    def put(self, item: Sample | Rejection) -> int:
        """The place of ``item`` from now on. Raises StorageError when the disk does not take it."""
        place = self._end
        try:
            self._file.seek(place)
            pickle.dump(item, self._file, pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise storage_error(Path(tempfile.gettempdir()), error) from error
        self._end = self._file.tell()
        return place

    def get(self, place: int) -> Sample | Rejection:
        """What was put there."""
        self._file.seek(place)
        item: Sample | Rejection = pickle.load(self._file)  # noqa: S301  (a file without a name, written by this object)
        return item
