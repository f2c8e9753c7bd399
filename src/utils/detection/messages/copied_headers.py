"""Headers that mail programs copy into a mail, above the one that it answers: ``Von:``, ``Gesendet:``, ``An:``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from src.utils.detection.lines.lines import Line
from src.utils.detection.words.vocabulary import words

MIN_HEADERS = 3
"""So many together head a mail."""
_MAX_HEADERS = 10
_MAX_LINE = 300
_COLON_LINE = re.compile(r"\n[ \t>*_]{0,8}([^\n:：]{1,24}+)[:：]")


class _Header(NamedTuple):
    name: str
    value: str


_NO_HEADER = _Header("", "")


def count_headers(text: str) -> int:
    """Lines of ``text`` that may be such a header."""
    if text.count(":") + text.count("：") < MIN_HEADERS:
        return 0
    names = (name.strip(" *_").casefold() for name in _COLON_LINE.findall(f"\n{text}"))
    return sum(name in words("mail_headers") for name in names)


def find_header_blocks(text: str, lines: Sequence[Line], indexes: Sequence[int]) -> dict[int, str]:
    """The lines of copied headers, at least three together, one of which names the sender: notices have a date and a
    subject, too. The first carries the sender, the others ""."""
    found: dict[int, str] = {}
    if count_headers(text) < MIN_HEADERS:
        return found
    inside: set[int] = set()
    for index in indexes:
        if index in inside or lines[index].blank or not _header(text, lines[index]).name:
            continue
        block = _block(text, lines, index)
        inside.update(block[1:-1])  # a block from there on names fewer headers; from its last line another may go on
        named = dict(_header(text, lines[each]) for each in block)
        senders = [value for name, value in named.items() if name in words("mail_from")]
        if len(named) >= MIN_HEADERS and senders:
            found.update(dict.fromkeys(block, ""))
            found[index] = senders[0]
            inside.add(block[-1])
    return found


def _block(text: str, lines: Sequence[Line], index: int) -> list[int]:
    """The header lines from ``index`` on, one below the other, or each a paragraph of its own."""
    block = [index]
    step = 2 if index + 1 < len(lines) and lines[index + 1].blank else 1
    while block[-1] + step < len(lines) and _header(text, lines[block[-1] + step]).name:
        if step > 1 and not lines[block[-1] + 1].blank:
            break
        block.append(block[-1] + step)
    return block


def _header(text: str, line: Line) -> _Header:
    """Name and value of a copied header line; both empty for any other line."""
    name, colon, value = text[line.first : min(line.end, line.first + _MAX_LINE)].replace("：", ":", 1).partition(":")
    name = name.strip(" >*_").casefold()
    return _Header(name, value.strip(" *_\t")) if colon and name in words("mail_headers") else _NO_HEADER


def headers_below(text: str, lines: Sequence[Line], index: int) -> dict[int, str]:
    """The header lines right below line ``index``, blank ones between them aside, each with its value."""
    found: dict[int, str] = {}
    for below in range(index + 1, min(index + 1 + _MAX_HEADERS, len(lines))):
        line = lines[below]
        if line.blank:
            continue
        header = _header(text, line)
        if not header.name:
            break
        found[below] = header.value
    return found
