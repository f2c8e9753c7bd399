"""The history of a coding assistant as it is kept in Markdown: ``#### `` before what was typed, ``> `` before what the
program said of itself, and the answer plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile

from src.core.types import Span
from src.utils.detection.lines.lines import Line, next_filled
from src.utils.detection.lines.pieces import collect, tidy
from src.utils.detection.types import Draft, Finding, Utterance

_SESSION = re.compile(r"# aider chat started at \d")
_TYPED = "####"
_ASKS = re.compile(r"/(?:ask|code|architect|context)[ ]+(?=\S)")
"""A command whose rest is said to the assistant; any other tells the program what to do."""
_CONFIDENCE = 0.95


def find_typed_history(text: str, lines: Sequence[Line]) -> Finding | None:
    """One conversation for each session that the file tells of; commands and notices of the program are left out."""
    if "# aider chat started at " not in text:
        return None
    drafts = []
    heads = [index for index, line in enumerate(lines) if not line.code and _SESSION.match(text, line.start, line.end)]
    if heads[:1] != [next_filled(lines, 0)]:
        return None  # quoted in another text
    for begin, stop in zip(heads, [*heads[1:], len(lines)], strict=False):
        turns = tuple(dropwhile(_answers, _turns(text, lines, begin + 1, stop)))
        if turns:
            drafts.append(Draft(turns, lines[begin].start))
    if not drafts:
        return None
    return Finding("typed history", tuple(drafts), _CONFIDENCE, f"{len(drafts)} sessions with an assistant")


def _answers(turn: Utterance) -> bool:
    return turn.family == "assistant"


def _turns(text: str, lines: Sequence[Line], begin: int, stop: int) -> Iterator[Utterance]:
    index = begin
    while index < stop:
        typed = _is_typed(text, lines[index])
        end = index + 1
        while end < stop and _is_typed(text, lines[end]) == typed:
            end += 1
        pieces = _asked(text, lines[index:end]) if typed else _told(text, lines, index, end)
        if pieces:
            yield Utterance("user", "user", pieces) if typed else Utterance("assistant", "assistant", pieces)
        index = end


def _is_typed(text: str, line: Line) -> bool:
    behind = line.start + len(_TYPED)
    return not line.code and text.startswith(_TYPED, line.start) and (line.end == behind or text[behind] == " ")


def _asked(text: str, lines: Sequence[Line]) -> tuple[Span, ...]:
    """What was typed in these lines, behind their mark; nothing where it is a command."""
    spans = [Span(min(line.start + len(_TYPED) + 1, line.end), line.end) for line in lines]
    if text.startswith("/", spans[0].start):
        asks = _ASKS.match(text, *spans[0])
        if not asks:
            return ()
        spans[0] = Span(asks.end(), spans[0].end)
    return tidy(text, spans, [-1] * len(spans))


def _told(text: str, lines: Sequence[Line], begin: int, end: int) -> tuple[Span, ...]:
    notices = [
        index for index in range(begin, end) if text.startswith(">", lines[index].start) and not lines[index].code
    ]
    return collect(text, lines, begin, end, without=notices)
