"""Titles of the parts of a list that no markup tells: behind the same sign (``■ Fees``), lettered (``B: Fees``), or
numbered above labels of questions (``2. Fees``)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from src.utils.detection.lines.labels import find_label
from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.words.asking import ends_as_question

_SIGNS = "■□◆◇●○◎▼▽▲△★☆◈▣§"
_SIGNED = re.compile(rf"[{_SIGNS}][ \t\u3000]*(?P<title>[^\W_][^\n]{{0,60}})")
_LETTERED = re.compile(r"(?P<letter>[A-Z]|[IVX]{1,4})[.:)][ ]{1,3}(?P<title>[^\W\d_][^\n]{1,60})")
_NUMBERED = re.compile(r"(?P<number>\d{1,3})[.)][ ]{1,3}(?P<title>[^\W\d_][^\n]{1,60})")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_MAX_TITLE = 64
_MIN_SIGNED = 2
_MIN_LETTERED = 3
_ENDS = (".", "!", "。", "！", "…", ";", ":", "：", ",", "、")


class _Title(NamedTuple):
    """A line that may be a title: its words, "" where it cannot be one, and the letter before them."""

    line: int
    words: str
    letter: str


def mark_titles(text: str, lines: Sequence[Line]) -> None:
    """Make headings of short lines of their own that stand apart: all behind one sign, each another, or behind letters
    that go on from A (or I) without a gap. What asks, speaks or ends a sentence is no title, nor is what stands right
    below a question."""
    signed: dict[str, list[_Title]] = defaultdict(list)
    lettered: list[_Title] = []
    for index, line in enumerate(lines):
        if line.blank or line.code or line.foreign or line.skip or line.level:
            continue
        first = text[line.first]
        if first in _SIGNS:
            found = _SIGNED.fullmatch(text, line.first, line.end)
            signed[first].append(_Title(index, found["title"] if found else "", ""))
        elif first in _ALPHABET and text[line.first + 1 : line.first + 5].lstrip("IVX")[:1] in (".", ":", ")"):
            found = _LETTERED.fullmatch(text, line.first, line.end)
            if found and _is_title(text, lines, title := _Title(index, found["title"], found["letter"])):
                lettered.append(title)
    for titles in signed.values():
        others = len({title.words for title in titles})
        if _MIN_SIGNED <= others == len(titles) and all(_is_title(text, lines, title) for title in titles):
            _mark(lines, titles)
    if len(lettered) >= _MIN_LETTERED and _go_on([title.letter for title in lettered]):
        _mark(lines, lettered)
    _mark_numbered(text, lines)


def _mark_numbered(text: str, lines: Sequence[Line]) -> None:
    """Make headings of numbered lines that count from 1, each above the label of a question."""
    numbered: list[_Title] = []
    for index, line in enumerate(lines):
        if line.blank or line.code or line.foreign or line.level or not text[line.first].isdecimal():
            continue
        found = _NUMBERED.fullmatch(text, line.first, line.end) if line.end - line.first <= _MAX_TITLE else None
        title = _Title(index, found["title"], found["number"]) if found else None
        if title and _heads_question(text, lines, index) and _is_title(text, lines, title):
            numbered.append(title)
    if len(numbered) >= _MIN_LETTERED and all(int(title.letter) == at for at, title in enumerate(numbered, 1)):
        _mark(lines, numbered)


def _is_title(text: str, lines: Sequence[Line], title: _Title) -> bool:
    line = lines[title.line]
    alone = title.line + 1 == len(lines) or lines[title.line + 1].blank
    if not title.words or not alone or not starts_block(lines, title.line) or line.end - line.first > _MAX_TITLE:
        return False
    if title.words.endswith(_ENDS) or ends_as_question(title.words):
        return False
    if _is_below_question(text, lines, title.line):
        return False
    label = find_label(text, lines, title.line)
    if label and label.word.key == title.letter.casefold():
        return True  # its place in the alphabet decides
    return label is None or label.word.family not in ("question", "user", "assistant")


def _heads_question(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether a gap, and then a label for a question that is alone in its line, stand below."""
    below = next_filled(lines, index + 1)
    label = find_label(text, lines, below) if index + 1 < below < len(lines) else None
    return label is not None and label.word.family == "question" and label.alone


def _is_below_question(text: str, lines: Sequence[Line], index: int) -> bool:
    above = index - 1
    while above >= 0 and lines[above].blank:
        above -= 1
    return above >= 0 and ends_as_question(text[lines[above].first : lines[above].end])


def _go_on(letters: Sequence[str]) -> bool:
    return any(tuple(letters) == tuple(row[: len(letters)]) for row in (_ALPHABET, _ROMAN))


def _mark(lines: Sequence[Line], titles: Sequence[_Title]) -> None:
    """Make headings of them where other text stands between each two."""
    if all(next_filled(lines, one.line + 1) != other.line for one, other in pairwise(titles)):
        for title in titles:
            lines[title.line].level = 1
