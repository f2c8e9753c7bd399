"""Questions and answers that run on inside paragraphs: ``D. Where were you? -- R. At home. -- D. Since when?``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import letter_pairs

_LETTER = re.compile(
    r"(?:\n|[ ](?<=[.?!…»\"”)—–-][ ]))"
    r"(?=(?P<mark>(?:\d{1,4}[.)][ ]+)?(?:[—–-][ ]?)?(?P<letter>[^\W\d_])[.:](?:[ ]?[—–-])?[ \n]+)\S)"
)
"""A letter with a full stop or colon where a sentence begins, behind the space before it."""
_EDGE = " \t\n—–-"
_NUMBER = re.compile(r"\s\d{1,4}[.)]\s*\Z")
_MIN_PAIRS = 3
_ALTERNATING = 0.85
_ASKING = 0.6
_INSIDE = 0.4
_ASKING_SOMEWHERE = 0.2
_GAP = re.compile(r"\n[ \t]*\n")


class _Letter(NamedTuple):
    """A letter that may begin a turn, and the span of its mark: its number and dash, the letter, its stop."""

    letter: str
    start: int
    end: int


def find_run_on(text: str, lines: Sequence[Line]) -> Finding | None:
    """The turns of two letters that take turns all through the text, many of them inside a line or paragraph."""
    found = list(_letters(text))
    counts = Counter(mark.letter.casefold() for mark in found)
    pair = max(letter_pairs(), key=lambda letters: min(counts[letter] for letter in letters))
    if min(counts[letter] for letter in pair) < _MIN_PAIRS:
        return _speakers_in_paragraphs(text, lines, found)
    marks = [mark for mark in found if mark.letter.casefold() in pair]
    if not _takes_turns(lines, marks):
        return None
    turns = [
        turn._replace(family="question" if turn.speaker == pair[0] else "answer") for turn in _turns(text, lines, marks)
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


def _letters(text: str) -> Iterator[_Letter]:
    """Every letter once, with all of its mark: a dash before it would also let it begin behind the dash."""
    end = -1
    for match in _LETTER.finditer("\n" + text):
        if match.end("mark") > end:
            end = match.end("mark")
            yield _Letter(match["letter"], match.start("mark") - 1, end - 1)


def _takes_turns(lines: Sequence[Line], marks: Sequence[_Letter]) -> bool:
    changes = sum(one.letter != other.letter for one, other in pairwise(marks))
    starts = {line.first for line in lines if not line.blank}
    inside = sum(mark.start not in starts for mark in marks)
    return changes >= _ALTERNATING * (len(marks) - 1) and inside >= _INSIDE * len(marks)


def _speakers_in_paragraphs(text: str, lines: Sequence[Line], found: Sequence[_Letter]) -> Finding | None:
    """Any two capitals that take turns without a break inside paragraphs, each of which is a dialogue of its own; the
    letters of a course book stand for names."""
    letters = Counter(mark.letter for mark in found if mark.letter.isupper())
    if len(letters) != 2 or min(letters.values()) < _MIN_PAIRS or not _takes_turns(lines, found):
        return None
    turns = _turns(text, lines, found)
    if sum(asks(text[slice(*turn.pieces[0])]) for turn in turns) < _ASKING_SOMEWHERE * len(turns):
        return None
    drafts: list[list[Utterance]] = []
    for number, turn in enumerate(turns):
        between = text[turns[number - 1].pieces[0].end : turn.pieces[0].start] if number else "\n\n"
        if _GAP.search(between):
            drafts.append([])
        drafts[-1].append(turn)
    whole = tuple(Draft(tuple(members), members[0].pieces[0].start) for members in drafts)
    return Finding("labelled dialogue", whole, 0.9, f"{len(turns)} turns of two letters run on in paragraphs")


def _turns(text: str, lines: Sequence[Line], marks: Sequence[_Letter]) -> list[Utterance]:
    pieces = _pieces(text, lines, marks)
    return [Utterance(mark.letter.casefold(), None, (piece,)) for mark, piece in zip(marks, pieces, strict=True)]


def _pieces(text: str, lines: Sequence[Line], marks: Sequence[_Letter]) -> list[Span]:
    """What stands between one letter and the next; a paragraph ends it where a heading stands between them, and at the
    end of the text."""
    blanks = [line.start for line in lines if line.blank]
    stops = [*(mark.start for mark in marks[1:]), len(text)]
    pieces = []
    for mark, stop in zip(marks, stops, strict=True):
        place = bisect_left(blanks, mark.end)
        blank = min(blanks[place] if place < len(blanks) else len(text), stop)
        last = stop == len(text)
        pieces.append(_trimmed(text, mark.end, blank if last or _is_heading(text[blank:stop]) else stop))
    return pieces


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    number = _NUMBER.search(text, max(start, end - 8), end)
    end = number.start() if number else end
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return Span(start, end)


def _is_heading(between: str) -> bool:
    """Whether nothing but one line in capitals stands between two paragraphs."""
    bare = between.strip()
    return bool(bare) and "\n" not in bare and bare.isupper()
