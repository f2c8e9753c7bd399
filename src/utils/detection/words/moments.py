"""Dates and times as the programs of many countries write them: where one begins and where it ends."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from src.utils.detection.words.vocabulary import moment_words

_TIME = (
    r"\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d{1,7})?(?!\d|:(?!\n|\Z))|\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,7})?(?![\d:])|\d{1,2}\s?[時时點点시]\s?(?:\d{1,2}\s?[分분]?)?|\d{1,2}[hH]\d{2}(?!\w)"
    r"|\d{2,3}(?:[ ][0-5]\d){2,3}(?=[ ]{2,12}[A-Z]|\t)"
    r"|\d{1,3}\s?(?:秒|分钟|分鐘|小时|小時|時間|天|週間|周|个月|個月|か月|年|시간|분|일|주)\s?(?:前|전)"
)
_DATE = (
    r"\d{1,2}[-/][^\W\d_]{3,9}\.?[-/]\d{2,4}(?!\d)|"
    r"\d{4}[-/.][\s\u200e\u200f]?\d{1,2}[-/.][\s\u200e\u200f]?\d{1,2}\.?(?!\d)"
    r"|\d{1,2}[\u200e\u200f]?[-/.][\s\u200e\u200f]?\d{1,2}[\u200e\u200f]?[-/.][\s\u200e\u200f]?\d{2,4}\.?(?![\d])"
    r"|(?:\d{2,4}\s?[年년]\s?)?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日號号일]"
)
_PART = re.compile(
    rf"(?P<time>{_TIME})|(?P<date>{_DATE})|(?P<zone>[+-]\d{{2}}:?\d{{2}}(?!\d))"
    r"|(?P<short>\d{1,2}[/.-]\d{1,2}\.?(?![\d:]))|(?P<number>\d{1,4}(?:st|nd|rd|th|er|º|ª|\.)?(?![\d:/]))"
    r"|(?P<word>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u097f\u0e30-\u0e4e]|[.'’](?=[^\W\d_])){0,20}(?!(?<=[a-zA-Z])\w)\.?)"
)
_BETWEEN = re.compile(
    r"T(?=\d)|[ \t\u00a0\u202f\u200e\u200f]*(?:[,،、|·•]|[-–—](?=[ \t\u00a0]))?[ \t\u00a0\u202f]*[(（]?"
)
_ORDINAL = "stndrhe.ºª"
_CLOSE = re.compile(r"[)）]")
_RANGE = re.compile(r"[ \t]*(?:-->|->|–|—|-)[ \t]*")
_MAX_PARTS = 12
MOMENT_HINT = re.compile(
    r"\d[:./hH-]\d|\d\s?[年月時时點点시년월]|\d[ \u00a0.,]|[^\W\d_]\.? \d|\d[-/][^\W\d_]|\d[sm][ )\]]"
)
"""What every moment has somewhere."""


class _Kind(NamedTuple):
    """What a word may be inside a moment."""

    month: bool
    weekday: bool
    beside: bool
    unit: bool
    ago: bool


def read_moment(text: str, start: int, end: int) -> int:
    """Where the moment that begins at ``start`` ends (at most at ``end``); -1 when none begins there.

    A moment holds a time, a full date, a day beside the name of its month, or an age ("3 hours ago").
    """
    reader = _Reader(text, end)
    stop = reader.read(start)
    if stop < 0:
        return -1
    range_mark = _RANGE.match(text, stop, end)
    if range_mark:
        second = _PART.match(text, range_mark.end(), end)
        if second and second.lastgroup == "time":
            return second.end()
    return stop


def find_moment(text: str, start: int, end: int, last: int) -> tuple[int, int] | None:
    """The first moment in ``text[start:end]`` that begins at a word, at ``last`` or before."""
    position = start
    while position < min(end, last + 1):
        before = text[position - 1] if position > start else " "
        if text[position].isalnum() and not before.isalnum():
            stop = read_moment(text, position, end)
            if stop > 0:
                return position, stop
        position += 1
    return None


def is_moment(content: str) -> bool:
    """Whether nothing but a moment, drawn lines and brackets stand in ``content``."""
    bare = content.strip("-—–=*_ ·•~[]()<>#|\t\u200e.,")
    return bare[:1].isalnum() and any(map(str.isdigit, bare)) and read_moment(bare, 0, len(bare)) == len(bare)


class _Reader:
    """Takes part after part as long as they go on; remembers where a whole moment was last complete."""

    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._end = end
        self._strong = False
        self._shorts = 0
        self._day = self._month = self._unit = self._ago = False

    def read(self, start: int) -> int:
        position = start
        complete = -1
        for number in range(_MAX_PARTS):
            if number:
                between = _BETWEEN.match(self._text, position, self._end)
                position = between.end() if between else position
            part = _PART.match(self._text, position, self._end)
            if not part or not self._take(part):
                break
            position = part.end()
            closing = _CLOSE.match(self._text, position, self._end)
            if closing and "(" in self._text[start:position].replace("（", "("):
                position = closing.end()
            if self._is_whole() and not self._dangles(part):
                complete = position
        return complete

    def _dangles(self, part: re.Match[str]) -> bool:
        """Whether a small word ends the moment so far: it is part of what follows, unless it is a half of the day."""
        if part.lastgroup != "word":
            return False
        kind = _kind(part["word"].casefold().rstrip("."))
        return part["word"].casefold().rstrip(".") in moment_words("joiners") and not kind.ago

    def _is_whole(self) -> bool:
        return self._strong or self._shorts > 1 or (self._day and self._month) or (self._unit and self._ago)

    def _take(self, part: re.Match[str]) -> bool:
        group = part.lastgroup
        if group in ("time", "date"):
            self._strong = self._strong or _names_month(part[0])
            return self._strong
        if group == "zone":
            return self._strong
        if group == "short":
            self._shorts += 1
            return True
        if group == "number":
            return self._take_number(part)
        return self._take_word(part)

    def _take_number(self, part: re.Match[str]) -> bool:
        if self._month and not self._day and len(part["number"].rstrip(_ORDINAL)) <= 2:
            self._day = True
            return True
        year = len(part["number"].rstrip(".")) == 4 and part["number"][:1] in "12"
        if year and (self._day or self._month):
            return True
        rest = _BETWEEN.match(self._text, part.end(), self._end)
        position = rest.end() if rest else part.end()
        for _ in range(2):
            following = _PART.match(self._text, position, self._end)
            if not following or following.lastgroup != "word":
                return bool(year and following and following.lastgroup == "short")
            kind = _kind(following["word"].casefold().rstrip("."))
            if kind.month and not self._month:
                if not year:
                    self._day = True
                return True
            if kind.unit and (self._ago or self._ago_after(following.end())):
                self._unit = True
                return True
            if following["word"].casefold() not in ("de", "di", "of", "tháng", "del"):
                return False
            rest = _BETWEEN.match(self._text, following.end(), self._end)
            position = rest.end() if rest else following.end()
        return False

    def _ago_after(self, position: int) -> bool:
        rest = _BETWEEN.match(self._text, position, self._end)
        following = _PART.match(self._text, rest.end() if rest else position, self._end)
        if following and following.lastgroup == "word" and following["word"].casefold() in moment_words("ago_marks"):
            self._ago = True
        return self._ago

    def _take_word(self, part: re.Match[str]) -> bool:
        word = part["word"].casefold().rstrip(".")
        if self._text.startswith((": ", "> "), part.end()) and part.end() < self._end:
            return False  # a name
        kind = _kind(word)
        if kind.month and not self._month and (self._day or self._number_follows(part.end())):
            self._month = True
            return True
        if self._unit and (kind.unit or kind.ago):
            return True
        if kind.ago and self._number_follows(part.end(), anyhow=True):
            self._ago = True
            return True
        return kind.weekday or kind.beside

    def _number_follows(self, position: int, *, anyhow: bool = False) -> bool:
        rest = _BETWEEN.match(self._text, position, self._end)
        following = _PART.match(self._text, rest.end() if rest else position, self._end)
        if not following:
            return False
        return following.lastgroup == "number" or (anyhow and following.lastgroup == "word")


def names_day(word: str) -> bool:
    """Whether ``word`` is the whole name of a day: of the week, or one beside today."""
    day = word.casefold()
    if len(day) > 2 and day in moment_words("beside"):
        return True
    return len(day) > 3 and _kind(day).weekday and (day in moment_words("weekday_stems") or not day.isascii())


def _names_month(figures: str) -> bool:
    """Whether what stands between the figures of a date is a month, where it is a word: ``05-Mar-24``."""
    word = figures.strip("0123456789-/.").casefold()
    return not word.isalpha() or not {"-", "/"} & set(figures) or _kind(word).month


@cache
def _kind(word: str) -> _Kind:
    return _Kind(
        month=_has_stem(word, moment_words("month_stems")),
        weekday=word in moment_words("weekday_stems")
        or (len(word) > 5 and _has_stem(word, moment_words("weekday_stems"), 4)),
        beside=word in moment_words("beside") or word in moment_words("joiners"),
        unit=word in moment_words("ago_units"),
        ago=word in moment_words("ago_marks"),
    )


def _has_stem(word: str, stems: frozenset[str], shortest: int = 2) -> bool:
    return len(word) <= 14 and any(word[:size] in stems for size in range(shortest, min(len(word), 8) + 1))
