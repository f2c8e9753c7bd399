"""The shape that most headers of a text share: by it lines with a time and a name are told from what is said."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line
from src.utils.detection.messages.header_blocks import headers_of_blocks
from src.utils.detection.messages.headers import Header, Stamped
from src.utils.detection.messages.stamped_names import may_name, with_names, with_tailed

_MIN_SHARE = 0.4
_FEW = 4
_SHORT_NAME = 3
"""Words of a name where hardly any header backs it up."""
_DRAWN_LINE = re.compile(r"[-–—]{3,}")


def best_shape(text: str, lines: Sequence[Line], found: Sequence[Stamped]) -> tuple[str, list[Header]] | None:
    """The shape that explains the stamped lines best, and its headers; None where no names behave like speakers."""
    groups = _by_shape(text, lines, found)
    scores = {shape: _score(headers, found) for shape, headers in groups.items()}
    shape = max(scores, key=lambda one: scores[one], default="")
    return (shape, groups[shape]) if scores.get(shape, 0) > 0 else None


def _by_shape(text: str, lines: Sequence[Line], found: Sequence[Stamped]) -> dict[str, list[Header]]:
    groups: dict[str, list[Header]] = defaultdict(list)
    for stamped in found:
        for header in stamped.readings:
            bracketed = header.shape.startswith(("[M", "(M"))
            if header.text_start < lines[header.line].end or bracketed or _text_below(text, lines, header.line):
                groups[_DRAWN_LINE.sub("", header.shape)].append(header)
    groups = with_tailed({shape: with_names(headers) for shape, headers in groups.items()})
    blocks = headers_of_blocks(text, lines, found)
    if blocks:
        groups["block"] = with_names(blocks)
    alone = [stamped.line for stamped in found if stamped.alone]
    if len(alone) > 1:
        for shape, step in (("M/N/", 1), ("N/M/", -1)):
            beside = (_name_beside(text, lines, index, step) for index in alone)
            groups[shape] = [header for header in beside if header]
    return {
        shape: _without_said(lines, headers) if shape.endswith("/") else headers for shape, headers in groups.items()
    }


def _without_said(lines: Sequence[Line], headers: Sequence[Header]) -> list[Header]:
    """Without the line right below a header that names somebody nobody else does: what is said holds times too. A name
    like those that come back, with a line below it that heads nothing, follows a message without text."""
    names = Counter(header.name.casefold() for header in headers)
    heads = {header.line for header in headers}
    known = [header for header in headers if names[header.name.casefold()] > 1]
    below = {header.line + 1 for header in known}
    looks = {_capitals(header.name) for header in known}
    return [
        header
        for header in headers
        if names[header.name.casefold()] > 1
        or header.line not in below
        or (_capitals(header.name) in looks and _says_below(lines, header.line, heads))
    ]


def _capitals(name: str) -> tuple[bool, ...]:
    """Which words of a name begin with a capital letter."""
    return tuple(word[:1].isupper() for word in name.split())


def _says_below(lines: Sequence[Line], head: int, heads: set[int]) -> bool:
    return head + 1 < len(lines) and not lines[head + 1].blank and head + 1 not in heads


def _text_below(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether what was said stands below; quoted text stands below the line that names the writer of a mail."""
    below = next((line for line in lines[index + 1 : index + 3] if not line.blank and not line.rule), None)
    return below is not None and not text.startswith(">", below.first)


def _name_beside(text: str, lines: Sequence[Line], index: int, step: int) -> Header | None:
    """A short line next to a moment that stands alone: the name. The text begins below both."""
    other = index + step
    while 0 <= other < len(lines) and lines[other].blank and abs(other - index) < 3:
        other += step
    if not 0 <= other < len(lines) or lines[other].blank or lines[other].rule:
        return None
    name = text[lines[other].body : lines[other].end].strip("*_ :#")
    if not may_name(name) or name[-1:] in ".!?。！？…,;":
        return None
    last = max(index, other)
    below = last + 1
    while below < len(lines) and lines[below].blank and below < last + 3:
        below += 1
    if below >= len(lines):
        return None
    return Header(last, "M/N/" if step > 0 else "N/M/", name, lines[last].end, abs(other - index))


def _score(headers: Sequence[Header], found: Sequence[Stamped]) -> float:
    """How well a shape explains the stamped lines; 0 when its names do not behave like speakers."""
    if len(headers) < 2:
        return 0
    if len(headers) < _FEW and any(len(header.name.split()) > _SHORT_NAME for header in headers):
        return 0
    names = Counter(header.name.casefold() for header in headers)
    repeated = sum(count for count in names.values() if count > 1)
    if len(names) < 2 or (len(headers) > 4 and repeated * 3 < len(headers)):
        return 0
    if len(headers) < _MIN_SHARE * len(found):
        return 0
    changes = sum(one.name.casefold() != other.name.casefold() for one, other in itertools.pairwise(headers))
    if changes * 5 < len(headers) - 1:
        return 0
    return (len(headers) / len(found)) * (1 + repeated / len(headers)) * (1 - 0.5 * len(names) / len(headers))
