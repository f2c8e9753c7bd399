"""Reads Markdown: headings as headings, fenced code in one piece, every line as it stands in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from src.core.types import Section
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, clean_text, ignore_warning

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+\S|[ \t]*$)")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_FRONT_RULE = re.compile(r"\ufeff?(?:---|\+\+\+)[ \t]*$")
_FRONT_END = re.compile(r"(?:---|\+\+\+|\.\.\.)[ \t]*$")
_FRONT_KEY = re.compile(r"[\w-]+\s*[:=]")
_NO_HEADING_TEXT = re.compile(r"\s*([-*+>|#]|\d+[.)])\s")
"""Lines that a rule of dashes may follow without becoming a heading: lists, quotes, tables."""


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a Markdown file; joined they are the file's text. Raises InputFileError for binary data."""
    yield from markdown_sections(read_lines(path, warn))


def markdown_sections(lines: Iterable[str]) -> Iterator[Section]:
    """Blocks by CommonMark's rules for headings and fences; other blocks end at empty lines."""
    numbered = enumerate((line if line.endswith("\n") else f"{line}\n" for line in lines), start=1)
    first = list(islice(numbered, 2))
    remaining = chain(first, numbered)
    if len(first) == 2 and _FRONT_RULE.match(first[0][1]) and _FRONT_KEY.match(first[1][1]):
        yield from _front_matter(remaining)
    blocks = _Blocks()
    for number, line in remaining:
        yield from blocks.take(number, line)
    yield from blocks.flush()


def _front_matter(numbered: Iterator[tuple[int, str]]) -> Iterator[Section]:
    """The settings of a page at its top, between two rules: its comments and rules make no headings."""
    lines: list[str] = []
    for _, line in numbered:
        lines.append(line)
        if len(lines) > 1 and _FRONT_END.match(line):
            break
    yield Section(clean_text("".join(lines)), "line 1")


class _Blocks:
    """Gathers lines to blocks. A heading is held back until its empty lines are known."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._start = 1
        self._level = 0
        self._fence = ""
        self._gap = False
        self._worded = False

    def take(self, number: int, line: str) -> Iterator[Section]:
        """Add one line; yields the block that it ends, if any."""
        if self._fence:
            self._lines.append(line)
            if self._closes_fence(line):
                self._fence = ""
            return
        empty = not line.strip()
        if empty:
            self._lines.append(line)
            self._gap = True
            return
        atx = _ATX.match(line)
        if self._worded and (self._gap or self._level or atx or self._opens_fence(line)):
            yield from self.flush()
        if not self._lines:
            self._start = number
        self._lines.append(line)
        self._classify(line, len(atx[1]) if atx else 0)

    def flush(self) -> Iterator[Section]:
        """Yield what is gathered as one section."""
        if self._lines:
            yield Section(
                clean_text("".join(self._lines)),
                f"line {self._start}",
                "heading" if self._level else "text",
                self._level,
            )
        self._lines, self._level, self._gap, self._worded, self._fence = [], 0, False, False, ""

    def _classify(self, line: str, atx_level: int) -> None:
        title = [entry for entry in self._lines if entry.strip()][:-1] if len(self._lines) < 20 else []
        self._gap = False
        self._worded = True
        self._level = atx_level
        if self._opens_fence(line):
            self._fence = line.strip()
            return
        underline = _SETEXT.match(line)
        if underline and len(title) == 1 and not _NO_HEADING_TEXT.match(title[0]):
            self._level = 1 if underline[1].startswith("=") else 2

    def _opens_fence(self, line: str) -> bool:
        found = _FENCE.match(line)
        return found is not None and not (found[1].startswith("`") and "`" in line[found.end() :])

    def _closes_fence(self, line: str) -> bool:
        """A fence ends with at least as many of the same characters and nothing else (CommonMark 4.5)."""
        mark = self._fence[0]
        length = len(self._fence) - len(self._fence.lstrip(mark))
        stripped = line.strip()
        return len(stripped) >= length and not stripped.strip(mark)
