"""Titles of test cases and scripts that a code begins: ``TC01 - opening hours`` above what somebody says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from src.utils.detection.lines.labels import find_label
from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import read_label

_CODED = re.compile(r"(?P<code>[^\W\d_]{1,8})[-_ ]?(?P<number>\d{1,4})(?:[ ]?[-–—:.][ ]|$)")
_MAX_TITLE = 80
_ASKERS = ("user", "question")


def mark_coded_heads(text: str, lines: Sequence[Line]) -> None:
    """Mark as divisions the lines of their own that the same code begins, each with another number, where a word for
    a speaker opens what stands below; a code that itself asks or answers (``Q1``) is a label. The
    first of them stands above the first turn: below one, such a line is what its speaker lists.
    """
    groups: dict[str, list[tuple[Line, str]]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.blank or line.code or line.foreign or line.level or line.end - line.first > _MAX_TITLE:
            continue
        code = _CODED.match(text, line.first, line.end)
        if code is None or text[line.end - 1] in SENTENCE_ENDS or read_label(code["code"]).family:
            continue
        if _heads_turns(text, lines, index):
            groups[code["code"]].append((line, code["number"]))
    counted = [heads for heads in groups.values() if 1 < len(heads) == len({number for _, number in heads})]
    if counted and not _follows_turns(text, lines, min(heads[0][0].start for heads in counted)):
        for line, _ in chain.from_iterable(counted):
            line.division, line.level = True, 1


def _follows_turns(text: str, lines: Sequence[Line], start: int) -> bool:
    above = (find_label(text, lines, index) for index, line in enumerate(lines) if line.start < start)
    return any(label.word.family in _ASKERS for label in above if label)


def _heads_turns(text: str, lines: Sequence[Line], index: int) -> bool:
    below = next_filled(lines, index + 1)
    if not starts_block(lines, index) or below == index + 1 or below == len(lines):
        return False
    label = find_label(text, lines, below)
    return label is not None and label.word.family in (*_ASKERS, "assistant")
