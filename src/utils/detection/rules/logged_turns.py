"""What a chat program writes into its log: turns behind a word for who speaks, among lines about other things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.speech import is_spoken
from src.utils.detection.structure.columns import is_prose
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import read_label

_MARKED = re.compile(
    r"(?<![^\s\[(|<\"'])(?P<word>[^\W\d_][^\W\d_]{1,19})[\])>\"']{0,2}[ ]?(?::|<(?!\w)|>|»|«|[-=]>|<-)[ ]+(?=\S)"
)
_REACH = 160
_MIN_OF_SIDE = 2
_MIN_CHANGES = 0.5
_CONFIDENCE = 0.85


def find_logged_turns(text: str, lines: Sequence[Line]) -> Finding | None:
    """The dialogue that the lines of a log hold behind words for those who ask and answer; None where what stands
    there are values, or one side is missing."""
    turns = list(_turns(text, lines))
    sides = [turn.family in ASKERS for turn in turns]
    if min(sides.count(True), sides.count(False)) < _MIN_OF_SIDE:
        return None
    changes = sum(one != other for one, other in pairwise(sides))
    draft = Draft(tuple(turns), turns[0].pieces[0].start)
    contents = [text[slice(*turn.pieces[0])] for turn in turns]
    if changes < _MIN_CHANGES * (len(turns) - 1) or not is_spoken(text, [draft]) or not is_prose(contents):
        return None
    return Finding("labelled dialogue", (draft,), _CONFIDENCE, f"{len(turns)} lines of a log that label what was said")


def _turns(text: str, lines: Sequence[Line]) -> Iterator[Utterance]:
    for line in lines:
        if line.blank or line.foreign:
            continue
        for found in _MARKED.finditer(text, line.first, min(line.end, line.first + _REACH)):
            word = read_label(found["word"])
            if word.family in (*ASKERS, *ANSWERERS):
                yield Utterance(word.key, word.family, (Span(found.end(), line.end),))
                break
