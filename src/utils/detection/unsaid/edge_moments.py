"""Times that a transcription program sets at the edges of what is said: ``... on the ward. #00:01:14-2#``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.types import Draft, Finding, Utterance

_TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,-]\d{1,3})?"
_AT_END = re.compile(rf"[ \t\n]{{0,4}}(?:#[ ]?|[\[(]{{1,2}}){_TIME}[ ]?(?:#|[\])]{{1,2}})\Z")
_AT_START = re.compile(
    rf"(?:#[ ]?|[\[(]{{1,2}}){_TIME}[ ]?(?:#|[\])]{{1,2}})[ \t\n]{{0,4}}|{_TIME}[ \t]{{0,4}}\n[ \t\n]{{0,4}}"
)
_LONGEST = 24
_MOST = 0.6
_MIN_TURNS = 4


def without_edge_moments(text: str, finding: Finding) -> Finding:
    """``finding`` without the times that most of its turns end with or open with, in brackets or between number signs;
    or in a line of their own above what is said."""
    turns = [turn for draft in finding.drafts for turn in draft.utterances if turn.pieces]
    if len(turns) < _MIN_TURNS:
        return finding
    at_end = sum(_stop(text, turn.pieces[-1]) < turn.pieces[-1].end for turn in turns) >= _MOST * len(turns)
    at_start = sum(_begin(text, turn.pieces[0]) > turn.pieces[0].start for turn in turns) >= _MOST * len(turns)
    if not at_end and not at_start:
        return finding
    drafts = tuple(_trimmed(text, draft, at_start=at_start, at_end=at_end) for draft in finding.drafts)
    return replace(finding, drafts=drafts)


def _trimmed(text: str, draft: Draft, *, at_start: bool, at_end: bool) -> Draft:
    turns: list[Utterance] = []
    for turn in draft.utterances:
        pieces = list(turn.pieces)
        if pieces and at_end:
            pieces = _cut_end(text, pieces)
        if pieces and at_start:
            pieces[0] = Span(_begin(text, pieces[0]), pieces[0].end)
        turns.append(turn._replace(pieces=tuple(piece for piece in pieces if piece.end > piece.start)))
    return draft._replace(utterances=tuple(turn for turn in turns if turn.pieces))


def _cut_end(text: str, pieces: Sequence[Span]) -> list[Span]:
    last = Span(pieces[-1].start, _stop(text, pieces[-1]))
    return [*pieces[:-1], last] if last.end > last.start else list(pieces[:-1])


def _stop(text: str, piece: Span) -> int:
    found = _AT_END.search(text, max(piece.start, piece.end - _LONGEST), piece.end)
    return found.start() if found else piece.end


def _begin(text: str, piece: Span) -> int:
    found = _AT_START.match(text, piece.start, min(piece.end, piece.start + _LONGEST))
    return found.end() if found else piece.start
