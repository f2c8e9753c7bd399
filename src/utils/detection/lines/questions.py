"""Lines that may be the question of a FAQ: headings, numbered, bold, indented, defined or bare, by class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from src.core.types import Span
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import is_decoration
from src.utils.detection.lines.question_patterns import (
    ASK_MARK,
    ASKING,
    BOLD,
    BULLET,
    COLUMNS,
    DEFINED,
    DEFINITION,
    DIRECTIVE,
    HEAD,
    NOT_LETTERS,
    NUMBER,
    NUMBER_END,
    OPEN_TAG,
    OPENED,
    PREFIX,
    PROMPT,
    RUN_IN,
    RUN_ON,
    TAG,
    WORD_NUMBER,
)
from src.utils.detection.words.signs import QUESTION_MARKS
from src.utils.detection.words.vocabulary import html_tags, read_label, stop_labels, words

QuestionClass = tuple[str, ...]
"""What makes lines of one document alike: the kind first, then its details (level, shape of the number, indent)."""

_SUFFIX = re.compile(
    r"[ \t]*(?:\{#[^{}]{0,120}\}|#{1,6}|={1,6}|::|\*{1,3}|_{1,3}|</[a-zA-Z][a-zA-Z0-9]{0,9}>"
    r"|<a\b[^<>]{0,200}>|(?<=[?.!])\})$"
)
_MAX_QUESTION = 400
_MAX_LEAD = 60
"""No bullet and number before a bold question are longer."""
_MAX_WRAPPED = 6
_MAX_ASKING_LINES = 3
_MAX_PARAGRAPH = 20
_LINE = ("line",)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible question: lines ``index`` to ``last``, its text, its class, and whether it ends as a question does.

    ``answer_at`` is where the answer begins when it stands in the same line, else -1.
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
        and _is_in_capitals(text[other.start : other.end])
        else other
        for other in found
    ]


def _is_anchor(text: str, line: Line) -> bool:
    return line.end - line.first < 200 and is_decoration(text, Span(line.first, line.end))


def ends_as_question(content: str) -> bool:
    """Whether a text ends with a question mark of any script, quotes, marks and emoji aside."""
    ending = content[-80:].rstrip()
    if not any(mark in ending for mark in (*QUESTION_MARKS, ";")):
        return False
    trimmed = NOT_LETTERS.sub("", ending)
    found = ASKING.search(trimmed)
    if not found:
        return False
    return found[0][0] != ";" or any("\u0370" <= letter <= "\u03ff" for letter in content)


def _candidate(text: str, lines: Sequence[Line], index: int, label: Label | None) -> Candidate | None:
    line = lines[index]
    number = NUMBER.match(text, line.body, line.end)
    initial = bool(
        label and number and number[0][0].isalpha() and label.name.startswith(f"{number[0][:2]} ")
    )  # M. COLE
    shape = _shape(number[0]) if number and not initial and any(mark in number[0] for mark in NUMBER_END) else ""
    if not shape and label is None and starts_block(lines, index):
        worded = WORD_NUMBER.match(text, line.body, line.end)
        shape = _shape(worded[0].casefold()) if worded else ""
    if line.level:
        return _build(text, lines, index, index, ("heading", str(line.level), shape), line.level, label)
    if label is not None and _asks_by_label(label):
        return _build(text, lines, index, _wrapped(text, lines, index), ("label", label.form), 0, label)
    prefix = _prefix(text, line)
    if prefix:
        last = _wrapped(text, lines, index)
        word = prefix["word"] or prefix["command"]
        built = _build(text, lines, index, last, ("prefix", word), 0, None)
        return replace(
            built, asks=built.asks or (read_label(word).family == "question" and word.casefold() not in words("inputs"))
        )
    folded = DIRECTIVE.match(text, line.first, line.end)
    if folded:
        kind = next(word for word in folded.group("one", "two", "three", "four", "five") if word)
        return Candidate(index, index, ("tag", kind), 0, folded.start("title"), folded.end("title"), True)
    run_on = RUN_ON.match(text, line.first, min(line.end, line.first + _MAX_QUESTION))
    if run_on and label is None and (run_on["mark"].strip().strip("-–—") or _goes_on_in_list(text, run_on)):
        kind_of = ("run-in", run_on["mark"].strip(), str(line.indent))
        return Candidate(
            index, index, kind_of, 0, run_on.start("asked"), run_on.end("asked"), asks=True, answer_at=run_on.end()
        )
    run_in = _run_in(text, lines, index, shape)
    if run_in:
        return run_in
    if shape:
        return _build(text, lines, index, _wrapped(text, lines, index), ("number", shape, str(line.indent)), 0, label)
    return _unnumbered(text, lines, index, may_be_line=label is None)


def _goes_on_in_list(text: str, found: re.Match[str]) -> bool:
    """Whether an answer behind a dash is an item's sentence, not the writer's words: ``- Why? - she asked.``"""
    return bool(found["listed"]) and not text[found.end()].islower()


def _prefix(text: str, line: Line) -> re.Match[str] | None:
    """A word that names no speaker, or a command, before the text of the line."""
    found = PREFIX.match(text, line.body, line.end)
    return found if found and (found["command"] or found["word"].casefold() in stop_labels()) else None


def _run_in(text: str, lines: Sequence[Line], index: int, shape: str) -> Candidate | None:
    """A question whose answer follows in its line; not where the whole paragraph asks and the answer stands below."""
    line = lines[index]
    if not (shape or any(text.find(mark, line.body, line.body + _MAX_LEAD) >= 0 for mark in ("**", "__"))):
        return None
    found = RUN_IN.match(text, line.body, min(line.end, line.body + _MAX_QUESTION))
    if not found or not (shape or found["bold"]) or ends_as_question(text[line.first : line.end]):
        return None
    last = index
    while last + 1 < len(lines) and _continues(lines, last + 1):
        last += 1
    if not found["bold"] and _body_below(lines, last, index):
        return None
    kind = ("run-in", "bold" if found["bold"] else shape, str(line.indent))
    return Candidate(index, index, kind, 0, found.start("asked"), found.end("asked"), True, found.end())


def _shape(number: str) -> str:
    """The form of a number: ``12.`` and ``7.`` are alike, ``G5.`` and ``2.1.`` are not."""
    return re.sub(r"[A-Z]{1,2}(?=\d)", "A", re.sub(r"[\d一二三四五六七八九十]+", "9", number.strip()))


def _asks_by_label(label: Label) -> bool:
    """A question's word with text behind it; of letters only Q, for any other may number a list."""
    word = label.word.key.rstrip("0123456789 .#")
    if word in words("inputs"):
        return False  # asks only beside an output
    return label.word.family == "question" and not label.alone and (len(word) > 1 or word in ("q", "問", "问", "문"))


