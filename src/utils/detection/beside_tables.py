"""Tables and the lines around them: what is said in cells is no labelled line; a table in an answer is part of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.plausibility import implausible
from src.utils.detection.types import Draft, Finding


def beside_each_other(text: str, structured: Sequence[Finding], others: Iterable[Finding]) -> list[Finding]:
    """``structured`` findings and ``others`` (read from lines), of both only what does not lie where the other does.

    A draft of ``others`` stays where tables stand within its turns and most of its finding is said outside them; such
    tables belong to the turn. Elsewhere the table is right, since its cells are no labelled lines.
    """
    taken = _Places(_extent(draft) for finding in structured for draft in finding.drafts)
    if not taken.spans:
        return [*structured, *others]
    kept = [one for finding in others for one in _kept(finding, lambda draft: not _is_taken(text, draft, taken))]
    kept = [finding for finding in kept if _is_outside(finding, taken) and not implausible(text, finding)]
    holding = _Places(_extent(draft) for finding in kept for draft in finding.drafts)
    return [
        *(one for finding in structured for one in _kept(finding, lambda draft: not holding.touch(_extent(draft)))),
        *kept,
    ]


class _Places:
    """Spans that do not overlap, in order."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = sorted(spans)
        self._ends = [span.end for span in self.spans]

    def within(self, place: Span) -> Iterator[Span]:
        """Those that overlap ``place``."""
        for index in range(bisect_right(self._ends, place.start), len(self.spans)):
            if self.spans[index].start >= place.end:
                return
            yield self.spans[index]

    def touch(self, place: Span) -> bool:
        """Whether one of them overlaps ``place``."""
        return any(True for _ in self.within(place))


def _kept(finding: Finding, holds: Callable[[Draft], bool]) -> Iterator[Finding]:
    drafts = tuple(draft for draft in finding.drafts if holds(draft))
    if drafts:
        yield finding if len(drafts) == len(finding.drafts) else replace(finding, drafts=drafts)


def _is_taken(text: str, draft: Draft, taken: _Places) -> bool:
    """Whether a turn begins in a line of a table, or a table goes on behind the turn that it begins in."""
    for turn in draft.utterances:
        place = _extent(draft._replace(utterances=(turn,)))
        for span in taken.within(place):
            if text.find("\n", place.start, span.start) < 0 or span.end > place.end:
                return True
    return False


def _is_outside(finding: Finding, taken: _Places) -> bool:
    """Whether at least half of what is said stands in no table."""
    return 2 * sum(_inside(draft, taken) for draft in finding.drafts) <= _said(finding)


def _inside(draft: Draft, taken: _Places) -> int:
    """Characters of a draft that stand in tables."""
    return sum(
        min(span.end, piece.end) - max(span.start, piece.start)
        for piece in _pieces(draft)
        for span in taken.within(piece)
    )


def _said(finding: Finding) -> int:
    return sum(piece.end - piece.start for draft in finding.drafts for piece in _pieces(draft))


def _extent(draft: Draft) -> Span:
    """From the first to the last character that is said."""
    pieces = _pieces(draft)
    return Span(min((piece.start for piece in pieces), default=0), max((piece.end for piece in pieces), default=0))


def _pieces(draft: Draft) -> list[Span]:
    return [piece for turn in draft.utterances for piece in turn.pieces]
