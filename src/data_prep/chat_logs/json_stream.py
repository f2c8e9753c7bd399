"""Reads JSON files of any size value by value: the elements of an array, JSON lines, or one object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any, NamedTuple

import orjson

from src.core.errors import InputFileError

Json = dict[str, Any] | list[Any]

_STEP = 1 << 20
_SMALLEST = 1 << 12
_LARGEST_VALUE = 1 << 29
"""Bytes of one value at most: it is held in memory whole."""

_BLANK = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_TRAILING = "unexpected content after"
_UNFINISHED = "unexpected end of data"
# Takes what orjson refuses and programs write all the same: halves of surrogate pairs, bare control characters, NaN.
_LENIENT = json.JSONDecoder(strict=False)


class BrokenJsonError(InputFileError):
    """A file is no JSON, or breaks off."""


class _UnfinishedError(ValueError):
    """A value that goes on behind the piece that was looked at."""


def read_values(stream: IO[bytes]) -> Iterator[Json | None]:
    """The objects and lists of a file, one in memory at a time; None for a JSON line that cannot be read.

    An array gives its elements; anything else its lines, or itself where the first lines are no JSON of their own.
    ``stream`` is at its start and can be rewound. Raises BrokenJsonError where an array or object is no JSON or breaks
    off, after everything before that place was given.
    """
    head = stream.read(_STEP).removeprefix(_BOM).lstrip(_BLANK)
    stream.seek(0)
    if not head:
        return
    if _is_lines(head):
        yield from _lines(stream)
    else:
        yield from _one_document(_Window(stream))


def _is_lines(head: bytes) -> bool:
    """Whether a file that begins like this holds one value a line: one of its first two lines is a whole one."""
    lines = [line for line in head.split(b"\n", 3)[:2] if line.strip()]
    values = [_line_value(line) for line in lines]
    if head[:1] == b"[":
        return len(values) > 1 and all(isinstance(value, list) for value in values)
    return any(isinstance(value, dict) for value in values)


def _lines(stream: IO[bytes]) -> Iterator[Json | None]:
    lines = iter(stream)
    for line in chain((first.removeprefix(_BOM) for first in islice(lines, 1)), lines):
        if line.strip():
            value = _line_value(line)
            yield value if isinstance(value, dict | list) else None


def _line_value(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        pass
    try:
        return _LENIENT.decode(line.decode("utf-8", "replace").strip())
    except (ValueError, RecursionError):
        return None


def _one_document(window: _Window) -> Iterator[Json]:
    if window.next_byte() != b"[":
        yield from (value for value in (window.take(),) if isinstance(value, dict))
        return
    window.drop()
    while True:
        following = window.next_byte()
        if following == b"]":
            return
        if not following:
            raise BrokenJsonError("its list breaks off", fix="Export it again: the file was cut.")
        if following == b",":
            window.drop()
            continue
        value = window.take()
        if isinstance(value, dict | list):
            yield value


class _Window:
    """The part of a stream that is looked at: what was taken leaves it, what is needed is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._buffer = stream.read(_STEP).removeprefix(_BOM)
        self._start = 0
        self._likely = _SMALLEST

    def next_byte(self) -> bytes:
        """The next byte that is no blank, which stays; "" at the end."""
        while True:
            while self._start < len(self._buffer) and self._buffer[self._start] in _BLANK:
                self._start += 1
            if self._start < len(self._buffer) or not self._read():
                return self._buffer[self._start : self._start + 1]

    def drop(self) -> None:
        """Go on behind the next byte."""
        self._start += 1

    def take(self) -> Any:
        """The next value. Raises BrokenJsonError."""
        size = self._likely
        while True:
            piece = self._buffer[self._start : self._start + size]
            try:
                found = _parse(_whole_characters(piece))
            except _UnfinishedError as error:
                is_all = len(piece) < size
                if (is_all and not self._read()) or size > _LARGEST_VALUE:
                    raise BrokenJsonError(
                        "its last value breaks off", fix="Export it again: the file was cut."
                    ) from error
                size *= 1 if is_all else 2
                continue
            except ValueError as error:
                raise BrokenJsonError(f"not valid JSON: {error}", fix="Export it again.") from error
            self._start += found.end
            self._likely = max(_SMALLEST, found.end + found.end // 2)
            return found.value

    def _read(self) -> bool:
        more = self._stream.read(_STEP)
        self._buffer = self._buffer[self._start :] + more
        self._start = 0
        return bool(more)


class _Found(NamedTuple):
    """A value, and how many bytes it took."""

    value: Any
    end: int


def _parse(piece: bytes) -> _Found:
    """The value at the start of ``piece``. Raises _UnfinishedError where it does not end, ValueError for no JSON."""
    try:
        return _Found(orjson.loads(piece), len(piece))
    except orjson.JSONDecodeError as error:
        if error.msg.startswith(_UNFINISHED):
            raise _UnfinishedError from error
        if error.msg.startswith(_TRAILING):
            # orjson counts characters
            end = error.pos if piece.isascii() else len(piece.decode()[: error.pos].encode())
            return _Found(orjson.loads(piece[:end]), end)
    text = piece.decode("utf-8", "surrogateescape")
    try:
        value, position = _LENIENT.raw_decode(text)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Unterminated string") or error.pos >= len(text) - len("\\ud83d\\ude00"):
            raise _UnfinishedError from error
        raise
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    return _Found(value, len(text[:position].encode("utf-8", "surrogateescape")))


def _whole_characters(piece: bytes) -> bytes:
    """``piece`` without a last character that is cut in two."""
    for back in range(1, min(4, len(piece)) + 1):
        byte = piece[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return piece if back >= needed else piece[:-back]
    return piece
