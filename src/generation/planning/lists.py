"""The items of a passage's lists; what is numbered like an item but heads a part of its own is none."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"^[ \t]*(?:\(?(?:\d{1,2}|[a-z])[.)][ \t]+|[①-⑳])(?=\S)(.*)$")
_BULLET = re.compile(r"^[ \t]*[-*•–·▪][ \t]+(\S.*)$")
_INLINE = re.compile(r"(?<=[.:;!?])[ \t]+\(?(\d{1,2})[.)][ \t]+(?=\S)")
_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$|[。！？；]$")
_HEADING_WORDS = 8


def numbered_items(text: str) -> list[str]:
    """What the numbered items of a text begin with: lines, or else the numbers of a row within running text."""
    lines = [line for line in text.splitlines() if line.strip()]
    items = [(place, found[1]) for place, line in enumerate(lines) if (found := _NUMBERED.match(line))]
    headings = sum(_is_heading(item, lines[place + 1 : place + 2]) for place, item in items)
    if items:
        return [item for _, item in items] if headings * 2 <= len(items) else []
    return _items_in_a_row(text)


def bulleted_items(text: str) -> list[str]:
    """The items of a text that begin with a dash or a dot."""
    return [found[1] for line in text.splitlines() if (found := _BULLET.match(line))]


def _is_heading(item: str, following: list[str]) -> bool:
    """A short line without an end mark, and under it text that is no item."""
    is_short = len(item.split()) <= _HEADING_WORDS and not _END.search(item.rstrip())
    return is_short and any(_begins_a_text(line) for line in following)


def _begins_a_text(line: str) -> bool:
    is_item = _NUMBERED.match(line) or _BULLET.match(line)
    return not is_item and not line[0].isspace() and not line[0].islower()


def _items_in_a_row(text: str) -> list[str]:
    found = list(_INLINE.finditer(text))
    numbers = [int(match[1]) for match in found]
    if len(found) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [text[match.end() : end] for match, end in zip(found, ends, strict=True)]
