"""A possible question: the lines it takes, its class, and where its own words begin and end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.question_patterns import (
    ASK_MARK,
    BOLD,
    BULLET,
    HEAD,
    NUMBER,
    NUMBER_END,
    PREFIX,
    TAG,
    WORD_NUMBER,
)
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import html_tags, stop_labels, words

QuestionClass = tuple[str, ...]
"""What makes lines of one document alike: the kind first, then its details (level, shape of the number, indent)."""

MAX_QUESTION = 400
MAX_WRAPPED = 6
"""Lines of a question that runs over several."""
_MAX_LAYERS = 6
"""Marks of emphasis, numbers and the like, one within the other, around a question."""
_MAX_SUFFIX = 260
_SUFFIX = re.compile(
    r"[ \t]*(?:\{#[^{}]{0,120}\}|#{1,6}|={1,6}|::|\*{1,3}|_{1,3}|</[a-zA-Z][a-zA-Z0-9]{0,9}>"
    r"|<a\b[^<>]{0,200}>|(?<=[?.!])\})$"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible question: lines ``index`` to ``last``, its text, its class, and whether it ends as a question does.

    ``level`` is that of a heading, else 0. ``answer_at`` is where the answer begins when it stands in the same line,
    else -1.
    """

    index: int
    last: int
    kind: QuestionClass
    level: int
    start: int
    end: int
    asks: bool
    answer_at: int = -1

    @property
    def is_heading(self) -> bool:
        """Whether the document itself marks it as a heading."""
        return self.kind[0] == "heading"


def make_candidate(
    text: str, lines: Sequence[Line], index: int, last: int, kind: QuestionClass, label: Label | None = None
) -> Candidate:
    """The candidate in the lines ``index`` to ``last``, without the marks around its words."""
    start, marked = _strip_prefix(text, lines[index], label)
    end = lines[last].end
    if index == last and label is not None and label.text_start == start:
        end = label.text_end
    end = _strip_suffix(text, start, end)
    content = text[start:end] if end - start <= MAX_QUESTION * 3 else text[end - MAX_QUESTION : end]
    asking = marked or kind[0] == "label" or ends_as_question(content)
    return Candidate(index, last, kind, lines[index].level, start, max(start, end), asking)


def asks_by_label(label: Label) -> bool:
    """A question's word with text behind it; of letters only Q, for any other may number a list."""
    word = label.word.key.rstrip("0123456789 .#")
    if word in words("inputs"):
        return False  # asks only beside an output
    return label.word.family == "question" and not label.alone and (len(word) > 1 or word in ("q", "問", "问", "문"))


def find_prefix(text: str, line: Line) -> re.Match[str] | None:
    """A word that names no speaker, or a command, before the text of the line."""
    found = PREFIX.match(text, line.body, line.end)
    return found if found and (found["command"] or found["word"].casefold() in stop_labels()) else None


def continues(lines: Sequence[Line], index: int) -> bool:
    """Whether the line is text that goes on in the paragraph of the line above."""
    line = lines[index]
    return not (line.blank or line.rule or line.level or line.code or line.skip or line.foreign) and not starts_block(
        lines, index
    )


def last_wrapped(text: str, lines: Sequence[Line], index: int) -> int:
    """The last line of a question that may run over several: the paragraph, or up to the first question mark when the
    answer follows in the same paragraph."""
    end = index
    while end + 1 < len(lines) and continues(lines, end + 1) and end - index < MAX_WRAPPED:
        below = lines[end + 1]
        if below.indent <= lines[index].indent and NUMBER.match(text, below.first, below.end):
            break
        end += 1
    if end == index:
        return end
    stops = [line for line in range(index, end + 1) if ends_as_question(text[lines[line].first : lines[line].end])]
    deeper = end + 1 < len(lines) and has_deeper_text_below(lines, end, index)
    if stops and not (deeper and end - index < MAX_WRAPPED):
        return stops[0]
    return end if deeper else (stops[0] if stops else index)


def has_deeper_text_below(lines: Sequence[Line], last: int, first: int) -> bool:
    """Whether a blank line and then deeper text follow the lines ``first`` to ``last``: they are a question alone."""
    below = last + 1
    while below < len(lines) and lines[below].blank:
        below += 1
    return below < len(lines) and below > last + 1 and lines[below].indent > lines[first].indent


def _strip_prefix(text: str, line: Line, label: Label | None) -> tuple[int, bool]:
    """Where the question's own words begin, and whether a mark before them says that it is a question."""
    if label is not None and asks_by_label(label):
        return label.text_start, True
    position, marked = line.body, False
    worded = WORD_NUMBER.match(text, position, line.end) or find_prefix(text, line)
    if worded:
        position = worded.end()
    for _ in range(_MAX_LAYERS):
        before = position
        position = _behind_marks(text, position, line.end)
        ask = ASK_MARK.match(text, position, line.end)
        if ask:
            position, marked = ask.end(), True
        while position < line.end and text[position].isspace():
            position += 1
        if position == before:
            break
    return position, marked


def _behind_marks(text: str, position: int, end: int) -> int:
    """Past the mark of a heading, a bullet, a number, emphasis and a tag that stand at ``position``."""
    for pattern in (HEAD, BULLET, NUMBER, BOLD):
        found = pattern.match(text, position, end)
        if found and (pattern is not NUMBER or any(mark in found[0] for mark in NUMBER_END)):
            position = found.end()
    tag = TAG.match(text, position, end)
    return tag.end() if tag and tag[1].lower() in html_tags() else position


def _strip_suffix(text: str, start: int, end: int) -> int:
    """Where the question's own words end: before closing marks, anchors and tags."""
    for _ in range(_MAX_LAYERS):
        low = max(start, end - _MAX_SUFFIX)
        found = _SUFFIX.search(text[low:end])
        if not found or found.start() == found.end():
            break
        end = low + found.start()
    return end
