"""Blocks with a question as their title, which a page folds away: callouts of notes, components of documentation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import collect, tidy
from src.utils.detection.structure.columns import answer_in_sentences
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question

_CALLOUT = re.compile(r">[ ]?\[!(?P<kind>[\w-]{2,20})(?:\|[^\[\]\n]{0,40})?\][+-]?[ ]+(?P<title>\S[^\n]{2,300})")
"""``> [!faq]- Why?``: the lines quoted below it are the block."""
_COMPONENT = re.compile(
    r"<(?P<kind>[A-Z][\w.]{1,30}|[a-z]{1,12}(?:-[a-z]{1,16}){1,3})\s(?:[^<>]{0,200}?\s)?"
    r"(?:title|question|header|heading|summary)=\{?(?:\"(?P<title>[^\"\n<>]{3,300})\"|'(?P<other>[^'\n<>]{3,300})')\}?"
    r"(?:\s[^<>]{0,200})?>[ \t]*"
)
"""``<Accordion title="Why?">``, up to the ``</Accordion>`` that closes it."""
_MAX_TAG_LINES = 8
_MAX_LINES = 400
"""Lines of the tag that opens a block, and of the block."""
_MIN_ASKING = 2
_MOST = 0.5
_CONFIDENCE = 0.92


class _Block(NamedTuple):
    """A block of one ``kind``: its title and what stands in it."""

    kind: str
    start: int
    title: Span
    told: tuple[Span, ...]


def find_folded_blocks(text: str, lines: Sequence[Line]) -> Finding | None:
    """The blocks that ask, of the kinds with as many questions as other titles, with sentences below them: a button or
    a choice answers nothing. None where hardly any do."""
    if "[!" not in text and "=" not in text:
        return None
    kinds: dict[str, list[_Block]] = defaultdict(list)
    for block in _blocks(text, lines):
        kinds[block.kind].append(block)
    asked = [block for blocks in kinds.values() for block in _asking(text, blocks)]
    if len(asked) < _MIN_ASKING:
        return None
    drafts = [
        Draft(
            (Utterance("question", "question", (block.title,)), Utterance("answer", "answer", block.told)), block.start
        )
        for block in sorted(asked, key=lambda block: block.start)
    ]
    reason = f"{len(drafts)} blocks with a question as their title"
    return Finding("questions as blocks", tuple(drafts), _CONFIDENCE, reason)


def _asking(text: str, blocks: Sequence[_Block]) -> list[_Block]:
    """The blocks of one kind that ask and are answered; none where most of the kind do something else."""
    asking = [block for block in blocks if block.told and ends_as_question(text[slice(*block.title)])]
    told = [text[block.told[0].start : block.told[-1].end] for block in asking]
    enough = len(asking) >= max(_MIN_ASKING, _MOST * len(blocks))
    return asking if enough and answer_in_sentences(told) else []


def _blocks(text: str, lines: Sequence[Line]) -> Iterator[_Block]:
    for index, line in enumerate(lines):
        if line.blank or line.code or line.foreign or text[line.first] not in "<>":
            continue
        block = _callout(text, lines, index) if text[line.first] == ">" else _component(text, lines, index)
        if block:
            yield block


def _callout(text: str, lines: Sequence[Line], index: int) -> _Block | None:
    line = lines[index]
    found = _CALLOUT.fullmatch(text, line.first, line.end)
    if not found:
        return None
    stop = index + 1
    while stop < len(lines) and _goes_on(text, lines[stop]):
        stop += 1
    inner = lines[index + 1 : stop]
    spans = [Span(min(below.first + 1 + text.startswith("> ", below.first), below.end), below.end) for below in inner]
    told = tidy(text, spans, [span.start - below.start for span, below in zip(spans, inner, strict=True)])
    return _Block(f"[!{found['kind'].casefold()}]", line.start, Span(*found.span("title")), told)


def _goes_on(text: str, line: Line) -> bool:
    return not line.blank and text.startswith(">", line.first) and not text.startswith(("> [!", ">[!"), line.first)


def _component(text: str, lines: Sequence[Line], index: int) -> _Block | None:
    line = lines[index]
    last = min(len(lines), index + _MAX_TAG_LINES) - 1
    found = _COMPONENT.match(text, line.first, lines[last].end)
    if not found or found[0].rstrip().endswith("/>"):
        return None
    first = next(place for place in range(index, last + 1) if found.end() <= lines[place].end)
    closing = f"</{found['kind']}>"
    title = Span(*found.span("title" if found["title"] else "other"))
    inline = text.find(closing, found.end(), lines[first].end)
    if inline >= 0:
        return _Block(found["kind"], line.start, title, collect(text, lines, first, first + 1, found.end(), inline))
    for stop in range(first + 1, min(len(lines), first + _MAX_LINES)):
        if lines[stop].indent <= line.indent and text.startswith(closing, lines[stop].first):
            begin = (first, found.end()) if found.end() < lines[first].end else (first + 1, None)
            return _Block(found["kind"], line.start, title, collect(text, lines, begin[0], stop, begin[1]))
        if not lines[stop].blank and (
            lines[stop].indent < line.indent or _opens_again(text, lines[stop], line, found["kind"])
        ):
            break
    return None


def _opens_again(text: str, below: Line, line: Line, kind: str) -> bool:
    """Whether another block of the ``kind`` begins where this one did: this one was never closed."""
    return below.indent == line.indent and text.startswith(f"<{kind}", below.first)
