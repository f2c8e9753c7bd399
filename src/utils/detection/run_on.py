"""Questions and answers that run on inside paragraphs: ``D. Where were you? -- R. At home. -- D. Since when?``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from src.core.types import Span
from src.utils.detection.lines import Line
from src.utils.detection.speech import asks
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.vocabulary import letter_pairs

_LETTER = re.compile(
    r"(?:(?<=[.?!…»\"”)] )|(?<=[.?!…»\"”)]\n)|(?<=[—–-] )|(?<=[—–-]\n)|(?<=\n))"
    r"(?:\d{1,4}[.)][ ]+)?(?:[—–-][ ]?)?(?P<letter>[^\W\d_])[.:](?:[ ]?[—–-])?[ \n]+(?=\S)"
)
"""A letter with a full stop or colon where a sentence begins."""
_EDGE = " \t\n—–-"
_NUMBER = re.compile(r"\s\d{1,4}[.)]\s*\Z")
_MIN_PAIRS = 3
_ALTERNATING = 0.85
_ASKING = 0.6
_INSIDE = 0.4


def find_run_on(text: str, lines: Sequence[Line]) -> Finding | None:
    """The turns of two letters that take turns all through the text, many of them inside a line or paragraph."""
    body = "\n" + text
    found = list(_LETTER.finditer(body))
    counts = Counter(match["letter"].casefold() for match in found)
    pair = max(letter_pairs(), key=lambda letters: min(counts[letter] for letter in letters))
    if min(counts[letter] for letter in pair) < _MIN_PAIRS:
        return None
    marks = [match for match in found if match["letter"].casefold() in pair]
    changes = sum(one["letter"] != other["letter"] for one, other in pairwise(marks))
    starts = {line.first for line in lines if not line.blank}
    inside = sum(match.start() - 1 not in starts for match in marks)
    if changes < _ALTERNATING * (len(marks) - 1) or inside < _INSIDE * len(marks):
        return None
    turns = [
        Utterance(
            match["letter"].casefold(), "question" if match["letter"].casefold() == pair[0] else "answer", (piece,)
        )
        for match, piece in zip(marks, _pieces(text, lines, [(m.start() - 1, m.end() - 1) for m in marks]), strict=True)
    ]
    questions = [text[slice(*turn.pieces[0])] for turn in turns if turn.family == "question"]
    if sum(map(asks, questions)) < _ASKING * len(questions):
        return None
    drafts = [
        Draft((one, other), one.pieces[0].start)
        for one, other in pairwise(turns)
        if one.family == "question" and other.family == "answer"
    ]
    return Finding("labelled pairs", tuple(drafts), 0.9, f"{len(turns)} questions and answers run on in paragraphs")


def _pieces(text: str, lines: Sequence[Line], places: Sequence[tuple[int, int]]) -> list[Span]:
    """What stands between one letter and the next; the last answer ends with its paragraph."""
    blank = iter([*(line.start for line in lines if line.blank and line.start > places[-1][1]), len(text)])
    ends = [*(start for start, _ in places[1:]), next(blank)]
    return [_trimmed(text, begin, end) for (_, begin), end in zip(places, ends, strict=True)]


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    number = _NUMBER.search(text, max(start, end - 8), end)
    end = number.start() if number else end
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return Span(start, end)
