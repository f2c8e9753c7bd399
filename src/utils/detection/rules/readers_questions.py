"""Questions below the names of readers, each with a labelled answer: ``Ida B., Oslo: Why?`` and ``Answer: ...``"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import collect
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import bare_key
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import read_label, stop_labels, words

_NAMED = re.compile(r"[*_]{0,3}(?P<name>[^\W\d_][^\n:：?!？！]{1,48}?)[*_]{0,3}[ ]?[:：][*_]{0,3}[ \t]*(?=\S)")
_MIN_READERS = 3
_ASKING_SHARE = 0.6
_DISTINCT_SHARE = 0.7
_MAX_BLANK = 2
_MAX_LETTER = 40
"""Lines of a reader's question."""
_CONFIDENCE = 0.9


def find_readers(text: str, lines: Sequence[Line], labels: Sequence[Mark]) -> Finding | None:
    """A pair for each answer behind the same word, where somebody else's name stands before most of the questions; the
    same names again and again are fields."""
    answers = [mark for mark in labels if mark.label.word.family == "answer" and not mark.label.alone]
    counts = Counter(bare_key(mark.label) for mark in answers)
    word, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < _MIN_READERS or len(word) < 2 or word in words("outputs"):
        return None
    answers = [mark for mark in answers if bare_key(mark.label) == word]
    found = [(place, _question(text, lines, mark)) for place, mark in enumerate(answers)]
    named = [(answers[place], index) for place, index in found if index >= 0]
    if len(named) < len(answers):
        return None
    names = [match["name"].casefold() for _, index in named if (match := _match(text, lines[index]))]
    heads = [index for _, index in named]
    drafts = []
    for place, (mark, index) in enumerate(named):
        following = heads[place + 1] if place + 1 < len(heads) else _last(lines, mark.index)
        asked = collect(text, lines, index, mark.index, _start(text, lines[index]))
        told = collect(text, lines, mark.index, following, mark.label.text_start, mark.label.text_end)
        turns = (Utterance("question", "question", asked), Utterance("answer", "answer", told))
        drafts.append(Draft(turns, lines[index].start))
    asking = sum(
        asks(text[turn.pieces[0].start : turn.pieces[-1].end]) for turn in (one.utterances[0] for one in drafts)
    )
    if asking < _ASKING_SHARE * len(drafts) or len(set(names)) < _DISTINCT_SHARE * len(names):
        return None
    return Finding("labelled pairs", tuple(drafts), _CONFIDENCE, f"{len(drafts)} answers to questions of named readers")


def _question(text: str, lines: Sequence[Line], mark: Mark) -> int:
    """The line where a name opens the paragraph above an answer; -1 where none does."""
    index = mark.index - 1
    while index >= 0 and lines[index].blank and mark.index - index <= _MAX_BLANK:
        index -= 1
    first = index
    while first > 0 and not starts_block(lines, first) and index - first < _MAX_LETTER:
        first -= 1
    return first if first >= 0 and not lines[first].blank and _match(text, lines[first]) else -1


def _match(text: str, line: Line) -> re.Match[str] | None:
    found = _NAMED.match(text, line.body, line.end)
    if found is None or read_label(found["name"]).family or found["name"].casefold() in stop_labels():
        return None
    return found


def _start(text: str, line: Line) -> int:
    found = _match(text, line)
    return found.end() if found else line.body


def _last(lines: Sequence[Line], index: int) -> int:
    """The last answer ends with its paragraph."""
    while index < len(lines) and not lines[index].blank:
        index += 1
    return index
