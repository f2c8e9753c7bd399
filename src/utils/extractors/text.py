"""Reads plain text: one section per paragraph, every line as it stands in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from src.core.types import Section
from src.utils.extractors.decode import read_blocks
from src.utils.extractors.sections import Warn, clean_text, ignore_warning

_BULK_BYTES = 4_000_000
_BULK_CHARS = 4_000
"""A large file is read in sections of several paragraphs: a million small ones would cost more than they tell."""

_MAX_CHARS = 20_000
"""A log without empty lines is still read in pieces."""

_VISIBLE = re.compile(r"\S")
_GAP = re.compile(r"\n(?:[^\S\n]*\n)+")


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a text file; joined they are the file's text. Streams. Raises InputFileError for binary data."""
    least = _BULK_CHARS if path.stat().st_size > _BULK_BYTES else 1
    yield from text_sections(map(clean_text, read_blocks(path, warn)), least)


def text_sections(blocks: Iterable[str], least: int = 1) -> Iterator[Section]:
    """The sections of clean text that comes in pieces of any size, of at least ``least`` characters but for the last.

    A section ends where text follows empty lines; those stay with what they follow, at the top with the first.
    """
    rest = ""
    line = 1
    for block in blocks:
        rest += block
        start = 0
        while (end := _find_end(rest, start, least)) is not None:
            yield Section(rest[start:end], f"line {line}")
            line += rest.count("\n", start, end)
            start = end
        rest = rest[start:]
    if rest:
        yield Section(rest if rest.endswith("\n") else f"{rest}\n", f"line {line}")


def _find_end(text: str, start: int, least: int) -> int | None:
    """Where the section that begins at ``start`` ends; None when that lies beyond the text."""
    place = start + least - 1
    while found := _GAP.search(text, place, start + _MAX_CHARS):
        place = found.end()
        if _VISIBLE.search(text, place) is None:
            return None
        if _VISIBLE.search(text, start, place):
            return place
    if len(text) - start <= _MAX_CHARS:
        return None
    cut = text.rfind("\n", start, start + _MAX_CHARS) + 1 or text.find("\n", start) + 1
    return cut if 0 < cut < len(text) else None
