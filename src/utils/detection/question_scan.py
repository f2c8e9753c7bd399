"""Which lines may be the question of a FAQ, or stand among such: found in passes over the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from src.utils.detection.line_starts import SPACE
from src.utils.detection.lines import Lines, starts_block

_ITEM = rf"{SPACE}(?:(?![^\W\d_]|\n)|[A-Z]{{1,2}}\d|[A-Z][.)]|[^\W\d_]{2, 20}:|[一二三四五六七八九十]|h[1-6]\.)"
"""A bullet, number or mark: what no letter begins, a letter that numbers, or a word with a colon."""
_INDENTED = r"[^\S\n]++\S"
_ASKS = re.compile(r"[?？؟՞;](?=[^\w\n]{0,80}+_{0,8}[^\w\n]{0,8}\n)")
_MAX_ASKING_LINES = 3
_MAX_PARAGRAPH = 40


def may_ask(text: str, lines: Lines, labels: Iterable[int]) -> list[int]:
    """In order the first lines of paragraphs, items of lists, headings, labelled and defined lines, and the paragraphs
    that begin with a question: no other line can be a candidate."""
    found = {*labels, *lines.noted(), *lines.opening(), *lines.starting(_ITEM), *lines.starting(_INDENTED)}
    if "::" in text:
        found.update(lines.at(place.start()) for place in re.finditer("::", text))
    for asking in {lines.at(mark.start()) for mark in _ASKS.finditer(text)}:
        found.update(_paragraph(lines, asking))
    return sorted(found)


def _paragraph(lines: Lines, asking: int) -> Iterable[int]:
    """The lines of the paragraph that has the question ``asking`` among its first lines."""
    for first in range(max(0, asking - _MAX_ASKING_LINES + 1), asking + 1):
        if starts_block(lines, first):
            yield from range(first, min(first + _MAX_PARAGRAPH + 1, len(lines)))
