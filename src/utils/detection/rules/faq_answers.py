"""What stands below each question of one class as its answer: up to the next question, or from an answer's word on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.candidates import Candidate
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import collect
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import is_option
from src.utils.detection.rules.solved_tasks import names_answer
from src.utils.detection.types import Draft, Utterance

_FENCED_SHARE = 0.6
_PROSE = ("markdown", "md")
_MIN_KEYED = 3
_KEYED_SHARE = 0.8
MIN_OPTIONS = 2
_MAX_BARE_RULE = 3
OPTION = re.compile(r"[-*•(\[ ]{0,4}[^\W\d_][.)\]:、．][^\S\n]")
"""The letter before one of the options of an exam, of which it has ``MIN_OPTIONS`` or more."""
_KEY = re.compile(r"[*_]{0,2}(?P<word>[^:\n]{2,40}?)[*_]{0,2}\s?:[*_]{0,2}(?=[^\S\n]*\S)")


class _Answer(NamedTuple):
    """Lines below ``question`` up to ``stop``; from ``marker`` on they are the answer, where a line marks it."""

    question: Candidate
    stop: int
    marker: int = -1
    told_at: int = -1
    """Where the words of the answer begin on the line of a marker that is no label known by its word."""


class _Key(NamedTuple):
    """The index of a line, and its words before a colon."""

    line: int
    word: str


def pair_with_answers(
    text: str,
    lines: Sequence[Line],
    labels: dict[int, Label],
    questions: Sequence[Candidate],
    enders: Sequence[Candidate],
) -> list[Draft]:
    """Each of the ``questions`` that has an answer below it, with that answer; the next of ``enders`` ends it at the
    latest."""
    told = {index for index, label in labels.items() if names_answer(label)}
    answers = [_Answer(question, _stop(lines, question, enders, told)) for question in questions]
    answers = _with_markers(text, lines, labels, answers)
    fences: Sequence[Span | None] = [_prose_fence(text, lines, answer) for answer in answers]
    if sum(fence is not None for fence in fences) < _FENCED_SHARE * len(answers):
        fences = [None] * len(answers)
    drafts = (_draft(text, lines, labels, answer, fence) for answer, fence in zip(answers, fences, strict=True))
    return [draft for draft in drafts if draft]


def _stop(lines: Sequence[Line], question: Candidate, enders: Sequence[Candidate], told: Collection[int]) -> int:
    """The line where the answer ends: the next member of the class, a heading of the same or a higher level, a rule."""
    following = bisect_right(enders, question.index, key=_index)
    stop = enders[following].index if following < len(enders) else len(lines)
    for index in range(question.last + 1, stop):
        line = lines[index]
        if not (line.blank or line.code or line.skip or index in told) and _ends_answer(lines, question, index):
            return index
    return stop


def _index(candidate: Candidate) -> int:
    return candidate.index


def _ends_answer(lines: Sequence[Line], question: Candidate, index: int) -> bool:
    """Whether line ``index`` is set above the answer: a heading, a rule, text at the question's margin."""
    line = lines[index]
    if line.level and (not question.is_heading or line.level <= question.level):
        return True
    if line.rule and _stands_free(lines, index):
        return True
    if question.kind[0] == "indent":
        return line.indent <= lines[question.index].indent and starts_block(lines, index)
    return question.kind[0] == "number" and not line.level and _ends_number(lines, question, index)


def _stands_free(lines: Sequence[Line], index: int) -> bool:
    return starts_block(lines, index) and (
        index + 1 >= len(lines)
        or lines[index + 1].blank
        or lines[index + 1].section != lines[index].section
        or lines[index].end - lines[index].first <= _MAX_BARE_RULE
    )


def _ends_number(lines: Sequence[Line], question: Candidate, index: int) -> bool:
    """Where answers are set deeper than numbered questions, a chapter's number at the margin ends the answer."""
    below = question.last + 1
    while below < len(lines) and lines[below].blank:
        below += 1
    deeper = below < len(lines) and lines[below].indent > lines[question.index].indent
    return (
        deeper and lines[index].indent <= lines[question.index].indent and starts_block(lines, index) and index > below
    )


def _with_markers(text: str, lines: Sequence[Line], labels: dict[int, Label], answers: list[_Answer]) -> list[_Answer]:
    """Where most questions are followed by an answer label, what stands before it belongs to the question."""
    marked = [answer._replace(marker=_find_marker(text, lines, labels, answer)) for answer in answers]
    if all(answer.marker < 0 for answer in marked):
        return _with_keys(text, lines, answers)
    with_marker = sum(answer.marker >= 0 for answer in marked)
    return marked if with_marker * 2 >= len(marked) else answers


