"""The tags of a page around what is said in a record or a cell: ``<p>Hello</p>``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.types import Draft, Finding, Utterance

_TAGS = r"(?:p|div|br|ul|ol|li|blockquote|h[1-6]|html|body|section|table|tbody|tr|td)"
_BLOCK_TAG = re.compile(rf"</?{_TAGS}\b[^<>]{{0,400}}>", re.IGNORECASE)
_OPENS = re.compile(rf"\s{{0,20}}<{_TAGS}\b[^<>]{{0,400}}>", re.IGNORECASE)
_CLOSES = re.compile(r">\s{0,20}\Z")
_MIN_TURNS = 3
_MOST = 0.8
"""The share of turns with tags around them: of fewer, some quote the source of a page."""


def without_markup(text: str, finding: Finding) -> Finding:
    """``finding`` without the tags that part its texts into paragraphs, where a program set them around most turns.

    Tags inside a paragraph stay: a turn must stand in the document as it is.
    """
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    marked = sum(_is_marked(text, turn) for turn in turns)
    if marked < _MIN_TURNS or marked < _MOST * len(turns):
        return finding
    return replace(finding, drafts=tuple(_bare(text, draft) for draft in finding.drafts))


def _is_marked(text: str, turn: Utterance) -> bool:
    if not turn.pieces:
        return False
    start, end = turn.pieces[0].start, turn.pieces[-1].end
    return _OPENS.match(text, start, end) is not None and _CLOSES.search(text, max(start, end - 24), end) is not None


def _bare(text: str, draft: Draft) -> Draft:
    return draft._replace(utterances=tuple(_without_tags(text, turn) for turn in draft.utterances))


def _without_tags(text: str, turn: Utterance) -> Utterance:
    if not _is_marked(text, turn):
        return turn
    pieces = tuple(span for piece in turn.pieces for span in _between_tags(text, piece))
    return turn._replace(pieces=pieces) if pieces else turn


def _between_tags(text: str, piece: Span) -> Iterator[Span]:
    start = piece.start
    for tag in (*_BLOCK_TAG.finditer(text, *piece), None):
        span = trimmed(text, start, tag.start() if tag else piece.end)
        if span.end > span.start:
            yield span
        start = tag.end() if tag else piece.end
