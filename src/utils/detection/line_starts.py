"""Where the lines of a text begin, and which of them fit a pattern: passes over the whole text, none over the lines."""

from __future__ import annotations

import io
import itertools
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

SMALL = 100_000
"""Characters of a text that is read line by line: a few milliseconds, and nothing rests on the passes over it."""

SPACE = r"[^\S\n]*+"
"""The indentation of a line, for patterns."""


class LineStarts:
    """The beginnings of all lines, eight bytes each. A line ends at a line break or at the end of its section.

    ``searched``: the text is large, and lines are found by passes over it.
    """

    def __init__(self, text: str, sections: Sequence[str]) -> None:
        self._text = text
        whole = all(section[-1:] == "\n" for section in sections if section)
        self.searched = whole and len(text) > SMALL
        self._flags = fast_flags(text)
        lengths = [len(section) for section in sections]
        self._sections = array("q", itertools.accumulate(lengths[:-1], initial=0)) if lengths else array("q")
        parts = [text] if whole else sections
        pieces = itertools.chain.from_iterable(map(io.StringIO, parts))
        self._starts = array("q", itertools.accumulate(map(len, pieces), initial=0))
        self._count = len(self._starts) - 1

    def __len__(self) -> int:
        return self._count

    def bounds(self, index: int) -> tuple[int, int]:
        """Where a line begins, and where it ends without its break."""
        start, stop = self._starts[index], self._starts[index + 1]
        return start, stop - (self._text[stop - 1] == "\n")

    def at(self, position: int) -> int:
        """The index of the line that holds the character at ``position``."""
        return bisect_right(self._starts, position, 0, self._count) - 1

    def section(self, index: int) -> int:
        """The number of the section that a line stands in."""
        return bisect_right(self._sections, self._starts[index]) - 1

    def of_section(self, number: int) -> range:
        """The lines of a section."""
        begin = self._sections[number]
        end = self._sections[number + 1] if number + 1 < len(self._sections) else len(self._text)
        return range(bisect_left(self._starts, begin, 0, self._count), bisect_left(self._starts, end, 0, self._count))

    def first_of_sections(self) -> Iterator[int]:
        """The first line of every section."""
        return (self.at(begin) for begin in self._sections if begin < len(self._text))

    def starting(self, pattern: str) -> Iterator[int]:
        """In order the first line and every line whose beginning fits ``pattern``; every line of a small text,
        and where a section ends without a break."""
        if not self.searched:
            return iter(range(self._count))
        return self._starting(_after_break(pattern, self._flags))

    def _starting(self, pattern: re.Pattern[str]) -> Iterator[int]:
        if self._count:
            yield 0
        index = 0
        for found in pattern.finditer(self._text, 0, len(self._text)):
            begin = found.start() + 1
            if begin < len(self._text):
                index = bisect_right(self._starts, begin, index, self._count) - 1
                yield index


def fast_flags(text: str) -> re.RegexFlag:
    """Flags that make patterns fast on ``text`` and match the same: all its spaces and letters are those of ASCII."""
    odd = not text.isascii() or any(space in text for space in "\x1c\x1d\x1e\x1f")
    return re.NOFLAG if odd else re.ASCII


@cache
def _after_break(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    """A literal break goes before the pattern, which lets the search leap from line to line."""
    return re.compile(rf"\n(?:{pattern})", flags)
