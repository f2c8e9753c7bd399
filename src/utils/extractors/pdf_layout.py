"""Turns the lines of a PDF page into paragraphs and headings, from their places and sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from src.core.types import Section
from src.utils.extractors.sections import heading

_PARAGRAPH_GAP = 1.3
"""Times the usual distance of lines: more than that is space between paragraphs."""

_HEADING_SIZE = 1.12
_MAX_HEADING = 150
_STARTS_ITEM = re.compile(
    r"\s*([-–—•●▪◦*·‣]|\(?\w{1,3}[.)]|[^\s:：]{1,20}+(?: \w++)?+[:：])(?:\s|$)",
)
"""A list mark, a number, or a label such as ``Q:``: starts a line of its own however full the line before was."""
_SPACED_LABEL = re.compile(r"(?![a-zß-öø-ÿ])[^\W\d_][^\s:：]{0,19}+(?: [\w.'’-]{1,20}+){0,3}+[ \u00a0\u202f]:(?:\s|$)")
"""French sets a space before the colon. A label then begins with a capital, and a line of its own behind a sentence."""
_NAME_LABEL = re.compile(
    r"(?![a-zß-öø-ÿ])[^\W\d_][^\s:：]{0,19}+"
    r"(?: (?:(?![a-zß-öø-ÿ])[\w.'’-]{1,20}+|[^\W\d_]{1,3}+(?![\w.'’-]))){1,3}+[:：](?:\s|$)"
)
"""A name of several words, capitals on all but the short ones: ``Ans de Wit:``. It opens a line behind a sentence."""

_STOPS = (".", "!", "?", "…", "»")
_SENTENCE_ENDS = (".", "!", "?", "”", '"', ":")


class PageLine(NamedTuple):
    """One line of clean text, its places in points from the page's lower left corner; ``size``: the font's height."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    hyphenated: bool = False


def page_sections(lines: Sequence[PageLine], locator: str) -> Iterator[Section]:
    """Headings and paragraphs of one page. Lines that were broken only for want of room are joined by a space."""
    if not lines:
        return
    body = _body_size(lines)
    for block in _blocks(lines):
        text = _join(block)
        level = _heading_level(block, text, body)
        yield heading(text, level, locator) if level else Section(f"{text}\n\n", locator)


def _body_size(lines: Sequence[PageLine]) -> float:
    """The font size of most characters."""
    weights: dict[int, int] = {}
    for line in lines:
        tenths = int(line.size * 10 + 0.5)
        weights[tenths] = weights.get(tenths, 0) + len(line.text)
    return max(weights, key=lambda tenths: weights[tenths]) / 10


def _blocks(lines: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    leading = _usual_leading(lines)
    block = [lines[0]]
    for before, line in pairwise(lines):
        if _starts_block(before, line, leading, block):
            yield block
            block = []
        block.append(line)
    yield block


def _usual_leading(lines: Sequence[PageLine]) -> float:
    """The usual distance of two lines of one paragraph, in font sizes."""
    bottoms = [line.bottom for line in lines]
    pairs = zip(bottoms, bottoms[1:], [line.size for line in lines[1:]], strict=False)
    steps = [(above - below) / size for above, below, size in pairs if 0.5 * size < above - below < 3 * size]
    return median(sorted(steps)[: max(1, len(steps) * 3 // 4)]) if steps else 1.2


def _starts_block(before: PageLine, line: PageLine, leading: float, block: Sequence[PageLine]) -> bool:
    if before.hyphenated:
        return False
    size = line.size if line.size > before.size else before.size
    if abs(before.size - line.size) > 0.1 * size:
        return True
    step = before.bottom - line.bottom
    if step < -size:  # the next column, or a header that was drawn last
        return not _runs_on(before, line)
    if step > _PARAGRAPH_GAP * leading * size:
        return True
    if not before.text.endswith(_SENTENCE_ENDS):
        return False
    return line.left - min(entry.left for entry in block) > size and _is_short(before, block)


def _runs_on(before: PageLine, line: PageLine) -> bool:
    """A sentence that goes on at the top of the next column."""
    return line.text[0].islower() and not before.text.endswith((".", "!", "?", ":"))


def _is_short(line: PageLine, block: Sequence[PageLine]) -> bool:
    return line.right < max(entry.right for entry in block) - 2 * line.size


def _join(block: Sequence[PageLine]) -> str:
    if len(block) == 1:
        return block[0].text
    width = max([line.right for line in block]) - min([line.left for line in block])
    pieces = [block[0].text]
    for before, line in pairwise(block):
        pieces += (_separator(before, line, width), line.text)
    return "".join(pieces)


def _separator(before: PageLine, line: PageLine, width: float) -> str:
    """What stands between two lines: nothing in a divided word, a space in a full line, else a line break."""
    if before.hyphenated:
        # pdfium takes the hyphen of compounds away, too: a capital or a digit shows where it belongs to the word.
        return "" if before.text[-1].islower() and line.text[0].islower() else "-"
    if abs(before.bottom - line.bottom) < 0.3 * before.size:
        return "\t"  # cells of one table row
    if _STARTS_ITEM.match(line.text) or (before.text.endswith(_STOPS) and _is_labelled(line.text)):
        return "\n"
    return " " if _was_full(before, line, width) or _goes_on(before, line, width) else "\n"


def _is_labelled(content: str) -> bool:
    return (_SPACED_LABEL.match(content) or _NAME_LABEL.match(content)) is not None


def _was_full(before: PageLine, line: PageLine, width: float) -> bool:
    """Whether the first word of ``line`` had no room left at the end of ``before``."""
    if before.right - before.left >= width * 0.97:
        return True
    character = (line.right - line.left) / max(1, len(line.text))
    word = len(line.text.split(maxsplit=1)[0]) + 1
    return before.right - before.left + word * character >= width * 0.97


def _goes_on(before: PageLine, line: PageLine, width: float) -> bool:
    """A sentence that goes on in small letters after a fairly long line: ragged margins leave room for a word."""
    return before.right - before.left > 0.75 * width and line.text[0].islower() and before.text[-1] not in ".!?:;"


def _heading_level(block: Sequence[PageLine], text: str, body: float) -> int:
    """1 to 3 for a short block in a clearly larger font, 0 for running text."""
    ratio = block[0].size / body if body else 1.0
    if ratio < _HEADING_SIZE or len(text) > _MAX_HEADING or text.endswith((".", ";", ",")):
        return 0
    if not any(character.isalpha() for character in text):
        return 0
    return 1 if ratio >= 1.6 else 2 if ratio >= 1.25 else 3
