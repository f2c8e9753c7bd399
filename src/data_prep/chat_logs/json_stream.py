"""Reads JSON files of any size value by value: the elements of an array, JSON lines, or one object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any, NamedTuple

import orjson

from src.core.errors import InputFileError

Json = dict[str, Any] | list[Any]

_HEAD = 1 << 20
_PIECE = 1 << 17
"""Bytes that are read of a long list at once: what comes of more would not stay in the caches of the processor."""
_SMALLEST = 1 << 12
_LARGEST_VALUE = 1 << 29
"""Bytes of one value at most: it is held in memory whole."""

_BLANK = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
# The comma before an object, its first key, and where that has a plain value its second one.
_BORDER = re.compile(
    rb'(\s*,\s*\{\s*"[^"\\]{1,40}")(?:\s*:\s*(?:"(?:[^"\\]|\\.){0,400}"|[\w.+-]{1,40})\s*,\s*("[^"\\]{1,40}"))?'
)
_TRAILING = "unexpected content after"
_UNFINISHED = "unexpected end of data"
# Takes what orjson refuses and programs write all the same: halves of surrogate pairs, bare control characters, NaN.
_LENIENT = json.JSONDecoder(strict=False)


class BrokenJsonError(InputFileError):
    """A file is no JSON, or breaks off."""


class _UnfinishedError(ValueError):
    """A value that goes on behind the piece that was looked at."""


def read_values(stream: IO[bytes]) -> Iterator[Json | None]:
    """The objects and lists of a file, a piece of it in memory at a time; None for a JSON line that cannot be read.

    An array gives its elements; anything else its lines, or itself where the first lines are no JSON of their own.
    ``stream`` is at its start and can be rewound. Raises BrokenJsonError where an array or object is no JSON or breaks
    off, after everything before that place was given.
    """
    head = stream.read(_PIECE)  # what is asked for is allocated: for most files, which are short, this is plenty
    if len(head) == _PIECE:
        head += stream.read(_HEAD - _PIECE)
    stream.seek(0)
    if len(head) < _HEAD:
        try:
            document = orjson.loads(head.removeprefix(_BOM))
        except orjson.JSONDecodeError:
            pass  # lines, or no JSON that is strict
        else:
            yield from _of_document(document)
            return
    head = head.removeprefix(_BOM).lstrip(_BLANK)
    if not head:
        return
    if _is_lines(head):
        yield from _lines(stream)
    else:
        yield from _one_document(_Window(stream))


def _of_document(value: Any) -> Iterator[Json]:
    """What a whole document gives: the elements of its list, or itself where it is an object."""
    values = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    return (one for one in values if isinstance(one, dict | list))


def _is_lines(head: bytes) -> bool:
    """Whether a file that begins like this holds one value a line: one of its first two lines is a whole one."""
    lines = [line for line in head.split(b"\n", 2)[:2] if line.strip()]
    if head[:1] == b"[":
        return len(lines) > 1 and all(isinstance(_line_value(line), list) for line in lines)
    return any(isinstance(_line_value(line), dict) for line in lines)


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
        yield from _of_document(window.take_one())
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
        yield from _of_document(window.take())


class _Window:
    """The part of a stream that is looked at: what was taken leaves it, what is needed is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._buffer = stream.read(_PIECE).removeprefix(_BOM)
        self._start = 0
        self._likely = _SMALLEST
        self._is_new = True
        self._border: re.Match[bytes] | None = None

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

    def take(self) -> list[Any]:
        """The next value, or many where they can be read at once. Raises BrokenJsonError."""
        return self._many() or [self.take_one()]

    def _many(self) -> list[Any]:
        """The values up to the last border of the window; none where they are no JSON, and where it was tried before
        since the last piece of the file was read."""
        border, self._border = self._border, None
        end = self._last_border(border) if border else -1
        if end < 0:
            return []
        try:
            values: list[Any] = orjson.loads(b"[" + self._buffer[self._start : end] + b"]")
        except orjson.JSONDecodeError:
            return []
        self._start = end
        return values

    def _last_border(self, like: re.Match[bytes]) -> int:
        """Where values part for the last time, by the keys with which they begin; -1 for nowhere. Objects inside of
        them begin with others as a rule."""
        place = len(self._buffer)
        while (place := self._buffer.rfind(like[1], self._start, place)) >= 0:
            found = _BORDER.match(self._buffer, place)
            if found and found[2] == like[2]:
                break
        return place

    def take_one(self) -> Any:
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
            if self._is_new:
                self._is_new, self._border = False, _BORDER.match(self._buffer, self._start)
            return found.value

    def _read(self) -> bool:
        self._is_new = True
        rest = self._buffer[self._start :]
        more = self._stream.read(max(_PIECE, len(rest)))
        self._buffer = rest + more
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
