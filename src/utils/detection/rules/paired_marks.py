"""Interviews without names, in which one mark opens every question and another every answer: ``* ...``, ``- ...``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import collect
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks

_MARK = re.compile(r"(?P<mark>[*•●○■□◆◇▪►▶+–—-])[ \t\u00a0\u3000]*(?=[^\W_]|[\"'“”«„¿¡(])")
_MIN_MARKS = 8
_ASKED_SHARE = 0.6
_ASKED_BACK_SHARE = 0.4


class _Marked(NamedTuple):
    line: int
    mark: str
    start: int


def find_paired_marks(text: str, lines: Sequence[Line]) -> Finding | None:
    """The run of paragraphs that two marks open in turn; those of the first ask, most of the second do not.

    A list has one mark, and nested lists do not take turns; so nearly every paragraph must change the mark.
    """
    marked = list(_marked(text, lines))
    if len(marked) < _MIN_MARKS or len({one.mark for one in marked}) != 2:
        return None
    changes = sum(one.mark != other.mark for one, other in pairwise(marked))
    if changes < 0.9 * (len(marked) - 1):
        return None
    asking = [
        [asks(text[one.start : lines[one.line].end]) for one in marked if one.mark == mark] for mark in _two(marked)
    ]
    if sum(asking[0]) < _ASKED_SHARE * len(asking[0]) or sum(asking[1]) > _ASKED_BACK_SHARE * len(asking[1]):
        return None
    turns = []
    for number, one in enumerate(marked):
        stop = marked[number + 1].line if number + 1 < len(marked) else _paragraph_end(lines, one.line)
        pieces = collect(text, lines, one.line, stop, one.start)
        if pieces:
            turns.append(Utterance(one.mark, "user" if one.mark == marked[0].mark else "assistant", pieces))
    draft = Draft(tuple(turns), lines[marked[0].line].start)
    return Finding("paired marks", (draft,), 0.85, f"{len(turns)} paragraphs that two marks open in turn")


def _marked(text: str, lines: Sequence[Line]) -> Sequence[_Marked]:
    found = []
    for index, line in enumerate(lines):
        if line.code or line.foreign or line.skip or not starts_block(lines, index):
            continue
        mark = _MARK.match(text, line.first, line.end)
        if mark:
            found.append(_Marked(index, mark["mark"], mark.end()))
    return found


def _two(marked: Sequence[_Marked]) -> list[str]:
    return list(dict.fromkeys(one.mark for one in marked))


def _paragraph_end(lines: Sequence[Line], index: int) -> int:
    end = index + 1
    while end < len(lines) and not lines[end].blank and not starts_block(lines, end):
        end += 1
    return end
