"""The history files of messengers whose lines are fields between bars: ``|date|type|to or from|flags|text``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.types import Draft, Finding, Utterance

_MESSAGE = re.compile(
    r"\|(?P<moment>\d{4}-\d\d-\d\dT[\d:.Z+-]{5,20})\|(?P<kind>\d{1,2})\|(?P<way>to|from)\|(?P<flags>[A-Z-]{1,12})\|"
)
"""Psi and its relatives: the owner of the file writes ``to`` the other one."""
_ESCAPED = re.compile(r"\\n")
_SAID = frozenset({"1", "4", "5"})
"""Kinds of entries that somebody wrote: a message, one of a chat, one with a headline; others ask to be on a list."""
_MIN_MESSAGES = 2
_MOST = 0.9
_CONFIDENCE = 0.95


def find_history_lines(text: str, lines: Sequence[Line]) -> Finding | None:
    """One conversation of all messages; None where other lines stand between them, or one side is silent."""
    if "|to|" not in text or "|from|" not in text:
        return None
    filled = [line for line in lines if not line.blank]
    entries = [(line, found) for line in filled if (found := _MESSAGE.match(text, line.start, line.end))]
    if len(entries) < _MOST * len(filled):
        return None
    turns = tuple(
        Utterance(found["way"], "user" if found["way"] == "to" else "assistant", _pieces(text, found.end(), line.end))
        for line, found in entries
        if found["kind"] in _SAID and found.end() < line.end
    )
    if len(turns) < _MIN_MESSAGES or len({turn.speaker for turn in turns}) < 2:
        return None
    return Finding("written records", (Draft(turns, entries[0][0].start),), _CONFIDENCE, f"{len(turns)} history lines")


def _pieces(text: str, start: int, end: int) -> tuple[Span, ...]:
    """What is said, parted where a line break is written out."""
    pieces = []
    for cut in _ESCAPED.finditer(text, start, end):
        pieces.append(Span(start, cut.start()))
        start = cut.end()
    return (*pieces, Span(start, end))
