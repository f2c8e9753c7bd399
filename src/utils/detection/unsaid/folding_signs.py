"""Signs that unfold an answer, at the end of every question of a page: ``May I pay by card? ▾``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.types import ASKERS, Draft, Finding, Utterance
from src.utils.detection.words.signs import SENTENCE_ENDS

_SIGNS = "▾▼▽▿⏷🔽⌄˅▴▲△▵⏶🔼⌃˄▸▶►▹⏵❯\ufe0f"
_KEPT = ("record", "table")
"""Words of the rules whose texts stand in cells: nothing is drawn there."""
_MIN_QUESTIONS = 3
_MOST = 0.75


def without_folding_signs(text: str, finding: Finding) -> Finding:
    """``finding`` without such a sign where most of its questions end with the same one, set off from the text."""
    if any(word in finding.rule for word in _KEPT):
        return finding
    questions = [turn for draft in finding.drafts for turn in draft.utterances if turn.family in ASKERS and turn.pieces]
    signs = [sign for turn in questions if (sign := _sign(text, turn))]
    if len(questions) < _MIN_QUESTIONS or len(signs) < _MOST * len(questions) or len(set(signs)) > 1:
        return finding
    return replace(finding, drafts=tuple(_unsigned(text, draft) for draft in finding.drafts))


def _sign(text: str, turn: Utterance) -> str:
    """The sign that ends a turn, behind a space, an ending sign or in a line of its own; empty where there is none."""
    start, end = turn.pieces[-1]
    content = text[start:end]
    bare = content.rstrip(_SIGNS)
    is_apart = not bare or bare[-1].isspace() or bare[-1] in SENTENCE_ENDS
    return content[len(bare) :][:1] if is_apart else ""


def _unsigned(text: str, draft: Draft) -> Draft:
    return draft._replace(utterances=tuple(_without_sign(text, turn) for turn in draft.utterances))


def _without_sign(text: str, turn: Utterance) -> Utterance:
    if turn.family not in ASKERS or not turn.pieces or not _sign(text, turn):
        return turn
    kept: Sequence[Span] = turn.pieces
    while kept:
        start, end = kept[-1]
        while end > start and (text[end - 1] in _SIGNS or text[end - 1].isspace()):
            end -= 1
        if end > start:
            return turn._replace(pieces=(*kept[:-1], Span(start, end)))
        kept = kept[:-1]
    return turn
