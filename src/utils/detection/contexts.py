"""What stands before a conversation and belongs to it: the nearest heading, or the passage above."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.lines import Line

_MAX_CONTEXT = 600


def contexts_of(lines: Sequence[Line], starts: Sequence[int]) -> dict[int, Span | None]:
    """For each start of a conversation the nearest heading above that begins none itself, else the passage before."""
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
            found[start] = _passage_before(lines, bisect_left(line_starts, start))
    return found


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
