"""Dialogues of data sets, a numbered line an exchange: ``1 hello<tab>good day``; with 1 another dialogue begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.lines.speech import count_words, is_personal
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import words, words_of

_LINE = re.compile(r"(?P<number>\d{1,3})[ ](?=\S)")
_BEHIND = re.compile(r"\t[ \d.-]{0,8}\t[^\t|]*\|[^\t]*")
"""A reward, most often left empty, and the answers to choose from."""
_PERSONA = re.compile(r"(?:your|partner's) persona: ")
_MIN_EXCHANGES = 4
_MIN_DIALOGUES = 2
_SAMPLE = 20
_EXCHANGED_SHARE = 0.5
_MIN_WORDS = 2.5
_TOGETHER = 0.75
_CONFIDENCE = 0.9


class _Numbered(NamedTuple):
    """A line behind its number: ``told`` is None where nobody answers (what a side knows, who somebody is)."""

    line: Line
    number: int
    asked: Span
    told: Span | None


def find_numbered_exchanges(text: str, lines: Sequence[Line]) -> Finding | None:
    """The dialogues whose lines all count up and mostly hold two sides; None where they greet and ask nobody."""
    filled = [line for line in lines if not line.blank]
    if (
        len(filled) < _MIN_EXCHANGES
        or "\t" not in text
        or not all(_LINE.match(text, line.start) for line in filled[:2])
    ):
        return None
    for rows in (filled[:_SAMPLE], filled):
        numbered = list(_numbered(text, rows))
        exchanges = [row for row in numbered if row.told]
        if len(numbered) < len(rows) or len(exchanges) < max(_MIN_EXCHANGES, _EXCHANGED_SHARE * len(rows)):
            return None
    drafts = list(_drafts(numbered))
    contents = [text[slice(*turn.pieces[0])] for draft in drafts for turn in draft.utterances]
    if len(drafts) < _MIN_DIALOGUES or sum(map(count_words, contents)) < _MIN_WORDS * len(contents):
        return None
    told = contents[1::2]
    if _translate(contents[::2], told) or sum(map(count_words, told)) < _MIN_WORDS * len(told):
        return None
    known = any(_is_persona(text, row) for row in numbered) or _BEHIND.search(text, filled[0].start, filled[0].end)
    if not known and not (is_personal(contents) and _are_opened(text, drafts)):
        return None
    return Finding("written records", tuple(drafts), _CONFIDENCE, f"{len(drafts)} dialogues of numbered exchanges")


def _is_persona(text: str, row: _Numbered) -> bool:
    return row.told is None and _PERSONA.match(text, row.asked.start) is not None


def _are_opened(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether most dialogues begin as people begin to talk: with a greeting on either side."""
    opened = 0
    for draft in drafts:
        said = [words_of(text[slice(*turn.pieces[0])].casefold()) for turn in draft.utterances[:2]]
        opened += any(not words("greetings").isdisjoint(part[:2]) for part in said)
    return 2 * opened >= len(drafts)


def _translate(asked: Sequence[str], told: Sequence[str]) -> bool:
    """Whether both sides ask together: a text beside its translation."""
    either = sum(asks(one) or asks(other) for one, other in zip(asked, told, strict=True))
    both = sum(asks(one) and asks(other) for one, other in zip(asked, told, strict=True))
    return both >= _TOGETHER * max(1, either)


def _numbered(text: str, lines: Sequence[Line]) -> Iterator[_Numbered]:
    """The lines up to the first whose number neither follows the one above nor is 1."""
    last = 0
    for line in lines:
        found = _LINE.match(text, line.start, line.end)
        number = int(found["number"]) if found else 0
        if not found or line.foreign or number not in (last + 1, 1):
            return
        last = number
        tab = text.find("\t", found.end(), line.end)
        more = text.find("\t", tab + 1, line.end) if tab > 0 else -1
        alone = tab > 0 and (more < 0 or _BEHIND.fullmatch(text, more, line.end))
        told = trimmed(text, tab + 1, line.end if more < 0 else more) if alone else None
        asked = trimmed(text, found.end(), tab if tab > 0 else line.end)
        yield _Numbered(line, number, asked, told if told and told.end > told.start else None)


def _drafts(numbered: Sequence[_Numbered]) -> Iterator[Draft]:
    turns: list[Utterance] = []
    start = 0
    for row in numbered:
        if row.number == 1:
            if turns:
                yield Draft(tuple(turns), start)
            turns, start = [], row.line.start
        if row.told and row.asked.end > row.asked.start:
            turns += (Utterance("user", "user", (row.asked,)), Utterance("assistant", "assistant", (row.told,)))
    if turns:
        yield Draft(tuple(turns), start)
