"""Lines that head a message with a time and a name: every way to read such a line, by the shape of its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.utils.detection.label_patterns import CLOSERS
from src.utils.detection.lines import Line
from src.utils.detection.moments import MOMENT_HINT, find_moment, read_moment

WINDOW = 160
_MAX_NAME = 48
_LEAD = re.compile("[\\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff>#*_~`\\[(<{|•▪◦·\\-–—✓✔🕐-🕧📅]*")
_SEPARATED = re.compile(
    r"(?P<open>[\[<({*_@~ ]{0,4})(?P<name>[^\s:：|<>\[\]{}](?:[^:：\t\n|<>\[\]{}│┃»]|(?<=\S)\|(?=\S)){0,47}?)"
    r"(?P<close>[\])>}*_]{0,4})"
    r"(?P<mark>[ ]?[:：](?=[*_]{0,3}(?:\s|$|[^\x00-\x7f]))|\t+"
    r"|[ ]?[│┃»›→⇒][ ]?|[ ]\|[ ]?|\|[ ]|[>\])](?=[ ])|[ ]{2,}|[ ][-–—][ ])"
    r"(?P<after>[*_]{0,3})[ \t]*"
)
_CLOSED_NAME = re.compile(
    r"(?:<[ @+%&~!]?(?P<angle>[^<>\n]{1,48})>|\[(?P<square>[^\[\]\n]{1,48})\])[*_]{0,3}[ \t]*[:：]?[ \t]*"
)
_EDITED = re.compile(r",[ ][^\W\d_]{2,20}[ ]\d[\d:. ]{3,18}(?=\])")
"""When a message was changed, behind when it was sent."""
_LATER_COLON = re.compile(r"(?P<name>[^:：\n<>\[\]]{1,48}?)[ ]?[:：](?=\s|$)[ \t]*")
_AFTER_NAMED = re.compile("[\\])>}*_~`\u200e\u200f]*[ \\t]*(?:[:：|>»-](?=\\s|$))?[*_]*[ \\t]*")
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[.!?。！？…;](?:\s|$)")
_EDGE = " \t[](){}<>*_~`#|,:：·•-–—\u200e\u200f\u202a\u202c\u2068\u2069\u202f\u00a0✓✔@%"
_NOT_MARKS = re.compile(r"[^\[\](){}<>|,:：·•–—~\t-]+")


class Header(NamedTuple):
    """One reading of a line: its shape, the name, where the text begins (at the line's end: below)."""

    line: int
    shape: str
    name: str
    text_start: int


class Stamped(NamedTuple):
    """A line that holds a moment where a header has it, with all readings; without any it may stand alone."""

    line: int
    readings: tuple[Header, ...]
    alone: bool
    leads: bool


def stamped_lines(text: str, lines: Sequence[Line]) -> Iterator[Stamped]:
    """Every line whose first characters hold a moment, in order."""
    for index, line in enumerate(lines):
        if line.blank or line.code or line.foreign or line.skip:
            continue
        end = min(line.end, line.first + WINDOW)
        if not _DIGIT.search(text, line.first, end) or not MOMENT_HINT.search(text, line.first, end):
            continue
        found = _read(text, line, index, end)
        if found:
            yield found


def _read(text: str, line: Line, index: int, end: int) -> Stamped | None:
    lead = _LEAD.match(text, line.first, end)
    position = lead.end() if lead else line.first
    stop = read_moment(text, position, end) if position < end else -1
    if stop > 0:
        return _after_moment(text, line, index, position, stop)
    moment = find_moment(text, position, end, position + _MAX_NAME + 8)
    if not moment:
        return None
    return _after_name(text, line, index, position, moment)


def _after_moment(text: str, line: Line, index: int, start: int, stop: int) -> Stamped:
    edited = _EDITED.match(text, stop, line.end)
    stop = edited.end() if edited else stop
    closers = CLOSERS.match(text, stop, line.end)
    position = closers.end() if closers else stop
    lead = _marks(text[line.first : start]) + "M" + _marks(text[stop:position])
    if position >= line.end:
        return Stamped(index, (), alone=True, leads=True)
    readings = []
    limit = min(line.end, position + WINDOW)
    closed = _CLOSED_NAME.match(text, position, limit)
    if closed:
        name = (closed["angle"] or closed["square"]).strip()
        shape = "<N>" if closed["angle"] else "[N]"
        readings.append(Header(index, f"{lead}{shape}", name, closed.end()))
    separated = _SEPARATED.match(text, position, limit)
    if separated and not closed:
        shape = f"{lead}{_marks(separated['open'])}N{_marks(separated['close'])}{_separator(separated['mark'])}"
        readings.append(Header(index, shape, separated["name"].strip(_EDGE), separated.end()))
        if not separated["mark"].strip(" "):  # two spaces may also stand inside what is said
            readings.extend(_colon_later(text, index, lead, position, limit))
    rest = text[position : line.end].strip(_EDGE)
    if len(rest) <= _MAX_NAME and rest and not _SENTENCE.search(rest):
        readings.append(Header(index, f"{lead}N/", rest, line.end))
    return Stamped(index, tuple(readings), alone=False, leads=True)


def _colon_later(text: str, index: int, lead: str, position: int, limit: int) -> Iterator[Header]:
    found = _LATER_COLON.match(text, position, limit)
    if found:
        yield Header(index, f"{lead}N:", " ".join(found["name"].split()), found.end())


def _after_name(text: str, line: Line, index: int, start: int, moment: tuple[int, int]) -> Stamped | None:
    before = text[line.first : moment[0]]
    name = text[start : moment[0]].strip(_EDGE)
    if not name or len(name) > _MAX_NAME or _SENTENCE.search(text, start, moment[0]):
        return None
    closers = _AFTER_NAMED.match(text, moment[1], line.end)
    position = closers.end() if closers else moment[1]
    tail = text[position : line.end].strip(_EDGE)
    shape = (
        f"{_marks(before[: len(before) - len(before.lstrip(_EDGE))])}N{_marks(before[len(before.rstrip(_EDGE)) :])}M"
    )
    if not tail:
        return Stamped(index, (Header(index, f"{shape}/", name, line.end),), alone=False, leads=False)
    marked = _marks(text[moment[1] : position])
    readings = [Header(index, f"{shape}{marked}T", name, position)] if marked else []
    if len(tail) <= 24 and not _SENTENCE.search(tail):  # "(edited)", "APP", a count of replies
        readings.append(Header(index, f"{shape}/", name, line.end))
    return Stamped(index, tuple(readings), alone=False, leads=False) if readings else None


@lru_cache(maxsize=1024)
def _marks(between: str) -> str:
    return _NOT_MARKS.sub("", between)


def _separator(mark: str) -> str:
    return "  " if not mark.strip(" ") else mark.strip(" ")[:1]
