"""The rows of a file that others wrote: JSON Lines, or one JSON list, as many published sets are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

import orjson

from src.core.errors import InputFileError
from src.core.jsonl import Row, open_lines, read_rows

_CHUNK: Final = 1 << 16
_BETWEEN: Final = " \t\r\n,"
_LONGEST_WORD: Final = 16
"""More characters than the longest word of JSON that may be cut in two has: two halves of a character, escaped."""


def read_file_rows(path: Path) -> Iterator[Row]:
    """Every row of a file, one in memory at a time; a row of a list is numbered by its place from 1.

    Raises InputFileError when the file cannot be read.
    """
    return _read_list(path) if _is_list(path) else read_rows(path)


def _is_list(path: Path) -> bool:
    """Whether the file begins as a list of objects."""
    with open_lines(path) as handle:
        head = handle.read(_CHUNK)
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return opening[:1] == b"[" and opening[1:].lstrip()[:1] in (b"{", b"]")


def _read_list(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig") as handle:
            yield from _elements(handle)
    except UnicodeDecodeError as error:
        raise InputFileError(f"{path} is not UTF-8: {error.reason}.", fix="Save it in UTF-8.") from error


def _elements(handle: TextIO) -> Iterator[Row]:
    decoder, number = json.JSONDecoder(), 0
    rest = handle.read(_CHUNK).lstrip().removeprefix("[")
    while True:
        rest = rest.lstrip(_BETWEEN)
        if rest.startswith("]"):
            return
        try:
            value, end = decoder.raw_decode(rest)
        except json.JSONDecodeError as error:
            # the element may go on behind what was read: twice as much each time, so that a long one is read but once
            more = handle.read(max(_CHUNK, len(rest))) if _may_go_on(error, rest) else ""
            if not more:
                yield Row(number + 1, None, f"not valid JSON: {error.msg}")
                return
            rest += more
            continue
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, thousands of brackets
            yield Row(number + 1, None, f"not valid JSON: {error}")
            return
        number += 1
        yield _row_of(number, value, rest[:end])
        rest = rest[end:]


def _row_of(number: int, value: Any, text: str) -> Row:
    """An element of the list, held to what a line of JSON Lines is held to: no half of a character, no NaN."""
    if not isinstance(value, dict):
        return Row(number, None, f"a JSON {type(value).__name__} where an object is expected")
    try:
        return Row(number, orjson.loads(text))
    except orjson.JSONDecodeError as error:
        return Row(number, None, f"not valid JSON: {error.msg}")


def _may_go_on(error: json.JSONDecodeError, text: str) -> bool:
    """Whether ``text`` is wrong only because it ends too early: the error is about its end, or about a string whose end
    was not found."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip()) - _LONGEST_WORD
