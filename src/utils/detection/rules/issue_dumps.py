"""Issues as the command line of GitHub prints them: fields behind tabs, ``--``, what somebody wrote, ``--``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from src.utils.detection.lines.lines import Line, next_filled
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.types import Draft, Finding, Utterance

_FIELD = re.compile(r"(?P<key>[a-z][a-z -]{1,20}):(?:\t(?P<value>.*)|$)")
_LOGIN = re.compile(r"[\w-]{1,39}(?:[/\[][\w-]{1,39}\]?)?")
"""What names an account, perhaps of a program (``app/renovate``); authors of books have several names."""
_AUTHOR = "author"
_RULE = "--"
_MIN_NOTES = 2
_CONFIDENCE = 0.95


def find_issue(text: str, lines: Sequence[Line]) -> Finding | None:
    """The notes below an issue, each by the author that its fields name (``gh issue view --comments``)."""
    if f"{_AUTHOR}:\t" not in text or not _begins_with_fields(text, lines):
        return None
    turns = tuple(_notes(text, lines))
    if len(turns) < _MIN_NOTES or len({turn.speaker for turn in turns}) < _MIN_NOTES:
        return None
    return Finding(
        "messages with fields", (Draft(turns, lines[0].start),), _CONFIDENCE, f"{len(turns)} notes below an issue"
    )


def _begins_with_fields(text: str, lines: Sequence[Line]) -> bool:
    """Whether the file is the issue: below anything else, it is quoted."""
    first = next_filled(lines, 0)
    return not lines[first].code and _FIELD.fullmatch(text, lines[first].start, lines[first].end) is not None


def _notes(text: str, lines: Sequence[Line]) -> Iterator[Utterance]:
    author = ""
    first = -1
    for index, line in enumerate(lines):
        content = text[line.start : line.end]
        field = _FIELD.fullmatch(content) if first < 0 else None
        if field and field["key"] == _AUTHOR:
            author = name.casefold() if _LOGIN.fullmatch(name := (field["value"] or "").strip()) else ""
        elif content == _RULE and first < 0:
            first = index + 1 if author else -1
        elif content == _RULE and _ends_note(text, lines, index):
            yield from _note(text, author, lines[first].start, line.start)
            author, first = "", -1
        elif first < 0 and not (field or line.blank):
            author = ""
    if first >= 0 and first < len(lines):
        yield from _note(text, author, lines[first].start, len(text))


def _ends_note(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether fields follow, or nothing: a note may hold such a line itself."""
    below = next_filled(lines, index + 1)
    return below == len(lines) or _FIELD.fullmatch(text, lines[below].start, lines[below].end) is not None


def _note(text: str, author: str, start: int, end: int) -> Iterator[Utterance]:
    piece = trimmed(text, start, end)
    if piece.end > piece.start:
        yield Utterance(author, None, (piece,))