def _unnumbered(text: str, lines: Sequence[Line], index: int, *, may_be_line: bool) -> Candidate | None:
    line = lines[index]
    content = text[line.first : min(line.end, line.first + _MAX_QUESTION)]
    tag = OPEN_TAG.match(text, line.first, line.end)
    if tag or content.endswith("::"):
        kind = ("tag", tag[1].lower()) if tag else ("definition", str(line.indent))
        return _build(text, lines, index, index, kind, 0, None)
    defined = DEFINED.match(text, line.first, line.end)
    if defined:
        return _defined(text, lines, index, defined.end())
    prompt = PROMPT.match(text, line.first, line.end)
    if prompt:
        built = _build(text, lines, index, index, ("prompt", prompt["mark"]), 0, None)
        return replace(built, start=prompt.end())
    bold = BOLD.match(text, line.first, line.end)
    if bold and bold[1] in text[bold.end() : line.end][-len(bold[1]) - 12 :]:
        return _build(text, lines, index, index, ("bold", bold[1], str(line.indent)), 0, None)
    if BULLET.match(text, line.first, line.end):
        return _build(text, lines, index, index, ("bullet", content[0], str(line.indent)), 0, None)
    if not starts_block(lines, index) and not _steps_in(lines, index):
        found = _asking_line(text, lines, index, 1) if may_be_line else None
        return found if found and _follows_question(text, lines, index) else None
    if not may_be_line:
        return _plain(text, lines, index)
    return _asking_line(text, lines, index) or _plain(text, lines, index) or _first_line(text, lines, index)


def _defined(text: str, lines: Sequence[Line], index: int, start: int) -> Candidate | None:
    """``;Why?`` above ``:Because.``, or before it in the same line: a list of definitions of a wiki."""
    end = lines[index].end
    inline = DEFINITION.search(text, start, end)
    if inline:
        return Candidate(
            index, index, ("definition", ";"), 0, start, inline.start() + 1, asks=True, answer_at=inline.end()
        )
    below = index + 1
    if below == len(lines) or not text.startswith(":", lines[below].first):
        return None
    return Candidate(index, index, ("definition", ";"), 0, start, end, ends_as_question(text[start:end]))


def _asking_line(text: str, lines: Sequence[Line], index: int, most: int = _MAX_ASKING_LINES) -> Candidate | None:
    """A question of at most ``most`` lines right above its answer, in the same paragraph."""
    begin, end = lines[index].first, lines[index].end
    if OPENED.match(text, begin, end) or COLUMNS.search(text, begin, end):
        return None
    for last in range(index, min(index + most, len(lines) - 1)):
        if last > index and (not _continues(lines, last) or PROMPT.match(text, lines[last].first, lines[last].end)):
            return None
        if ends_as_question(text[lines[last].first : lines[last].end]):
            told = _continues(lines, last + 1) and lines[last + 1].indent == lines[index].indent
            return _build(text, lines, index, last, _LINE, 0, None) if told else None
    return None


def _first_line(text: str, lines: Sequence[Line], index: int) -> Candidate | None:
    """The first line of a paragraph that does not begin with a question: what speaks against questions as lines."""
    below = index + 1 < len(lines) and _continues(lines, index + 1)
    return _build(text, lines, index, index, _LINE, 0, None) if below else None


