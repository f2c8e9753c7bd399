"""Quantities: numbers with their units, equal when they measure the same: two decades and 20 years, 800 ml and .8 l."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from src.generation.numbers.fractions import find_parts
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_wordlist

_NUMBER = r"\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_QUANTITY = re.compile(
    rf"(?<![\d.,:])(?P<number>{_NUMBER})[\s\u00a0-]*(?P<unit>°\s?[CF]?\b|%|[^\W\d_]+(?:-cent)?)", re.I
)
_ONE = re.compile(
    r"\b(?:an?|one|per|each|every|eine?[mnrs]?|une?|una|uno|um|uma|een|один|одну)\s+(?P<unit>[^\W\d_]{2,})",
    re.IGNORECASE,
)
_ONE_AS_DIGIT = re.compile(
    r"\b(?:an?|one|eine?|une?|una|uma?|een|один)\s(?=[^\W\d_]{4,}\s(?:and|und|et|y|e|en|и)\s\d)", re.I
)
_JOINT = re.compile(r"[\s\u00a0]*(?:and|und|et|y|e|en|и|,)?[\s\u00a0]*")
_RATIO = re.compile(
    r"(?P<some>\d{1,9}|one|an?|eine?[rs]?|une?|uno|una)"
    r"(?:\s+[^\W\d_]+){0,2}?\s+(?:in(?:\s+every)?|out of(?:\s+every)?|of every|von|sur|de cada|su|op de)"
    r"\s+(?P<all>\d{1,9})\b",
    re.IGNORECASE,
)
_CENTURY = re.compile(
    r"\b(?P<number>\d{1,2})(?:st|nd|rd|th|\.|e|è|º)?\s+(?:century|jahrhunderts?|siècle|secolo|século|eeuw|век\w*)\b"
    r"|\b(?:siglo|século)\s+(?P<later>\d{1,2})\b",
    re.IGNORECASE,
)
_DECADE = re.compile(
    r"\b(?P<decade>1\d\d0|20\d0)(?:['’]?s|er|er-Jahren?)\b"
    r"|\b(?:années|años|anni|anos|jaren|годы|годах)\s+(?P<later>1\d\d0|20\d0)\b",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?<!\w)['’](\d\d)(?!\w)")
_YEAR = re.compile(r"(?<![\d.,])(?:1\d{3}|20\d\d)(?![\d.,]\d|\d)")
TIME_OF_DAY = re.compile(r"(?<![\d.,:])([01]?\d|2[0-3])(?:[.:]|\s?h\s?|[時时点])([0-5]\d)(?!\d|[.,:]\d|\s?%)")
_PER_CENTURY, _MONTHS, _WHOLE = 100, 12, 100
_ROUNDED = Fraction(1, 2)
_LONGEST = 30
"""Digits beyond which a number is a key or a digest, and measures nothing."""
_OF_TIME = {"time": Fraction(1), "months": Fraction(86_400_000 * 365, 12)}
"""Milliseconds in what time is counted by."""
_CALENDAR = Fraction(1, 25)
"""Share by which a month of thirty days, or four weeks, may miss a twelfth of a year."""


_TIMES = re.compile(
    r"\b(?P<times>once|twice|thrice|einmal|zweimal|dreimal|viermal"
    r"|\d{1,9}\s+(?:times|mal|fois|veces|volte|vezes|keer|maal|раза?))"
    r"\s+(?:an?|per|each|every|in the|pro|im|am|in der|je|jede[nrs]?|par|all?a?|al|por|ao?|à|в)\s+"
    r"(?P<unit>[^\W\d_]{2,})",
    re.IGNORECASE,
)
"""How often in a unit of time: twice a year is every six months."""
_TIMES_IN_WORDS = {"once": 1, "twice": 2, "thrice": 3, "einmal": 1, "zweimal": 2, "dreimal": 3, "viermal": 4}


class Quantity(NamedTuple):
    """``value`` counts the smallest unit of what is measured (milliseconds, millimetres, hundredths)."""

    measures: str
    value: Fraction


def is_among(said: frozenset[Quantity], known: frozenset[Quantity]) -> bool:
    """Whether one of the quantities is known; a third is 33 percent."""
    if said & known or any(_is_same_time(one, known) for one in said):
        return True
    shares = [quantity.value for quantity in known if quantity.measures == "share"]
    return any(
        quantity.measures == "share"
        and any(abs(quantity.value - share) < _ROUNDED / quantity.value.denominator for share in shares)
        for quantity in said
    )


def _is_same_time(said: Quantity, known: frozenset[Quantity]) -> bool:
    """Whether months are said for days, or days for months, as people do: 60 days are two months."""
    if said.measures not in _OF_TIME:
        return False
    time = said.value * _OF_TIME[said.measures]
    others = (one.value * _OF_TIME[one.measures] for one in known if one.measures in _OF_TIME.keys() - {said.measures})
    return any(abs(time - other) <= _CALENDAR * other for other in others)


class Unit(NamedTuple):
    """What a unit measures, and how many of the smallest unit one of it is."""

    measures: str
    factor: Fraction


def read_unit(word: str) -> Unit | None:
    """The unit of that name or sign; None for a word that is none."""
    return _units().get(word.casefold().replace(" ", ""))


def is_unit(measures: str, value: Fraction) -> bool:
    """Whether one of some unit is as much: a week, one metre."""
    return Unit(measures, value) in _units().values()


def unit_of(word: str) -> str:
    """What a unit is the same as: "hours" and "h" give one name; "" for a word that is no unit."""
    unit = read_unit(word)
    return f"{unit.measures} {unit.factor}" if unit else ""


def read_quantity(number: str, following: str) -> frozenset[Quantity]:
    """What ``number`` measures by the unit that ``following`` begins with: none without a unit, two where 1.500 may be
    a thousand and more or one and a half."""
    match = _QUANTITY.match(f"{number}{following}")
    return frozenset(_values(match)) if match and match["number"] == number else frozenset()


@lru_cache(maxsize=1024)
def find_quantities(text: str) -> frozenset[Quantity]:
    """Every quantity of ``text``: with a number in digits or words, with an article (an hour), as a part of a unit
    (half a kilo), as a share of something (one in five, half of it), in two units (1 hour 30 minutes)."""
    digits = in_digits(text)
    found = {quantity for match in _QUANTITY.finditer(digits) for quantity in _values(match)}
    for match in _ONE.finditer(text):
        found.update(_measure(Fraction(1), match["unit"]))
    found.update(add_up(digits))
    for part in find_parts(text):
        found.update(_measure(part.value, part.unit))
        if part.value < 1 and not read_unit(part.unit):
            found.add(Quantity("share", _WHOLE * part.value))
    for match in _TIMES.finditer(f"{text}\n{digits}"):
        times = _TIMES_IN_WORDS.get(match["times"].casefold()) or int(match["times"].split()[0])
        if times:
            found.update(_measure(Fraction(1, times), match["unit"]))
    for match in _RATIO.finditer(digits):
        some = int(match["some"]) if match["some"].isdigit() else 1
        if 0 < some < int(match["all"]):
            found.add(Quantity("share", Fraction(_WHOLE * some, int(match["all"]))))
    return frozenset(found)


@lru_cache(maxsize=256)
def years_between(text: str) -> frozenset[Quantity]:
    """The time between any two years that ``text`` names: from 1904 to 1911 are seven years."""
    years = sorted({int(year) for year in _YEAR.findall(text)})
    return frozenset(
        Quantity("months", Fraction(_MONTHS * (late - early))) for early in years for late in years if early < late
    )


@lru_cache(maxsize=256)
def centuries(text: str) -> frozenset[str]:
    """What the centuries and years of ``text`` are called otherwise: 1800 for the 19th century, 19 for 1874."""
    named = {match["number"] or match["later"] for match in _CENTURY.finditer(in_digits(text))}
    years = {str(int(year) // _PER_CENTURY + 1) for year in _YEAR.findall(text)}
    return frozenset(str((int(number) - 1) * _PER_CENTURY) for number in named) | frozenset(years if named else ())


def is_century(number: str, text: str, source: str) -> bool:
    """Whether ``number`` is a century or a decade of ``text``, or short for a year in it, in which a year of ``source``
    lies: the 20th century, the 1950s, '57."""
    years = _years(source)
    named, decades, short = _eras(text)
    if number in named:
        return number in {str(int(year) // _PER_CENTURY + 1) for year in years}
    if number in decades:
        return any(year[:-1] == number[:-1] for year in years)
    return number in short and any(year.endswith(number) for year in years)


@lru_cache(maxsize=256)
def _years(text: str) -> frozenset[str]:
    return frozenset(_YEAR.findall(text))


@lru_cache(maxsize=256)
def _eras(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The centuries, the decades and the years without a century that ``text`` names."""
    named = frozenset(match["number"] or match["later"] for match in _CENTURY.finditer(in_digits(text)))
    decades = frozenset(found["decade"] or found["later"] for found in _DECADE.finditer(text))
    return named, decades, frozenset(_SHORT_YEAR.findall(text))


def add_up(digits: str) -> Iterator[Quantity]:
    """Quantities that a larger and a smaller unit side by side make together: an hour and 35 minutes."""
    yield from (quantity for quantity, _ in in_two_units(digits))


@lru_cache(maxsize=256)
def in_two_units(digits: str) -> tuple[tuple[Quantity, frozenset[str]], ...]:
    """Those quantities, each with both of its numbers as they are written."""
    return tuple(_find_in_two_units(_ONE_AS_DIGIT.sub("1 ", digits)))


def _find_in_two_units(digits: str) -> Iterator[tuple[Quantity, frozenset[str]]]:
    units = [(match, found) for match in _QUANTITY.finditer(digits) if (found := [*_values(match)])]
    for (first, some), (second, others) in pairwise(units):
        between = second.string[first.end() : second.start()]
        for one, other in product(some, others):
            if read_unit(first["unit"]) == read_unit(second["unit"]):
                continue
            if _JOINT.fullmatch(between) and one.measures == other.measures and other.value < one.value:
                numbers = frozenset([first["number"], second["number"]])
                yield Quantity(one.measures, one.value + other.value), numbers


def _values(match: re.Match[str]) -> Iterator[Quantity]:
    for value in read_numbers(match["number"]):
        yield from _measure(value, match["unit"])


def _measure(value: Fraction, unit: str) -> Iterator[Quantity]:
    if known := read_unit(unit):
        yield Quantity(known.measures, value * known.factor)


def read_numbers(number: str) -> set[Fraction]:
    """The values that a written number may have."""
    plain = re.sub(r"['’ \u00a0\u202f]", "", number)
    if len(plain) > _LONGEST:
        return set()
    values = {Fraction(re.sub(r"[.,]", "", plain))} if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain) else set()
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        values.add(Fraction(plain.replace(",", ".")))
    return values


@cache
def _units() -> Mapping[str, Unit]:
    units: dict[str, Unit] = {}
    for line in read_wordlist("measures.txt"):
        key, _, words = line.partition(":")
        measures, factor = key.split()
        units.update({word: Unit(measures, Fraction(factor)) for word in words.split()})
    return units
