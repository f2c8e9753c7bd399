"""A large JSONL file in pieces of whole lines that can be read apart from each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from src.core.errors import InputFileError

Places = NDArray[np.int64]

LONGEST_LINE: Final = 10_000_000
"""Bytes of the longest line that is read: a row beyond it is no example that any model trains on."""
SPAN_BYTES: Final = 1 << 20
_STEP: Final = 1 << 16
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes ``start`` to ``end`` of a file: whole lines. ``name`` is what the person calls the file."""

    path: Path
    name: str
    start: int
    end: int


def split_file(path: Path, name: str, size: int = SPAN_BYTES) -> list[Span]:
    """The file in spans of about ``size`` bytes, none where it is empty. Raises InputFileError."""
    try:
        with path.open("rb") as file:
            return list(_spans(path, name, file, size))
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error


def _spans(path: Path, name: str, file: IO[bytes], size: int) -> Iterator[Span]:
    total = file.seek(0, 2)
    start = 0
    while start < total:
        end = _line_end(file, start + size, total)
        yield Span(path, name, start, end)
        start = end


def _line_end(file: IO[bytes], place: int, total: int) -> int:
    """Where the line ends that holds the byte before ``place``."""
    place = min(place, total) - 1
    file.seek(place)
    while place < total:
        read = file.read(_STEP)
        found = read.find(b"\n")
        if found >= 0:
            return place + found + 1
        place += len(read)
    return total


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a span: the n-th one is ``data[starts[n]:ends[n]]``. One that is longer than LONGEST_LINE is in
    ``too_long``, and what stands in its place means nothing."""

    data: bytes
    starts: Places
    ends: Places
    too_long: frozenset[int]

    def __len__(self) -> int:
        return len(self.starts)

    def line(self, number: int) -> bytes | None:
        """One line without its end, None for one that is too long."""
        return None if number in self.too_long else self.data[self.starts[number] : self.ends[number]]


def read_lines(span: Span) -> Lines:
    """The lines of a span; what is too long is not held. Raises InputFileError."""
    try:
        with span.path.open("rb") as file:
            file.seek(span.start)
            if span.end - span.start <= SPAN_BYTES + LONGEST_LINE:
                data, cut = file.read(span.end - span.start), frozenset[int]()
            else:
                data, cut = _without_long_lines(file, span.end)
    except OSError as error:
        raise InputFileError(f"{span.path} cannot be read: {error.strerror}.", fix="Check the disk.") from error
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.append(0, ends[:-1] + 1)
    if span.start == 0 and data.startswith(_BOM):
        starts[0] = len(_BOM)
    return Lines(data, starts, ends, cut | {*np.flatnonzero(ends - starts > LONGEST_LINE).tolist()})


def _without_long_lines(file: IO[bytes], end: int) -> tuple[bytes, frozenset[int]]:
    """What a span holds with an empty line in place of each long one, and the numbers of these."""
    found: list[bytes] = []
    cut: set[int] = set()
    while file.tell() < end:
        line = file.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            cut.add(len(found))
            while line and not line.endswith(b"\n"):
                line = file.readline(_STEP)
            line = b"\n"
        found.append(line)
    return b"".join(found), frozenset(cut)
