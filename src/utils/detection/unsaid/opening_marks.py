"""The same mark before every question, or every answer, of a document: ``> Why?``, ``: Because.``"""

from __future__ import annotations

from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.types import Draft

_MARKS = (">", ":", ";", "»", "→")
_WIKI = ":"
"""Alone of the marks it needs no space behind it."""


def without_opening_marks(text: str, drafts: Sequence[Draft]) -> list[Draft]:
    """``drafts`` without the mark that opens the first turn of all of them, or their last one."""
    kept = list(drafts)
    for place in (0, -1):
        mark = _common_mark(text, kept, place)
        if mark:
            kept = [_without_mark(text, draft, place, mark) for draft in kept]
    return kept


def _common_mark(text: str, drafts: Sequence[Draft], place: int) -> str:
    """The mark, with the space that is always behind it, before all turns of that ``place``; "" where there is none."""
    starts = [pieces[0].start for draft in drafts if (pieces := draft.utterances[place].pieces)]
    marks = {text[start : start + 1] for start in starts}
    mark = marks.pop() if len(marks) == 1 else ""
    if mark not in _MARKS:
        return ""
    if all(text.startswith(f"{mark} ", start) for start in starts):
        return f"{mark} "
    return mark if mark == _WIKI else ""


def _without_mark(text: str, draft: Draft, place: int, mark: str) -> Draft:
    turns = list(draft.utterances)
    pieces = [part for piece in turns[place].pieces for part in _unmarked(text, piece, mark)]
    turns[place] = turns[place]._replace(pieces=tuple(pieces))
    return draft._replace(utterances=tuple(turns))


def _unmarked(text: str, piece: Span, mark: str) -> list[Span]:
    """The parts of ``piece`` between the marks that its lines begin with."""
    parts = []
    start = line_start = piece.start
    while True:
        if text.startswith(mark, line_start):
            if line_start > start:
                parts.append(Span(start, line_start - 1))
            start = line_start + len(mark)
        line_start = text.find("\n", line_start, piece.end) + 1
        if not line_start:
            return [*parts, Span(start, piece.end)]
