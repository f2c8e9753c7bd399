"""Lines that may be the question of a FAQ: headings, numbered, bold, indented, defined or bare, by class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.lines.bare_questions import bare_candidate, is_in_capitals
from src.utils.detection.lines.candidates import (
    MAX_QUESTION,
    Candidate,
    asks_by_label,
    continues,
    find_prefix,
    has_deeper_text_below,
    last_wrapped,
    make_candidate,
)
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import is_decoration
from src.utils.detection.lines.question_patterns import (
    BOLD,
    BULLET,
    DEFINED,
    DEFINITION,
    DIRECTIVE,
    NUMBER,
    NUMBER_END,
    OPEN_TAG,
    PROMPT,
    RUN_IN,
    RUN_ON,
    WORD_NUMBER,
)
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import read_label, words

_MAX_LEAD = 60
"""No bullet and number before a bold question are longer."""
_MAX_ANCHOR = 200
_MAX_CLOSING = 12
"""Characters behind the mark that closes emphasis in a line that is a question."""


def find_candidates(text: str, lines: Sequence[Line], labels: dict[int, Label]) -> list[Candidate]:
    """All candidates in order; a line belongs to the most telling class it fits."""
    found: list[Candidate] = []
    below = 0
    for index, line in enumerate(lines):
        if index < below:
            continue
        candidate = None
        if not (line.blank or line.code or line.skip or line.rule or line.foreign or _is_anchor(text, line)):
            candidate = _candidate(text, lines, index, labels.get(index))
        if candidate:
            found.append(candidate)
            below = candidate.last + 1
    return _with_short(text, found)


def _with_short(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """A question of one word in capitals is set off by them only beside longer ones; alone it may be an acronym."""
    loud = {other.kind[1:] for other in found if other.asks and other.kind[0] == "capitals"}
    return [
        replace(other, kind=("capitals", *other.kind[1:]))
        if other.asks
        and other.kind[0] == "block"
        and other.kind[1:] in loud
        and is_in_capitals(text[other.start : other.end])
        else other
        for other in found
    ]


def _is_anchor(text: str, line: Line) -> bool:
    return line.end - line.first < _MAX_ANCHOR and is_decoration(text, Span(line.first, line.end))


def _candidate(text: str, lines: Sequence[Line], index: int, label: Label | None) -> Candidate | None:
    line = lines[index]
    shape = _number_shape(text, lines, index, label)
    if line.level:
        return make_candidate(text, lines, index, index, ("heading", str(line.level), shape), label)
    if label is not None and asks_by_label(label):
        return make_candidate(text, lines, index, last_wrapped(text, lines, index), ("label", label.form), label)
    found = (
        _prefixed(text, lines, index)
        or _folded(text, lines, index)
        or (_run_on(text, lines, index) if label is None else None)
        or _run_in(text, lines, index, shape)
    )
    if found:
        return found
    if shape:
        kind = ("number", shape, str(line.indent))
        return make_candidate(text, lines, index, last_wrapped(text, lines, index), kind, label)
    return _unnumbered(text, lines, index, may_be_line=label is None)


def _number_shape(text: str, lines: Sequence[Line], index: int, label: Label | None) -> str:
    """The form of the number that the line begins with: ``12.`` and ``7.`` are alike, ``G5.`` and ``2.1.`` are not; ""
    where it begins with none, or with the initial of a speaker (``M. COLE``)."""
    line = lines[index]
    number = NUMBER.match(text, line.body, line.end)
    initial = label and number and number[0][0].isalpha() and label.name.startswith(f"{number[0][:2]} ")
    if number and not initial and any(mark in number[0] for mark in NUMBER_END):
        return _shape(number[0])
    if label is None and starts_block(lines, index):
        worded = WORD_NUMBER.match(text, line.body, line.end)
        return _shape(worded[0].casefold()) if worded else ""
    return ""


def _shape(number: str) -> str:
    return re.sub(r"[A-Z]{1,2}(?=\d)", "A", re.sub(r"[\d一二三四五六七八九十]+", "9", number.strip()))


def _prefixed(text: str, lines: Sequence[Line], index: int) -> Candidate | None:
    """A line behind a word with a colon, or a command: ``Subject: 2.1 How ...?``"""
    prefix = find_prefix(text, lines[index])
    if not prefix:
        return None
    word = prefix["word"] or prefix["command"]
    made = make_candidate(text, lines, index, last_wrapped(text, lines, index), ("prefix", word))
    asking = read_label(word).family == "question" and word.casefold() not in words("inputs")
    return replace(made, asks=made.asks or asking)


def _folded(text: str, lines: Sequence[Line], index: int) -> Candidate | None:
    """The title of a block that a site folds away."""
    found = DIRECTIVE.match(text, lines[index].first, lines[index].end)
    if not found:
        return None
    kind = next(word for word in found.group("one", "two", "three", "four", "five") if word)
    return Candidate(index, index, ("tag", kind), 0, found.start("title"), found.end("title"), asks=True)


def _run_on(text: str, lines: Sequence[Line], index: int) -> Candidate | None:
    """A question, a mark and its answer in one line; a dash alone only where the answer is an item's sentence, not the
    writer's words: ``- Why? - she asked.``"""
    line = lines[index]
    found = RUN_ON.match(text, line.first, min(line.end, line.first + MAX_QUESTION))
    if not found:
        return None
    mark = found["mark"].strip()
    if not mark.strip("-–—") and (not found["listed"] or text[found.end()].islower()):
        return None
    return _answered(index, ("run-in", mark, str(line.indent)), found)


