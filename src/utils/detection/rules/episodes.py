"""Episodes of a data set of dialogue, a turn and its answer in each line: ``text:...<tab>labels:...``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.types import Draft, Finding, Utterance

_TEXT = re.compile(r"(?:^|(?<=\t))text:(?P<said>[^\t\n]{1,8000})", re.MULTILINE)
_LABELS = re.compile(r"(?<=\t)(?:eval_)?labels:(?P<said>[^\t\n|]{1,8000})")
_DONE = re.compile(r"(?<=\t)episode_done:True\b")
_ESCAPED = re.compile(r"\\n")
_MIN_TURNS = 4
_MIN_DISTINCT = 0.5
_MOST = 0.8
_CONFIDENCE = 0.95


def find_episodes(text: str, lines: Sequence[Line]) -> Finding | None:
    """What each line says, and the first of the answers to it; None where these are a few classes."""
    if "\tepisode_done:True" not in text:
        return None
    filled = [line for line in lines if not (line.blank or line.foreign)]
    drafts: list[Draft] = []
    turns: list[Utterance] = []
    start = -1
    told = []
    for line in filled:
        said = _TEXT.match(text, line.start, line.end)
        answer = _LABELS.search(text, said.end(), line.end) if said else None
        if said and answer:
            start = start if turns else line.start
            turns.append(Utterance("user", "user", _pieces(text, *said.span("said"))))
            turns.append(Utterance("assistant", "assistant", _pieces(text, *answer.span("said"))))
            told.append(answer["said"])
        if turns and _DONE.search(text, line.start, line.end):
            drafts.append(Draft(tuple(turns), start))
            turns = []
    if turns:
        drafts.append(Draft(tuple(turns), start))
    if 2 * len(told) < _MIN_TURNS or len(told) < _MOST * len(filled) or len(set(told)) < _MIN_DISTINCT * len(told):
        return None
    return Finding("written records", tuple(drafts), _CONFIDENCE, f"{len(drafts)} episodes of a data set")


def _pieces(text: str, start: int, end: int) -> tuple[Span, ...]:
    """What is said, parted where a line break is written out."""
    pieces = []
    for cut in _ESCAPED.finditer(text, start, end):
        pieces.append(Span(start, cut.start()))
        start = cut.end()
    return (*pieces, Span(start, end))
