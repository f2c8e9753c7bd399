"""Whether messages stand newest first, by the dates and times as they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from src.utils.detection.words.vocabulary import moment_words, month_stems, words

_TIME = re.compile(r"(?<!\d)(\d{1,2})[:hH時点시][ ]?(\d{2})(?:[:分분m]?[ ]?(\d{2}))?(?!\d)")
_NUMERIC = re.compile(
    r"(?<![\d:])(\d{1,4})[\u200e\u200f]?[-/.年년][ ]?(\d{1,2})[\u200e\u200f]?[-/.月월][ ]?(\d{1,4})(?![\d:])"
)
_NUMBER = re.compile(r"\d{1,4}")
_WORD = re.compile(r"[^\W\d_][^\W\d_.]*(?:\.[^\W\d_]+)*")
_MIN_MOMENTS = 3
_MIN_FALLS = 2
_LONGEST_STEM = 9
_WIDE = "\u2e80"
"""Scripts without spaces begin here."""

_Key = tuple[int, ...]


class _Read(NamedTuple):
    """A date by each way to read it (day or month first), and the time of the day."""

    dates: tuple[_Key, ...]
    time: _Key


def stand_newest_first(moments: Sequence[str]) -> bool:
    """Whether every moment is the same as the one before it or earlier, and some are earlier.

    Figures such as 3/4/2023 are read both ways: one way must fall throughout, and none may rise throughout.
    """
    if len(moments) < _MIN_MOMENTS:
        return False
    found = [_read(moment) for moment in moments]
    ways = min(len(one.dates) for one in found)
    if any(len(one.dates) != len(found[0].dates) and not ways for one in found):
        return False
    if not ways and not all(one.time for one in found):
        return False
    keys = [[(*one.dates[way], *one.time) for one in found] for way in range(ways)] or [[one.time for one in found]]
    falls = [all(one >= other for one, other in pairwise(way)) for way in keys]
    rises = [all(one <= other for one, other in pairwise(way)) for way in keys]
    steps = max(sum(one > other for one, other in pairwise(way)) for way in keys)
    return any(falls) and not any(rises) and steps >= _MIN_FALLS


@lru_cache(maxsize=4096)
def _read(moment: str) -> _Read:
    time = _TIME.search(moment)
    clock = _clock(time, moment) if time else ()
    rest = moment[: time.start()] + " " + moment[time.end() :] if time else moment
    numeric = _NUMERIC.search(rest)
    if numeric:
        first, second, third = (int(part) for part in numeric.groups())
        if first > 31:
            return _Read(((first, second, third),), clock)
        return _Read(((third, second, first), (third, first, second)), clock)
    named = [word.casefold() for word in _WORD.findall(rest)]
    month = next((number for word in reversed(named) if (number := _month(word))), 0)  # a weekday stands before it
    if not month or any(word in moment_words("ago_units") and not _month(word) for word in named):
        return _Read((), clock)
    numbers = [int(number) for number in _NUMBER.findall(rest)]
    year = next((number for number in numbers if number > 31), 0)
    day = next((number for number in numbers if 0 < number <= 31), 0)
    return _Read(((year, month, day),), clock)


def _clock(time: re.Match[str], moment: str) -> _Key:
    hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
    behind = moment[time.end() :]
    if any(_is_beside(mark, moment, behind) for mark in words("afternoon")):
        hour = hour % 12 + 12
    elif any(_is_beside(mark, moment, behind) for mark in words("forenoon")):
        hour %= 12
    return hour, minute, second


def _is_beside(mark: str, moment: str, behind: str) -> bool:
    """Whether a mark of the half of the day stands with a time: ``am`` right behind it, others as words of their own,
    those of scripts without spaces anywhere."""
    if mark >= _WIDE:
        return mark in moment
    if mark.isascii():
        return re.match(rf"\s*{mark}(?![^\W\d_])", behind.casefold().replace(".", "")) is not None
    return re.search(rf"(?<![^\W\d_]){mark}(?![^\W\d_])", moment.casefold().replace(".", "")) is not None


def _month(word: str) -> int:
    """The number of the month whose longest stem ``word`` begins with; 0 where it begins with none."""
    for size in range(min(len(word), _LONGEST_STEM), 2, -1):
        if word[:size] in month_stems():
            return month_stems()[word[:size]]
    return 0
