"""Figures: the numbers of a text with what each is a number of: a unit, a day, an hour, a year, or what it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from src.generation.answer_first.words import stem
from src.generation.gates.terms import is_function_word
from src.generation.numbers.measures import TIME_OF_DAY, read_numbers, read_unit
from src.generation.numbers.words import in_digits
from src.generation.wordlists import month_names, read_word_sets, scales

_TOKEN = re.compile(
    r"(?P<number>\d{1,2}(?:\s?h\s?|[時时点])[0-5]\d(?!\d)|\d+(?:[.,:'’]\d+)*(?:[ \u00a0\u202f]\d{3}(?!\d))*)"
    r"|(?P<word>°\s?[CF]\b|[%°€$£§#№]|時間|小时|小時|分間|分钟|週間|星期|[かヶカ个]月間?|[\u30a1-\u30ff]{2,}|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+)|(?P<mark>[^\w\s])"
)
_ORDINAL_END = frozenset({"st", "nd", "rd", "th"})
_JOINTS = read_word_sets("number_joints.txt")["joint"]
_HOURS = frozenset({"uhr", "時", "时", "点", "am", "pm", "a", "p", "h", "heures", "часов", "o"})
_PER = frozenset({"/", "per", "pro", "par", "por", "an", "a", "à", "je", "in", "в"})
_MOVED = frozenset({"length", "data"})
"""What is measured per hour or second: not how far, but how fast."""
_LABELS = frozenset({"§", "#", "№", "no", "nr"})
_CURRENCIES = frozenset({"€", "$", "£", "eur", "usd", "gbp", "chf"})
_SCALES = frozenset({"1000", "1000000", "1000000000"})
"""Words of scale that were words before: million."""
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_LONGEST_DIGITS = 12
_NOON = 12
_POINTS_OF_MARK = re.compile(r"[\u3041-\u309f減満以]")
_SHORT = 2
"""Letters up to which a sign is only read as a unit right behind its number."""

POINTS = frozenset({"@date", "@clock", "@year"})
"""Points in time: they are moved, and never added up."""
MEASURED = frozenset(
    {"time", "months", "length", "mass", "volume", "data", "degrees", "share", "money", "area", "power", "energy"}
)


class Figure(NamedTuple):
    """A number as written (``numbers``) and what it comes to (``values``) in ``kind``.

    That is what is measured, in its smallest unit; "@date"; "@clock", in minutes of half a day; "@year"; "@label";
    "@rate"; the stem of what is counted behind "n:"; "" where the text does not say. ``place`` is that in the text with
    its words in digits, -1 where there is no number.
    """

    numbers: frozenset[Fraction]
    values: frozenset[Fraction]
    kind: str
    words: str
    place: int


class _Token(NamedTuple):
    text: str
    kind: str
    place: int


@lru_cache(maxsize=512)
def read_figures(text: str) -> tuple[Figure, ...]:
    """The figures of ``text``, in digits or in words, in order."""
    digits = in_digits(text)
    tokens = [_Token(found.group(), found.lastgroup or "", found.start()) for found in _TOKEN.finditer(digits)]
    return tuple(
        _figure(tokens, place)
        for place, token in enumerate(tokens)
        if token.kind == "number" and len(token.text) <= _LONGEST_DIGITS and not _is_scale(tokens, place)
    )


def _figure(tokens: Sequence[_Token], place: int) -> Figure:
    token = tokens[place]
    kind = _find_kind(tokens, place)
    words = " ".join(one.text for one in tokens[place : place + 2])
    numbers = frozenset(value * scale for value in read_numbers(token.text) for scale in _scales(tokens, place))
    if kind == "@clock":
        return Figure(numbers, _read_clock(token.text), kind, words, token.place)
    measure = None if kind.startswith("@") else read_unit(kind)
    if measure is None:
        return Figure(numbers, numbers, kind, words, token.place)
    values = frozenset(value * measure.factor for value in numbers)
    return Figure(numbers, values, measure.measures, words, token.place)


def _read_clock(written: str) -> frozenset[Fraction]:
    hour, *minute = re.findall(r"\d+", written)
    if len(hour) > _SHORT or len(minute) > 1:
        return frozenset()
    return frozenset([Fraction(int(hour) % _NOON * 60 + int(minute[0] if minute else 0))])


def _is_scale(tokens: Sequence[_Token], place: int) -> bool:
    return tokens[place].text in _SCALES and place > 0 and tokens[place - 1].kind == "number"


def _scale(tokens: Sequence[_Token], place: int) -> int:
    """What a word of scale behind the number multiplies it by: 1.5 million."""
    following = tokens[place + 1].text.casefold() if place + 1 < len(tokens) else ""
    if following.isdigit():
        return int(following) if following in _SCALES else 1
    return scales().get(following, 1) if len(following) > 1 or not following.isascii() else 1


def _scales(tokens: Sequence[_Token], place: int) -> set[int]:
    """The scale of a number; without one also that of the next number, where only a joint parts them: from 1.26 to 1.19
    million."""
    own, joined = _scale(tokens, place), tokens[place + 1 : place + 3]
    is_joined = len(joined) > 1 and joined[0].text.casefold() in _JOINTS and joined[1].kind == "number"
    return {own, _scale(tokens, place + 2)} if is_joined and own == 1 else {own}


def _find_kind(tokens: Sequence[_Token], place: int) -> str:
    """The unit of the number at ``place`` as a word, or its kind."""
    before = tokens[place - 1].text.casefold() if place else ""
    after = _following(tokens, place)
    first = after[0].text.casefold() if after and after[0].kind == "word" else ""
    if before in _LABELS | _CURRENCIES:
        return before if before in _CURRENCIES else "@label"
    is_year = bool(_YEAR.fullmatch(tokens[place].text))
    if not is_year and (before in month_names() or first in month_names() or _after_of(after) in month_names()):
        return "@date"
    if (TIME_OF_DAY.fullmatch(tokens[place].text) and not _DECIMAL.fullmatch(tokens[place].text)) or _is_hour(
        first, after
    ):
        return "@clock"
    if first and (unit := read_unit(first)):
        return "@rate" if unit.measures in _MOVED and _is_per(after[1:3]) else first
    second = after[1].text.casefold() if first and len(after) > 1 and after[1].kind == "word" else ""
    if len(second) > _SHORT and read_unit(second) and not is_function_word(first):
        return second
    if is_year:
        return "@year"
    if (after and (first in _JOINTS or after[0].text in _JOINTS)) and (shared := _shared(tokens, place)):
        return shared
    return f"n:{stem(first)}" if first and len(first) > _SHORT and not is_function_word(first) else ""


def _following(tokens: Sequence[_Token], place: int) -> list[_Token]:
    """What follows the number, without the ending of an ordinal, a hyphen, and a word of scale."""
    following = list(tokens[place + 1 : place + 6])
    if _scale(tokens, place) > 1:
        following = following[1:]
    while following and (following[0].text.casefold() in _ORDINAL_END or following[0].text == "-"):
        following = following[1:]
    return following


def _after_of(after: Sequence[_Token]) -> str:
    joins = len(after) > 1 and after[0].text.casefold() in {".", "of", "de", "di", "do"}
    return after[1].text.casefold() if joins else ""


def _is_per(following: Sequence[_Token]) -> bool:
    """Whether a unit is one per hour or second: km/h, Kilometer pro Stunde."""
    unit = read_unit(following[1].text) if len(following) > 1 and following[0].text.casefold() in _PER else None
    return unit is not None and unit.measures == "time"


def _is_hour(first: str, after: Sequence[_Token]) -> bool:
    if first in {"a", "p"}:
        return len(after) > _SHORT and after[1].text == "." and after[2].text.casefold() == "m"
    if first == "点":  # points too, in Japanese
        return len(after) < _SHORT or not _POINTS_OF_MARK.match(after[1].text)
    return first in _HOURS - {"a", "p", "h", "heures", "o"} or (
        first == "o" and len(after) > 1 and after[1].text in "'’"
    )


def _shared(tokens: Sequence[_Token], place: int) -> str:
    """The unit of the next number where only joints stand between: 4, 8 and 16 minutes. A comma alone joins what goes
    on behind the next number."""
    for later in range(place + 1, min(place + 4, len(tokens))):
        if tokens[later].kind == "number":
            following = tokens[later + 1].text.casefold() if later + 1 < len(tokens) else ""
            is_comma = tokens[later - 1].text == ","
            kind = "" if is_comma and following not in _JOINTS else _find_kind(tokens, later)
            return "" if kind == "@year" else kind
        if tokens[later].text.casefold() not in _JOINTS:
            return ""
    return ""


def is_firm(figure: Figure) -> bool:
    """Whether a figure measures something or is a point in time."""
    return figure.kind in MEASURED or figure.kind.startswith("@")
