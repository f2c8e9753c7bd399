"""Possible questions that no mark sets off: paragraphs, their first lines, lines above deeper text, capitals."""

from __future__ import annotations

from collections.abc import Sequence

from src.utils.detection.lines.candidates import (
    MAX_QUESTION,
    MAX_WRAPPED,
    Candidate,
    continues,
    make_candidate,
)
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.question_patterns import COLUMNS, OPENED, PROMPT
from src.utils.detection.words.asking import ends_as_question

_MAX_ASKING_LINES = 3
_MAX_PARAGRAPH = 20
_LINE = ("line",)


def bare_candidate(text: str, lines: Sequence[Line], index: int, *, may_be_line: bool) -> Candidate | None:
    """The candidate that begins with line ``index``; ``may_be_line``: it may be one line of a paragraph, for no label
    begins it."""
    if not starts_block(lines, index) and not _steps_in(lines, index):
        found = _asking_line(text, lines, index, 1) if may_be_line else None
        return found if found and _follows_question(text, lines, index) else None
    if not may_be_line:
        return _paragraph(text, lines, index)
    return _asking_line(text, lines, index) or _paragraph(text, lines, index) or _first_line(text, lines, index)


def is_in_capitals(content: str) -> bool:
    """Whether every letter is a capital; those of many scripts have no case."""
    return content.isupper() and all(map(str.isupper, filter(str.isalpha, content)))


def _asking_line(text: str, lines: Sequence[Line], index: int, most: int = _MAX_ASKING_LINES) -> Candidate | None:
    """A question of at most ``most`` lines right above its answer, in the same paragraph."""
    begin, end = lines[index].first, lines[index].end
    if OPENED.match(text, begin, end) or COLUMNS.search(text, begin, end):
        return None
    for last in range(index, min(index + most, len(lines) - 1)):
        if last > index and (not continues(lines, last) or PROMPT.match(text, lines[last].first, lines[last].end)):
            return None
        if ends_as_question(text[lines[last].first : lines[last].end]):
            told = continues(lines, last + 1) and lines[last + 1].indent == lines[index].indent
            return make_candidate(text, lines, index, last, _LINE) if told else None
    return None


def _first_line(text: str, lines: Sequence[Line], index: int) -> Candidate | None:
    """The first line of a paragraph that does not begin with a question: what speaks against questions as lines."""
    below = index + 1 < len(lines) and continues(lines, index + 1)
    return make_candidate(text, lines, index, index, _LINE) if below else None


def _steps_in(lines: Sequence[Line], index: int) -> bool:
    """Whether the line is set deeper than the one above and less deep than the one below: its own block."""
    if not index or index + 1 >= len(lines) or lines[index + 1].blank:
        return False
    return starts_block(lines, index - 1) and lines[index - 1].indent < lines[index].indent < lines[index + 1].indent


def _follows_question(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether the paragraph of this line begins with a question and an answer."""
    first = index
    while first and not starts_block(lines, first) and index - first < _MAX_PARAGRAPH:
        first -= 1
    return starts_block(lines, first) and _asking_line(text, lines, first) is not None


def _paragraph(text: str, lines: Sequence[Line], index: int) -> Candidate | None:
    """A paragraph set less deep than what follows it, or a short paragraph of its own."""
    line = lines[index]
    last = index
    while last + 1 < len(lines) and continues(lines, last + 1) and lines[last + 1].indent == line.indent:
        last += 1
        if last - index >= MAX_WRAPPED or PROMPT.match(text, lines[last].first, lines[last].end):
            return None
    below = lines[last + 1] if last + 1 < len(lines) and not lines[last + 1].blank else None
    if below and below.indent > line.indent:
        return make_candidate(text, lines, index, last, ("indent", str(line.indent)))
    if lines[last].end - line.first > MAX_QUESTION or (below and below.section == line.section):
        return None
    loud = _is_loud(text[line.first : lines[last].end])
    return make_candidate(text, lines, index, last, ("capitals" if loud else "block", str(line.indent)))


def _is_loud(content: str) -> bool:
    """Whether a paragraph is several words in capitals; one alone may be an acronym."""
    return len(content.split()) > 1 and is_in_capitals(content)
