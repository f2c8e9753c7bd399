"""The join of sets that do not fit into memory together: their keys lie in a file, read a window at a time.

The rows of a window are first compared with those kept before it, whose keys are read as they are needed, then with
each other: every row finds the same witness as in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import numpy as np

from src.core.errors import StorageError
from src.core.jsonl import storage_error
from src.utils.similarity import join_kernels as kernels
from src.utils.similarity.join_kernels import Numbers, Places, Postings, Results, Rows, Sets, Share

_BYTES: Final = 8
_MOST_PAIRS: Final = 1 << 20
"""Pairs of a row and a candidate that are held at a time, unless a single row has more."""


@dataclass(frozen=True, slots=True)
class Spill:
    """Where the keys lie, and how many of them are in memory at a time, twice."""

    folder: Path
    room: int = 1 << 23


class KeyFile:
    """Keys of sets in a file that is gone afterwards."""

    def __init__(self, spill: Spill) -> None:
        """Raises StorageError."""
        self._path = spill.folder / "keys.spilled"
        try:
            self._file: IO[bytes] = self._path.open("w+b", buffering=0)
        except OSError as error:
            raise storage_error(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def append(self, keys: Numbers) -> None:
        """Write keys behind those that are there. Raises StorageError."""
        left = np.ascontiguousarray(keys).data.cast("B")
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise storage_error(self._path, error) from error

    def read(self, place: int, into: memoryview) -> None:
        """Fill ``into`` with what begins with the ``place``-th key. Raises StorageError."""
        try:
            self._file.seek(place * _BYTES)
            count = self._file.readinto(into)  # type: ignore[attr-defined]
        except OSError as error:
            raise storage_error(self._path, error) from error
        if count != len(into):
            raise StorageError(f"{self._path} is shorter than what was written.", fix="Check the disk and run again.")


class SpilledSets:
    """Sets in the order in which they are compared, whose keys begin at ``places`` of a file."""

    def __init__(self, file: KeyFile, places: Places, kept: Rows, sizes: Rows, room: int) -> None:
        self._file = file
        self._places = places
        self._room = max(room, int(kept.max(initial=1)))
        self._keys = np.empty(2 * self._room, np.uint64)
        self._bytes = self._keys.data.cast("B")
        self.loaded = Sets(self._keys, np.zeros(len(places), np.int64), kept, sizes)
        """All sets; the keys are there of those that were loaded."""

    def windows(self) -> Iterator[tuple[int, int]]:
        """The sets in runs that fit into half of the memory, each loaded."""
        for first, last in self._runs(self.loaded.kept):
            self._load(np.arange(first, last), 0)
            yield first, last

    def load_beside(self, rows: Rows) -> Iterator[tuple[int, int]]:
        """Sets in runs that fit into the other half of the memory, each loaded: the places of its first one and behind
        its last one in ``rows``."""
        for first, last in self._runs(self.loaded.kept[rows]):
            self._load(rows[first:last].astype(np.int64), self._room)
            yield first, last

    def _runs(self, counts: Rows) -> Iterator[tuple[int, int]]:
        totals = np.cumsum(counts, dtype=np.int64)
        first = 0
        while first < len(counts):
            before = int(totals[first - 1]) if first else 0
            last = int(np.searchsorted(totals, before + self._room, side="right"))
            yield first, last
            first = last

    def _load(self, rows: Places, at: int) -> None:
        counts = self.loaded.kept[rows].astype(np.int64)
        starts = at + np.cumsum(counts) - counts
        self.loaded.starts[rows] = starts
        order = np.argsort(self._places[rows])
        columns = (self._places[rows][order].tolist(), starts[order].tolist(), (starts + counts)[order].tolist())
        for place, start, end in zip(*columns, strict=True):
            self._file.read(place, self._bytes[start * _BYTES : end * _BYTES])


def find_spilled(
    sets: SpilledSets, postings: Postings, share: Share, pinned: int, results: Results, report: Callable[[int], None]
) -> None:
    """What ``find_witnesses`` finds of all rows. ``report`` hears how many are done. Raises StorageError."""
    for first, last in sets.windows():
        row = max(first, pinned)
        while row < last:
            row, rows, others = kernels.collect_pairs(row, last, sets.loaded, postings, share, _MOST_PAIRS)
            _compare(rows, others, sets, share, results)
        kernels.find_witnesses((first, last), first, sets.loaded, postings, share, pinned, results)
        report(last)


def _compare(rows: Rows, others: Rows, sets: SpilledSets, share: Share, results: Results) -> None:
    """The candidates in their order, so that the first one that is similar is the witness."""
    order = np.lexsort((rows, others))
    rows, others = rows[order], others[order]
    wanted, firsts = np.unique(others, return_index=True)
    ends = np.append(firsts, len(others))
    for first, last in sets.load_beside(wanted):
        pairs = slice(int(ends[first]), int(ends[last]))
        kernels.compare_pairs(rows[pairs], others[pairs], sets.loaded, share, results)