def _steps_in(lines: Sequence[Line], index: int) -> bool:
    """Whether the line is set deeper than the one above and less deep than the one below: its own block."""
    if not index or index + 1 >= len(lines) or lines[index + 1].blank:
        return False
    return starts_block(lines, index - 1) and lines[index - 1].indent < lines[index].indent < lines[index + 1].indent


def _follows_question(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether the paragraph of this line begins with a question and an answer."""
    first = index
    while first and not starts_block(lines, first) and index - first < _MAX_PARAGRAPH:
        first -= 1
    return starts_block(lines, first) and _asking_line(text, lines, first) is not None


def _plain(text: str, lines: Sequence[Line], index: int) -> Candidate | None:
    """A paragraph set less deep than what follows it, or a short paragraph of its own."""
    line = lines[index]
    last = index
    while last + 1 < len(lines) and _continues(lines, last + 1) and lines[last + 1].indent == line.indent:
        last += 1
        if last - index >= _MAX_WRAPPED or PROMPT.match(text, lines[last].first, lines[last].end):
            return None
    below = last + 1
    directly = below < len(lines) and not lines[below].blank and lines[below].indent > line.indent
    if directly:
        return _build(text, lines, index, last, ("indent", str(line.indent)), 0, None)
    if lines[last].end - line.first > _MAX_QUESTION or (
        below < len(lines) and not lines[below].blank and lines[below].section == line.section
    ):
        return None
    loud = _is_loud(text[line.first : lines[last].end])
    return _build(text, lines, index, last, ("capitals" if loud else "block", str(line.indent)), 0, None)


def _is_loud(content: str) -> bool:
    """Whether a paragraph is several words in capitals; one alone may be an acronym."""
    return len(content.split()) > 1 and _is_in_capitals(content)


def _is_in_capitals(content: str) -> bool:
    """Whether every letter is a capital; those of many scripts have no case."""
    return content.isupper() and all(map(str.isupper, filter(str.isalpha, content)))


def _continues(lines: Sequence[Line], index: int) -> bool:
    line = lines[index]
    return not (line.blank or line.rule or line.level or line.code or line.skip or line.foreign) and not starts_block(
        lines, index
    )


def _wrapped(text: str, lines: Sequence[Line], index: int) -> int:
    """The last line of a question that may run over several: the paragraph, or up to the first question mark when the
    answer follows in the same paragraph."""
    first = index
    end = index
    while end + 1 < len(lines) and _continues(lines, end + 1) and end - first < _MAX_WRAPPED:
        if (
            NUMBER.match(text, lines[end + 1].first, lines[end + 1].end)
            and lines[end + 1].indent <= lines[first].indent
        ):
            break
        end += 1
    if end == first:
        return end
    stops = [line for line in range(first, end + 1) if ends_as_question(text[lines[line].first : lines[line].end])]
    deeper = end + 1 < len(lines) and _body_below(lines, end, first)
    if stops and not (deeper and end - first < _MAX_WRAPPED):
        return stops[0]
    return end if deeper else (stops[0] if stops else first)


def _body_below(lines: Sequence[Line], end: int, first: int) -> bool:
    """Whether a blank line and then deeper text follow: the paragraph is a question alone."""
    below = end + 1
    while below < len(lines) and lines[below].blank:
        below += 1
    return below < len(lines) and below > end + 1 and lines[below].indent > lines[first].indent


def _build(
    text: str, lines: Sequence[Line], index: int, last: int, kind: QuestionClass, level: int, label: Label | None
) -> Candidate:
    start, marked = _strip_prefix(text, lines[index], label)
    end = lines[last].end
    if index == last and label is not None and label.text_start == start:
        end = label.text_end
    end = _strip_suffix(text, start, end)
    content = text[start:end] if end - start <= _MAX_QUESTION * 3 else text[end - _MAX_QUESTION : end]
    return Candidate(
        index, last, kind, level, start, max(start, end), marked or kind[0] == "label" or ends_as_question(content)
    )


def _strip_prefix(text: str, line: Line, label: Label | None) -> tuple[int, bool]:
    """Where the question's own words begin, and whether a mark before them says that it is a question."""
    if label is not None and _asks_by_label(label):
        return label.text_start, True
    position, marked = line.body, False
    worded = WORD_NUMBER.match(text, position, line.end) or _prefix(text, line)
    if worded:
        position = worded.end()
    for _ in range(6):
        before = position
        for pattern in (HEAD, BULLET, NUMBER, BOLD):
            found = pattern.match(text, position, line.end)
            if found and (pattern is not NUMBER or any(mark in found[0] for mark in NUMBER_END)):
                position = found.end()
        tag = TAG.match(text, position, line.end)
        if tag and tag[1].lower() in html_tags():
            position = tag.end()
        ask = ASK_MARK.match(text, position, line.end)
        if ask:
            position, marked = ask.end(), True
        while position < line.end and text[position].isspace():
            position += 1
        if position == before:
            break
    return position, marked


def _strip_suffix(text: str, start: int, end: int) -> int:
    for _ in range(6):
        low = max(start, end - 260)
        found = _SUFFIX.search(text[low:end])
        if not found or found.start() == found.end():
            break
        end = low + found.start()
    return end
