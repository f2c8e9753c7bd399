"""Whether a document without any finding may still hold a dialogue: a closer look is then worth its price."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.words.vocabulary import words

_MAX_BEGINNING = 600
_QUESTIONS = 3
_PARAGRAPHS = 4
_REPLY = re.compile(r"([^\W\d_]{1,12})(?=[,.!?…，。！—–-]|$)")


def may_be_dialogue(text: str, lines: Sequence[Line]) -> bool:
    """Whether a closer look is worth its price: paragraphs of which some ask and the one after each does not, or that
    begin as answers do ("Yes,", "Right."), or that open with quotation marks."""
    paragraphs = list(_paragraphs(lines))
    if len(paragraphs) < _PARAGRAPHS:
        return False
    asks = [_asks(text, first) for first in paragraphs]
    asking = sum(asks)
    answered = sum(one and not other for one, other in itertools.pairwise(asks))
    if asking >= _QUESTIONS and answered >= _QUESTIONS and asking * 8 >= len(asks):
        return True
    replies = sum(_opens_as_reply(text, first) for first in paragraphs)
    quoted = sum(text[first.start] in '"“”„«»「『' for first in paragraphs)
    return replies >= max(_QUESTIONS, len(paragraphs) // 8) or quoted * 3 >= len(paragraphs)


def _paragraphs(lines: Sequence[Line]) -> Iterator[Span]:
    """The first line of every paragraph of running text."""
    for index, line in enumerate(lines):
        if not line.blank and _opens_paragraph(lines, index):
            yield Span(line.first, line.end)


def _opens_as_reply(text: str, line: Span) -> bool:
    found = _REPLY.match(text, line.start, line.end)
    return found is not None and found[1].casefold() in words("replies")


def _opens_paragraph(lines: Sequence[Line], index: int) -> bool:
    line = lines[index]
    return not (line.blank or line.code or line.foreign or line.level or line.skip) and starts_block(lines, index)


def _asks(text: str, line: Span) -> bool:
    beginning = text[line.start : min(line.end, line.start + _MAX_BEGINNING)]
    return "?" in beginning or (not beginning.isascii() and ("？" in beginning or "؟" in beginning))