def _run_in(text: str, lines: Sequence[Line], index: int, shape: str) -> Candidate | None:
    """A question whose answer follows in its line; not where the whole paragraph asks and the answer stands below."""
    line = lines[index]
    if not (shape or any(text.find(mark, line.body, line.body + _MAX_LEAD) >= 0 for mark in ("**", "__"))):
        return None
    found = RUN_IN.match(text, line.body, min(line.end, line.body + MAX_QUESTION))
    if not found or not (shape or found["bold"]) or ends_as_question(text[line.first : line.end]):
        return None
    last = index
    while last + 1 < len(lines) and continues(lines, last + 1):
        last += 1
    if not found["bold"] and has_deeper_text_below(lines, last, index):
        return None
    return _answered(index, ("run-in", "bold" if found["bold"] else shape, str(line.indent)), found)


def _answered(index: int, kind: tuple[str, ...], found: re.Match[str]) -> Candidate:
    """The question that ``found`` holds, with its answer right behind it."""
    return Candidate(index, index, kind, 0, *found.span("asked"), asks=True, answer_at=found.end())


def _unnumbered(text: str, lines: Sequence[Line], index: int, *, may_be_line: bool) -> Candidate | None:
    line = lines[index]
    content = text[line.first : min(line.end, line.first + MAX_QUESTION)]
    tag = OPEN_TAG.match(text, line.first, line.end)
    if tag or content.endswith("::"):
        kind = ("tag", tag[1].lower()) if tag else ("definition", str(line.indent))
        return make_candidate(text, lines, index, index, kind)
    defined = DEFINED.match(text, line.first, line.end)
    if defined:
        return _defined(text, lines, index, defined.end())
    prompt = PROMPT.match(text, line.first, line.end)
    if prompt:
        return replace(make_candidate(text, lines, index, index, ("prompt", prompt["mark"])), start=prompt.end())
    bold = BOLD.match(text, line.first, line.end)
    if bold and bold[1] in text[bold.end() : line.end][-len(bold[1]) - _MAX_CLOSING :]:
        return make_candidate(text, lines, index, index, ("bold", bold[1], str(line.indent)))
    if BULLET.match(text, line.first, line.end):
        return make_candidate(text, lines, index, index, ("bullet", content[0], str(line.indent)))
    return bare_candidate(text, lines, index, may_be_line=may_be_line)


def _defined(text: str, lines: Sequence[Line], index: int, start: int) -> Candidate | None:
    """``;Why?`` above ``:Because.``, or before it in the same line: a list of definitions of a wiki."""
    end = lines[index].end
    kind = ("definition", ";")
    inline = DEFINITION.search(text, start, end)
    if inline:
        return Candidate(index, index, kind, 0, start, inline.start() + 1, asks=True, answer_at=inline.end())
    below = index + 1
    if below == len(lines) or not text.startswith(":", lines[below].first):
        return None
    return Candidate(index, index, kind, 0, start, end, asks=ends_as_question(text[start:end]))
