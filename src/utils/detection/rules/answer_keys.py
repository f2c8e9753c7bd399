"""A quiz with its key at the end: numbered questions, a heading for answers, and answers under the same numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import collect
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import words

_NUMBERED = re.compile(r"[*_]{0,2}(?P<number>\d{1,3})[.):][*_]{0,2}[ \t]+(?=\S)")
_MIN_QUESTIONS = 4
_LAST = re.compile(rf"^[ \t]*[*_]{{0,2}}{_MIN_QUESTIONS}[.):][*_]{{0,2}}[ \t]", re.MULTILINE)
"""The number that a list and its key both reach: most texts are asked for no more."""
_BEHIND_HEAD = re.compile(r"[ ]?(?:[(（]|[–—-][ ]|\d)[^\n]*$")
"""What may stand behind a heading: a remark, the name of the quiz, a number."""
_ASKING_SHARE = 0.6
_MAX_HEAD = 60
_MAX_HEADS = 20
_CONFIDENCE = 0.9


class _Item(NamedTuple):
    """A numbered line, where its words begin, and the line before which they end."""

    first: int
    start: int
    stop: int


def find_answer_key(text: str, lines: Sequence[Line]) -> Finding | None:
    """Each question with the answer of its number, where all have one; None where hardly one asks or the key does."""
    first = _LAST.search(text)
    if not first or not _LAST.search(text, first.end()):
        return None
    heads = [index for index in range(len(lines)) if _heads_key(text, lines[index])]
    for head in heads[:_MAX_HEADS]:
        told = _count_up(text, lines, head + 1)
        if len(told) < _MIN_QUESTIONS:
            continue
        asked = _count_up(text, lines, 0, head)
        if len(asked) != len(told):
            continue
        drafts = [_draft(text, lines, *pair) for pair in zip(asked, told, strict=True)]
        contents = [[_content(text, turn.pieces) for turn in draft.utterances] for draft in drafts]
        if sum(asks(question) for question, _ in contents) < _ASKING_SHARE * len(drafts):
            continue
        if any(asks(answer) for _, answer in contents):
            continue
        return Finding("questions as number", tuple(drafts), _CONFIDENCE, f"{len(drafts)} questions with a key")
    return None


def _heads_key(text: str, line: Line) -> bool:
    """Whether a short line is a heading for answers: ``Answers``, ``SOLUTIONS (handed out later)``."""
    if line.blank or line.code or line.foreign or line.end - line.first > _MAX_HEAD:
        return False
    content = _BEHIND_HEAD.sub("", text[line.body : line.end].casefold()).strip(" *_:：")
    return content in words("answer_headings")


def _count_up(text: str, lines: Sequence[Line], begin: int, stop: int | None = None) -> list[_Item]:
    """The lines that count 1, 2, 3 from ``begin`` on, each up to a blank line or the next one."""
    found: list[_Item] = []
    end = len(lines) if stop is None else stop
    starts: list[tuple[int, int]] = []
    for index in range(begin, end):
        match = None if lines[index].blank else _NUMBERED.match(text, lines[index].first, lines[index].end)
        if match and int(match["number"]) == len(starts) + 1:
            starts.append((index, match.end()))
        elif match and int(match["number"]) == 1:
            return found  # a list inside another
    if not starts:
        return []
    limits = [*(index for index, _ in starts[1:]), end]
    for (index, start), limit in zip(starts, limits, strict=True):
        last = index + 1
        while last < limit and not lines[last].blank and not lines[last].level:
            last += 1
        found.append(_Item(index, start, last))
    return found


def _draft(text: str, lines: Sequence[Line], asked: _Item, told: _Item) -> Draft:
    question = collect(text, lines, asked.first, asked.stop, asked.start)
    answer = collect(text, lines, told.first, told.stop, told.start)
    turns = (Utterance("question", "question", question), Utterance("answer", "answer", answer))
    return Draft(turns, lines[asked.first].start)


def _content(text: str, pieces: Sequence[Span]) -> str:
    return text[pieces[0].start : pieces[-1].end] if pieces else ""
