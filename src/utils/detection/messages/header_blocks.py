"""Headers of several lines: a line with a moment and the lines beside it that come back with every message."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from src.utils.detection.lines.lines import Line
from src.utils.detection.messages.headers import Header, Stamped
from src.utils.detection.words.vocabulary import words

_KEY = re.compile(r"[*_]{0,2}(?P<key>[^\W\d_][^\n:：]{0,24}?)[ ]?[*_]{0,2}[:：][*_]{0,2}(?:[ \t]+|$)")
_FIGURES = re.compile(r"\d+")
_REPLY = re.compile(r"(?:[^\W\d_]{1,3}: )+")
_MAX_LINES = 6
_MIN_HEADERS = 3
_MAIL_HEADERS = 2
"""Beside the date, so many fields of a mail make the block a mail's, which quotes what it answers."""
_USUAL_SHARE = 0.8
_SAME_SHARE = 0.6
_ENDED_SHARE = 0.9
_MAX_LINE = 120


class _Field(NamedTuple):
    """What a line of a header is known by: its key, or else its words without figures; and the value behind a key."""

    key: str
    value: str


def with_lines_beside(text: str, lines: Sequence[Line], headers: Sequence[Header]) -> list[Header]:
    """The headers, longer by the lines above and below that stand beside nearly all of them: a subject, fields."""
    if len(headers) < _MIN_HEADERS:
        return list(headers)
    heads = {header.line for header in headers}
    firsts = [header.line - header.above for header in headers[1:]]
    above = 0
    if sum(first - 1 in heads for first in firsts) * 2 < len(firsts):  # else a line above is a message itself
        above = _extent(text, lines, firsts, -1, keyed=False)
    below = 0
    if all(header.text_start >= lines[header.line].end for header in headers):
        below = _extent(text, lines, [header.line for header in headers], 1, keyed=True)
    if not above and not below:
        return list(headers)
    return [_grown(lines, header, above, below) for header in headers]


def _grown(lines: Sequence[Line], header: Header, above: int, below: int) -> Header:
    first = header.line - header.above
    while above and (first - above < 0 or any(line.blank for line in lines[first - above : first])):
        above -= 1
    last = header.line
    while below and last < header.line + below and last + 1 < len(lines) and not lines[last + 1].blank:
        last += 1
    start = lines[last].end if last > header.line else header.text_start
    return header._replace(line=last, text_start=start, above=last - first + above)


def headers_of_blocks(text: str, lines: Sequence[Line], found: Sequence[Stamped]) -> list[Header]:
    """Headers whose moment has a line of its own with a word that is always the same (``Sent: ...``), and whose name
    stands behind another such word, above or below; [] when no words come back that way."""
    cores = _cores(text, lines, found)
    if len(cores) < _MIN_HEADERS:
        return []
    above = _extent(text, lines, cores, -1, keyed=True)
    below = _extent(text, lines, cores, 1, keyed=True)
    fields = {
        offset: [_field(text, lines[core + offset]) for core in cores if 0 <= core + offset < len(lines)]
        for offset in range(-above, below + 1)
        if offset
    }
    copied = sum(members[0].key in words("mail_headers") for members in fields.values() if members)
    offset = _naming_offset(fields)
    if offset is None or copied >= _MAIL_HEADERS:
        return []
    whole = [core for core in cores if core - above >= 0 and core + below < len(lines)]
    lasts = _with_rare_fields(text, lines, [core + below for core in whole])
    return [
        Header(last, "block", _field(text, lines[core + offset]).value, lines[last].end, last - core + above)
        for core, last in zip(whole, lasts, strict=True)
    ]


def _with_rare_fields(text: str, lines: Sequence[Line], lasts: Sequence[int]) -> list[int]:
    """The last lines of headers, further down where fields follow that only some of them have (``Reaction:``), if a
    blank line ends nearly all headers."""
    found = []
    for last in lasts:
        end = last
        while end + 1 < len(lines) and end - last < _MAX_LINES and _is_field(text, lines[end + 1]):
            end += 1
        found.append(end)
    closed = sum(end + 1 == len(lines) or lines[end + 1].blank for end in found)
    return found if closed >= _ENDED_SHARE * len(found) else list(lasts)


def _is_field(text: str, line: Line) -> bool:
    return not line.blank and _KEY.match(text, line.first, min(line.end, line.first + _MAX_LINE)) is not None


def _cores(text: str, lines: Sequence[Line], found: Sequence[Stamped]) -> list[int]:
    """The lines of the commonest key that is followed by a moment and nothing else, or of moments that stand alone."""
    groups: dict[str, list[int]] = defaultdict(list)
    for stamped in found:
        if stamped.alone or any(header.text_start >= lines[stamped.line].end for header in stamped.readings):
            key = _KEY.match(text, lines[stamped.line].first, lines[stamped.line].end)
            if key:
                groups[key["key"].casefold()].append(stamped.line)
    return max(groups.values(), key=len, default=[])


def _naming_offset(fields: dict[int, list[_Field]]) -> int | None:
    """Where the name stands: behind a word for the sender, or else behind the first key whose values take turns."""
    telling: list[int] = []
    for offset, members in fields.items():
        values = [member.value.casefold() for member in members if member.key]
        if len(values) * 10 < len(members) * 9:
            continue
        changes = sum(one != other for one, other in itertools.pairwise(values))
        distinct = len(set(values))
        if members[0].key in words("mail_from") and distinct > 1:
            return offset
        if any("@" in value for value in values):
            continue  # who wrote a change, with an address
        if 1 < distinct <= len(values) * 2 / 3 and changes * 3 >= len(values):
            telling.append(offset)
    return telling[0] if telling else None


def _extent(text: str, lines: Sequence[Line], places: Sequence[int], step: int, *, keyed: bool) -> int:
    """How many lines beside ``places`` are alike in nearly all of them, up to a blank line or a rule."""
    extent = 0
    while extent < _MAX_LINES:
        offset = step * (extent + 1)
        beside = [lines[place + offset] for place in places if 0 <= place + offset < len(lines)]
        beside = [line for line in beside if not (line.blank or line.rule) and line.end - line.first <= _MAX_LINE]
        if len(beside) < max(2, _USUAL_SHARE * len(places)):
            return extent
        kinds = Counter(_kind(text, line, keyed=keyed) for line in beside)
        kind, count = kinds.most_common(1)[0]
        if not kind or count < (_USUAL_SHARE if keyed else _SAME_SHARE) * len(places):
            return extent
        extent += 1
    return extent


def _kind(text: str, line: Line, *, keyed: bool) -> str:
    field = _field(text, line)
    if keyed:
        return field.key or field.value
    return _REPLY.sub("", field.key + field.value)


def _field(text: str, line: Line) -> _Field:
    content = text[line.first : min(line.end, line.first + _MAX_LINE)]
    found = _KEY.match(content)
    if found:
        return _Field(found["key"].casefold(), content[found.end() :].strip(" *_"))
    return _Field("", _FIGURES.sub("0", content))
