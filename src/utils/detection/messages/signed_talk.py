"""Talk pages of wikis: every message ends with links to its writer and the time: ``[[User:Ann|Ann]] 12:01, 3 May``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.types import Draft, Finding, Utterance

_SIGNED = re.compile(
    r"(?:--|—|–)?[ ]?\[\[[^\[\]|:\n]{2,40}:(?P<name>[^\[\]|\n]{1,60})(?:\|[^\[\]\n]{1,60})?\]\]"
    r"[^\n]{0,120}\d{1,2}:\d{2}[^\n]{4,40}\([A-Z]{2,5}\)"
)
_INDENT = re.compile(r"[:*#]{1,20}[ ]?")
_REACH = 320
_MIN_SIGNED = 3
_MIN_TURNS = 2


class _Message(NamedTuple):
    turn: Utterance
    fresh: bool
    """Whether a heading stands above it."""


def find_signed_talk(text: str, lines: Sequence[Line]) -> Finding | None:
    """The messages below each heading, up to the signatures of their writers; None where hardly any is signed."""
    if "]]" not in text:
        return None
    messages = list(_messages(text, lines))
    if len(messages) < _MIN_SIGNED or len({message.turn.speaker for message in messages}) < _MIN_TURNS:
        return None
    talks: list[list[Utterance]] = []
    for message in messages:
        if message.fresh or not talks:
            talks.append([])
        talks[-1].append(message.turn)
    drafts = tuple(Draft(tuple(turns), turns[0].pieces[0].start) for turns in talks if len(turns) >= _MIN_TURNS)
    if not drafts:
        return None
    return Finding("signed messages", drafts, 0.92, f"{len(messages)} messages that end with a signature and a time")


def _messages(text: str, lines: Sequence[Line]) -> Iterator[_Message]:
    pieces: list[Span] = []
    fresh = True
    for line in lines:
        if line.blank or line.foreign or text.startswith("{{", line.first):
            continue
        if line.level:
            pieces, fresh = [], True
            continue
        indent = _INDENT.match(text, line.first, line.end)
        start = indent.end() if indent else line.first
        signed = _SIGNED.search(text, max(start, line.end - _REACH), line.end)
        end = line.end if not signed or signed.end() < line.end else signed.start()
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            pieces.append(Span(start, end))
        if signed and signed.end() == line.end:
            if pieces:
                name = signed["name"].strip().casefold()
                yield _Message(Utterance(name, None, tuple(pieces)), fresh)
                fresh = False
            pieces = []