def _find_marker(text: str, lines: Sequence[Line], labels: dict[int, Label], answer: _Answer) -> int:
    for index in range(answer.question.last + 1, answer.stop):
        label = labels.get(index)
        if label is not None and names_answer(label) and not is_option(text, lines, Mark(index, label)):
            return index
    return -1


def _with_keys(text: str, lines: Sequence[Line], answers: list[_Answer]) -> list[_Answer]:
    """Where the options of an exam are followed by a word and a colon, the same each time, the answer begins there."""
    found = [_key_line(text, lines, answer) for answer in answers]
    counts = Counter(key.word for key in found if key)
    word, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < _MIN_KEYED or count < _KEYED_SHARE * len(answers):
        return answers
    return [
        answer._replace(marker=key.line, told_at=text.index(":", lines[key.line].first) + 1)
        if key and key.word == word
        else answer
        for answer, key in zip(answers, found, strict=True)
    ]


def _key_line(text: str, lines: Sequence[Line], answer: _Answer) -> _Key | None:
    """The first line below two options or more that is none itself, if it has words before a colon."""
    options = 0
    for index in range(answer.question.last + 1, answer.stop):
        line = lines[index]
        if line.blank:
            continue
        if OPTION.match(text, line.first, line.end):
            options += 1
        elif options >= MIN_OPTIONS:
            key = _KEY.match(text, line.first, line.end)
            return _Key(index, key["word"].casefold()) if key else None
    return None


def _prose_fence(text: str, lines: Sequence[Line], answer: _Answer) -> Span | None:
    """First and last line of the only fence below a question, when it is marked as Markdown."""
    marks = [
        index
        for index in range(answer.question.last + 1, answer.stop)
        if lines[index].code and text.startswith(("```", "~~~"), lines[index].first)
    ]
    if len(marks) != 2:
        return None
    opening = lines[marks[0]]
    return Span(*marks) if text[opening.first : opening.end].strip("`~ ").casefold() in _PROSE else None


def _draft(
    text: str, lines: Sequence[Line], labels: dict[int, Label], answer: _Answer, fence: Span | None
) -> Draft | None:
    """The question and its answer; None where one of them says nothing."""
    question = answer.question
    told = _told(text, lines, labels, answer, fence)
    if not told or not any(map(str.isalnum, text[question.start : question.end])):
        return None
    asked: tuple[Span, ...] = (Span(question.start, question.end),)
    if question.last > question.index:
        asked = _cut_end(collect(text, lines, question.index, question.last + 1, question.start), question.end)
    if answer.marker >= 0 and fence is None and question.answer_at < 0:
        asked += collect(text, lines, question.last + 1, answer.marker)
    return Draft(
        (Utterance("question", "question", asked), Utterance("answer", "answer", told)), lines[question.index].start
    )


def _told(
    text: str, lines: Sequence[Line], labels: dict[int, Label], answer: _Answer, fence: Span | None
) -> tuple[Span, ...]:
    question = answer.question
    if fence:
        return collect(text, lines, fence.start + 1, fence.end)
    if question.answer_at >= 0:
        return collect(text, lines, question.last, answer.stop, question.answer_at)
    if answer.marker < 0:
        return collect(text, lines, question.last + 1, answer.stop)
    if answer.told_at >= 0:
        return collect(text, lines, answer.marker, answer.stop, answer.told_at)
    return _below_marker(text, lines, labels, answer.marker, answer.stop)


def _cut_end(pieces: tuple[Span, ...], end: int) -> tuple[Span, ...]:
    return tuple(Span(piece.start, min(piece.end, end)) for piece in pieces if piece.start < end)


def _below_marker(
    text: str, lines: Sequence[Line], labels: dict[int, Label], marker: int, stop: int
) -> tuple[Span, ...]:
    """The answer below its label; a second label right below the first (a summary, then a heading) is left out too."""
    for _ in range(2):
        label = labels[marker]
        if not label.alone:
            return collect(text, lines, marker, stop, label.text_start, label.text_end)
        below = marker + 1
        while below < stop and (lines[below].blank or not collect(text, lines, below, below + 1)):
            below += 1
        second = labels.get(below)
        if below >= stop or second is None or second.word.family != "answer":
            return collect(text, lines, marker + 1, stop)
        marker = below
    return collect(text, lines, marker, stop, labels[marker].text_start, labels[marker].text_end)
