"""Times of day in words and in figures: half past nine is 9.30, and 9 pm is 21:00."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from src.generation.numbers.measures import TIME_OF_DAY
from src.generation.numbers.words import in_digits

_COUNT = re.compile(r"\d{1,9}")
_NOON, _HOUR = 12, 60
_CLOCK = re.compile(
    r"\b[ap]\.?m\b|o'clock|\b(?:half|quarter) (?:past|to)\b"
    r"|\b(?:abends|nachmittags|nachts|mittags|du soir|de l['’]après-midi|de la (?:tarde|noche)|di sera|del pomeriggio"
    r"|da (?:tarde|noite)|['’]s (?:avonds|middags)|вечера|in the (?:evening|afternoon)|at night)\b"
    r"|\b(?:halb|viertel (?:vor|nach)|et demie|moins le quart|y media|menos cuarto)\b",
    re.IGNORECASE,
)
_BEFORE_FULL_HOUR = re.compile(r"\bquarter to\b|\bhalb\b|\bviertel vor\b|moins le quart|menos cuarto", re.IGNORECASE)
_HALF_PAST = re.compile(r"\bhalf past\b|\bet demie\b|\by media\b|\be mezza\b|\be meia\b", re.IGNORECASE)
"""The hour of half past nine is the one of 9.30."""
_ONE = "one|eins|ein|une|una|uma|één|een"
_BEFORE_HOUR = {
    30: "half past|half after",
    15: "quarter (?:past|after)|viertel nach|kwart over",
    -15: "quarter (?:to|before|of)|viertel vor|kwart voor",
    -30: "halb|half",
}
_BEHIND_HOUR = {
    30: "et demie?|y media|e mezz[ao]|e meia",
    15: "et quart|y cuarto|e un quarto",
    -15: "moins le quart|menos cuarto|meno un quarto",
}
"""The minutes that such words say before or behind an hour, from it on."""
_IN_WORDS = tuple(
    (minutes, re.compile(rf"\b(?:{words})\s(\d{{1,2}}|{_ONE})\b", re.IGNORECASE))
    for minutes, words in _BEFORE_HOUR.items()
) + tuple(
    (minutes, re.compile(rf"\b(\d{{1,2}}|{_ONE})(?:\sheures?|\sh)?\s(?:{words})\b", re.IGNORECASE))
    for minutes, words in _BEHIND_HOUR.items()
)


def without_known_times(answer: str, source: str) -> str:
    """``answer`` without the times of day that ``source`` has, whether as 9.20, 9:20, 9h20 or in words."""
    known = {_minutes(*found) for found in TIME_OF_DAY.findall(source)} | _times_in_words(source)
    if not known:
        return answer
    return TIME_OF_DAY.sub(lambda found: "·" if _minutes(found[1], found[2]) in known else found.group(), answer)


def is_hour(number: str, answer: str, known: Set[str]) -> bool:
    """Whether a clock of twelve hours has it for an hour that ``known`` has: 9 pm for 21:00."""
    if not _COUNT.fullmatch(number) or not 1 <= int(number) <= _NOON or not _CLOCK.search(answer):
        return False
    hours = {int(number) + _NOON} | ({0} if int(number) == _NOON else set())
    if _BEFORE_FULL_HOUR.search(answer):
        hours |= {int(number) - 1, int(number) + _NOON - 1}
    half = {f"{hour}.3" for hour in (int(number), int(number) + _NOON)} if _HALF_PAST.search(answer) else set[str]()
    return not known.isdisjoint(half | set(map(str, hours)))


def _minutes(hour: str, minute: str) -> int:
    return int(hour) * _HOUR + int(minute)


@lru_cache(maxsize=256)
def _times_in_words(text: str) -> frozenset[int]:
    """The minutes from midnight of every time that ``text`` says in words, before noon and after."""
    digits = in_digits(text)
    found = (
        (minutes, int(match[1]) if match[1].isdigit() else 1)
        for minutes, pattern in _IN_WORDS
        for match in pattern.finditer(digits)
    )
    times = {(_HOUR * hour + minutes) % (_NOON * _HOUR) for minutes, hour in found}
    return frozenset(times | {time + _NOON * _HOUR for time in times})
