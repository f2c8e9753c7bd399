"""A large JSONL file in pieces of whole lines that can be read apart from each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from src.core.errors import InputFileError

LONGEST_LINE: Final = 10_000_000
"""Bytes of the longest line that is read: a row beyond it is no example that any model trains on."""
SPAN_BYTES: Final = 8 << 20
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


def read_lines(span: Span) -> list[bytes | None]:
    """The lines of a span without their ends; None for one that is longer than LONGEST_LINE, which is skipped without
    being held. Raises InputFileError."""
    try:
        with span.path.open("rb") as file:
            file.seek(span.start)
            lines = _few_lines(file, span) if span.end - span.start <= SPAN_BYTES + LONGEST_LINE else []
            lines = lines or list(_long_lines(file, span.end))
    except OSError as error:
        raise InputFileError(f"{span.path} cannot be read: {error.strerror}.", fix="Check the disk.") from error
    if span.start == 0 and lines and lines[0]:
        lines[0] = lines[0].removeprefix(_BOM)
    return lines


def _few_lines(file: IO[bytes], span: Span) -> list[bytes | None]:
    lines: list[bytes | None] = [*file.read(span.end - span.start).split(b"\n")]
    if not lines[-1]:
        lines.pop()
    return [None if line and len(line) > LONGEST_LINE else line for line in lines]


def _long_lines(file: IO[bytes], end: int) -> Iterator[bytes | None]:
    while file.tell() < end:
        line = file.readline(LONGEST_LINE + 2)
        if len(line.removesuffix(b"\n")) <= LONGEST_LINE:
            yield line.removesuffix(b"\n")
            continue
        yield None
        while line and not line.endswith(b"\n"):
            line = file.readline(_STEP)
