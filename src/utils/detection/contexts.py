"""What stands before a conversation and belongs to it: the nearest heading, or the passage above."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line, index_part
from src.utils.detection.messages.message_lines import tells_encryption

_MAX_CONTEXT = 600
_MARKED = re.compile(r"^(?:[ \t]|[#=!@\\%_.<+·•]|h[1-6]\.|\d{1,4}[.)][ \t]+#|([-–—~^*\"'+])[ \t]?\1)", re.MULTILINE)
"""What headings, rules and indented lines begin with."""


def contexts_of(text: str, lines: Sequence[Line], starts: Sequence[int]) -> dict[int, Span | None]:
    """For each start of a conversation in ``text`` the nearest heading above that begins none itself, else the passage
    before."""
    own = set(starts)
    line_starts = [line.start for line in lines]
    headings = [line for line in lines if line.level and line.start not in own]
    heading_starts = [line.start for line in headings]
    found: dict[int, Span | None] = {}
    for start in starts:
        above = bisect_left(heading_starts, start) - 1
        if above >= 0:
            found[start] = Span(headings[above].body, headings[above].end)
        else:
            found[start] = _said_by_somebody(text, _passage_before(lines, bisect_left(line_starts, start)))
    return found


def contexts_in(text: str, starts: Sequence[int]) -> dict[int, Span | None]:
    """The same for plain ``text`` whose lines nobody has read: all are read only where one may be more than text."""
    if _MARKED.search(text):
        return contexts_of(text, index_part(text, 0, len(text)), starts)
    return {start: _said_by_somebody(text, _plain_before(text, start)) for start in starts}


def _said_by_somebody(text: str, passage: Span | None) -> Span | None:
    """``passage``, but for what a chat program says of its encryption."""
    return None if passage and tells_encryption(text, (passage,)) else passage


def _plain_before(text: str, start: int) -> Span | None:
    """The paragraph above ``start``, or as many of its last lines as a context may have."""
    end = start
    while end > 0 and text[end - 1].isspace():
        end -= 1
    if end == 0:
        return None
    first = text.rfind("\n", 0, end) + 1
    while first > 0:
        above = text.rfind("\n", 0, first - 1) + 1
        if end - above > _MAX_CONTEXT or text[above:first].isspace():
            break
        first = above
    return Span(first, end)


def _passage_before(lines: Sequence[Line], index: int) -> Span | None:
    last = index - 1
    while last >= 0 and (lines[last].blank or lines[last].skip or lines[last].rule):
        last -= 1
    if last < 0 or lines[last].foreign:
        return None
    first = last
    while first > 0 and not lines[first - 1].blank and lines[last].end - lines[first - 1].start <= _MAX_CONTEXT:
        first -= 1
    return Span(lines[first].first, lines[last].end)
