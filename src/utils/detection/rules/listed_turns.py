"""Dialogues written out as lists inside a list of YAML, a line a turn: ``- - Hello`` and below it ``  - Good day``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.speech import count_words
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks

_FIRST = re.compile(r"-[ ]+(?P<item>-[ ]+)(?=\S)")
_ITEM = re.compile(r"-[ ]+(?=\S)")
_KEYED = re.compile(r"[\w\"'-]{1,30}:(?:\s|$)")
_NAMED = re.compile(r"^[ \t]*(?:conversations?|dialog(?:ue)?s?|chats?):[ \t]*(?:\n[ \t]*)*\Z", re.MULTILINE)
_MIN_DIALOGUES = 3
_MIN_WORDS = 2
_CONFIDENCE = 0.9


def find_listed_turns(text: str, lines: Sequence[Line]) -> Finding | None:
    """Every inner list a dialogue of two who take turns; None where its items are fields, or no key says that they talk
    and most begin with no question."""
    if text.find("- - ") < 0:
        return None
    dialogues = _dialogues(text, lines)
    items = [text[slice(*turn[0])] for turns in dialogues for turn in turns]
    if len(dialogues) < _MIN_DIALOGUES or any(_KEYED.match(item) for item in items):
        return None
    opened = sum(asks(text[slice(*turns[0][0])]) for turns in dialogues)
    if 2 * opened < len(dialogues) and not _NAMED.search(text[: text.find("- - ")]):
        return None
    if sum(map(count_words, items)) < _MIN_WORDS * len(items):
        return None
    drafts = [
        Draft(
            tuple(
                Utterance(f"speaker {place % 2 + 1}", None, tuple(unquoted(text, piece) for piece in turn))
                for place, turn in enumerate(turns)
            ),
            turns[0][0].start,
        )
        for turns in dialogues
    ]
    return Finding("written records", tuple(drafts), _CONFIDENCE, f"{len(drafts)} lists whose items take turns")


def _dialogues(text: str, lines: Sequence[Line]) -> list[list[list[Span]]]:
    """The turns of each inner list of two items or more, each with the lines that it runs over."""
    found: list[list[list[Span]]] = []
    column = -1
    for line in lines:
        if line.blank or line.foreign:
            continue
        first = _FIRST.match(text, line.first, line.end)
        item = _ITEM.match(text, line.first, line.end) if line.indent == column else None
        if first:
            found.append([[Span(first.end(), line.end)]])
            column = line.indent + first.start("item") - line.first
        elif item:
            found[-1].append([Span(item.end(), line.end)])
        elif column >= 0 and line.indent > column:
            found[-1][-1].append(Span(line.first, line.end))
        else:
            column = -1
    return [turns for turns in found if len(turns) > 1]


def unquoted(text: str, span: Span) -> Span:
    """``span`` without the quotation marks that open and close it."""
    quoted = span.end - span.start > 1 and text[span.start] in "\"'" and text[span.end - 1] == text[span.start]
    return Span(span.start + 1, span.end - 1) if quoted else span
