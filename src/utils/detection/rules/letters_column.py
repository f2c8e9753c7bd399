"""Letters and answers printed in turn: a salutation to the same person again and again, then one to who wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import collect
from src.utils.detection.types import Draft, Family, Finding, Utterance
from src.utils.detection.words.vocabulary import words

_SALUTATION = re.compile(r"[*_]{0,3}(?P<word>[^\W\d_]{2,14})[ ](?P<name>[^\n:;?!,，{}<>\[\]]{1,48})[,:!，：][*_]{0,3}$")
_REPLY = re.compile(r"[*_]{0,3}[^\n:.?!]{1,40}[ ](?P<verb>[^\W\d_]{3,14})[*_]{0,3}[:：][*_]{0,3}[ \t]*")
_MIN_LETTERS = 2
_MAX_LINE = 80


class _Letter(NamedTuple):
    """A line that opens a letter: whom it addresses ("" for a reply with a heading of its own), and where the words
    begin."""

    place: int
    name: str
    start: int


def find_letters(text: str, lines: Sequence[Line]) -> Finding | None:
    """An advice column: the letters to the person who is addressed most, each with the answer below it."""
    found = [letter for index in range(len(lines)) if (letter := _read(text, lines, index))]
    replies = [reply for index in range(len(lines)) if (reply := _read_reply(text, lines, index))] if found else []
    found = sorted([*found, *replies], key=lambda letter: letter.place)
    if len(found) < 2 * _MIN_LETTERS:
        return None
    adviser, count = Counter(letter.name for letter in found).most_common(1)[0]
    answered = [(one, other) for one, other in pairwise(found) if one.name == adviser and other.name != adviser]
    if count < _MIN_LETTERS or len(answered) < _MIN_LETTERS or len(answered) * 2 < len(found) - 1:
        return None
    stops = {letter.place for letter in found}
    drafts = []
    for one, other in answered:
        turns = (_turn(text, lines, one, stops, "question"), _turn(text, lines, other, stops, "answer"))
        drafts.append(Draft(turns, lines[one.place].start))
    reason = f"{len(drafts)} letters to one person, each with an answer to its writer"
    return Finding("letters and answers", tuple(drafts), 0.9, reason)


def _read(text: str, lines: Sequence[Line], index: int) -> _Letter | None:
    line = lines[index]
    if line.blank or line.code or line.foreign or line.end - line.first > _MAX_LINE or not starts_block(lines, index):
        return None
    found = _SALUTATION.match(text, line.body, line.end)
    if not found or found["word"].casefold() not in words("salutations"):
        return None
    return _Letter(index, found["name"].strip(" *_").casefold(), line.first)


def _read_reply(text: str, lines: Sequence[Line], index: int) -> _Letter | None:
    """``THE WARDEN REPLIES: ...``"""
    line = lines[index]
    if line.blank or line.code or line.foreign or not starts_block(lines, index):
        return None
    found = _REPLY.match(text, line.body, min(line.end, line.body + _MAX_LINE))
    if not found or found["verb"].casefold() not in words("speech_verbs"):
        return None
    return _Letter(index, "", found.end())


def _turn(text: str, lines: Sequence[Line], letter: _Letter, stops: set[int], family: Family) -> Utterance:
    """The letter with its salutation, up to the next one, a heading or a rule."""
    stop = letter.place + 1
    while stop < len(lines) and stop not in stops and not (lines[stop].level or lines[stop].rule):
        stop += 1
    return Utterance(family, family, collect(text, lines, letter.place, stop, letter.start))
