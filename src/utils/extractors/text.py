"""Reads plain text: one section per paragraph, every line as it stands in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from src.core.types import Section
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, clean_text, ignore_warning

_MAX_SECTION_LINES = 400
"""A log without empty lines is still read in pieces."""


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a text file; joined they are the file's text. Streams. Raises InputFileError for binary data."""
    yield from text_sections(read_lines(path, warn))


def text_sections(lines: Iterable[str]) -> Iterator[Section]:
    """A section ends where text follows empty lines; those stay with what they follow, at the top with the first."""
    block: list[str] = []
    start = 1
    gap = worded = False
    for number, line in enumerate(lines, start=1):
        empty = not line.strip()
        if worded and ((gap and not empty) or len(block) >= _MAX_SECTION_LINES):
            yield Section(clean_text("".join(block)), f"line {start}")
            block, start, worded = [], number, False
        gap = empty
        worded = worded or not empty
        block.append(line if line.endswith("\n") else f"{line}\n")
    if block:
        yield Section(clean_text("".join(block)), f"line {start}")
