"""Quantities: numbers with their units, equal when they measure the same: two decades and 20 years, 800 ml and .8 l."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from src.generation.number_words import in_digits
from src.generation.wordlists import read_wordlist

_NUMBER = r"\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_QUANTITY = re.compile(
    rf"(?<![\d.,:])(?P<number>{_NUMBER})[\s\u00a0-]*(?P<unit>°\s?[CF]?\b|%|[^\W\d_]+(?:-cent)?)", re.I
)
_ONE = re.compile(
    r"\b(?:an?|one|per|each|every|eine?[mnrs]?|une?|una|uno|um|uma|een|один|одну)\s+(?P<unit>[^\W\d_]{2,})",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?P<part>half|halbe[nrs]?|demi|media|medio|mezz[ao]|meia|halve?|пол|quarter|three quarters)[\s-]+"
    r"(?:of\s+)?(?:an?\s+|the\s+|d['’]une?\s+|eine[mnrs]?\s+)?(?P<unit>[^\W\d_]{2,})",
    re.IGNORECASE,
)
_PARTS = {"quarter": Fraction(1, 4), "three quarters": Fraction(3, 4)}
_RATIO = re.compile(
    r"(?P<some>\d{1,9}|one|an?|eine?[rs]?|une?|uno|una)"
    r"(?:\s+[^\W\d_]+){0,2}?\s+(?:in(?:\s+every)?|out of(?:\s+every)?|of every|von|sur|de cada|su|op de)"
    r"\s+(?P<all>\d{1,9})\b",
    re.IGNORECASE,
)
_SHARES = (
    (Fraction(50), r"half|halve[ds]?|halving|hälfte|halb\w*|halbier\w*|moitié|mitad|metà|metade|helft|половин\w*"),
    (
        Fraction(75),
        r"(?:three|3) quarters|dreiviertel|(?:drei|3) viertel|(?:trois|3) quarts|(?:tres|3) cuartas? partes",
    ),
    (Fraction(25), r"(?<!3 )(?:a|one) quarter|(?:ein|1) viertel|un quart|(?:una )?cuarta parte|un quarto|een kwart"),
    (Fraction(100, 3), r"(?:a|one) third|ein drittel|un tiers|un tercio|un terzo|um terço|een derde"),
    (Fraction(80), r"(?:four|4) fifths|(?:vier|4) fünftel|(?:quatre|4) cinquièmes|(?:cuatro|4) quintos"),
    (Fraction(20), r"(?:a|one) fifth|ein fünftel|un cinquième|un quinto"),
    (Fraction(200, 3), r"two thirds|zwei drittel|deux tiers|dos tercios|due terzi|dois terços|twee derde"),
    (Fraction(40), r"two fifths|zwei fünftel|deux cinquièmes|dos quintos"),
    (Fraction(60), r"three fifths|drei fünftel|trois cinquièmes|tres quintos"),
    (Fraction(10), r"(?:a|one) tenth|ein zehntel|un dixième|un décimo|un decimo"),
)
_CENTURY = re.compile(
    r"\b(?P<number>\d{1,2})(?:st|nd|rd|th|\.|e|è|º)?\s+(?:century|jahrhunderts?|siècle|secolo|século|eeuw|век\w*)\b"
    r"|\b(?:siglo|século)\s+(?P<later>\d{1,2})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,])(?:1\d{3}|20\d\d)(?![\d.,]\d|\d)")
TIME_OF_DAY = re.compile(r"(?<![\d.,:])([01]?\d|2[0-3])(?:[.:]|\s?h\s?)([0-5]\d)(?!\d|[.,:]\d|\s?%)")
_PER_CENTURY, _MONTHS = 100, 12
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
        quantity.measures == "share" and any(abs(quantity.value - share) < _ROUNDED for share in shares)
        for quantity in said
    )


def _is_same_time(said: Quantity, known: frozenset[Quantity]) -> bool:
    """Whether months are said for days, or days for months, as people do: 60 days are two months."""
    if said.measures not in _OF_TIME:
        return False
    time = said.value * _OF_TIME[said.measures]
    others = (one.value * _OF_TIME[one.measures] for one in known if one.measures in _OF_TIME.keys() - {said.measures})
    return any(abs(time - other) <= _CALENDAR * other for other in others)


class _Unit(NamedTuple):
    measures: str
    factor: int


def unit_of(word: str) -> str:
    """What a unit is the same as: "hours" and "h" give one name; "" for a word that is no unit."""
    unit = _units().get(word.casefold().replace(" ", ""))
    return f"{unit.measures} {unit.factor}" if unit else ""


def read_quantity(number: str, following: str) -> frozenset[Quantity]:
    """What ``number`` measures by the unit that ``following`` begins with: none without a unit, two where 1.500 may be
    a thousand and more or one and a half."""
    match = _QUANTITY.match(f"{number}{following}")
    return frozenset(_values(match)) if match and match["number"] == number else frozenset()


@lru_cache(maxsize=256)
def find_quantities(text: str) -> frozenset[Quantity]:
    """Every quantity of ``text``: with a number in digits or words, with an article (an hour), as a part of a unit
    (half a kilo), as a share of something (one in five, half of it)."""
    digits = in_digits(text)
    found = {quantity for match in _QUANTITY.finditer(digits) for quantity in _values(match)}
    for match in _ONE.finditer(text):
        found.update(_measure(Fraction(1), match["unit"]))
    for match in _PART.finditer(text):
        found.update(_measure(_PARTS.get(match["part"].casefold(), Fraction(1, 2)), match["unit"]))
    for match in _TIMES.finditer(f"{text}\n{digits}"):
        times = _TIMES_IN_WORDS.get(match["times"].casefold()) or int(match["times"].split()[0])
        if times:
            found.update(_measure(Fraction(1, times), match["unit"]))
    for match in _RATIO.finditer(digits):
        some = int(match["some"]) if match["some"].isdigit() else 1
        if 0 < some < int(match["all"]):
            found.add(Quantity("share", Fraction(100 * some, int(match["all"]))))
    found.update(Quantity("share", share) for share, words in _SHARES if re.search(rf"\b(?:{words})\b", text, re.I))
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
    """Whether ``number`` is a century of ``text`` in which a year of ``source`` lies."""
    named = {match["number"] or match["later"] for match in _CENTURY.finditer(in_digits(text))}
    return number in named and number in {str(int(year) // _PER_CENTURY + 1) for year in _YEAR.findall(source)}


def _values(match: re.Match[str]) -> Iterator[Quantity]:
    for value in _read(match["number"]):
        yield from _measure(value, match["unit"])


def _measure(value: Fraction, unit: str) -> Iterator[Quantity]:
    known = _units().get(unit.casefold().replace(" ", ""))
    if known:
        yield Quantity(known.measures, value * known.factor)


def _read(number: str) -> set[Fraction]:
    """The values that a written number may have."""
    plain = re.sub(r"['’ \u00a0\u202f]", "", number)
    if len(plain) > _LONGEST:
        return set()
    values = {Fraction(re.sub(r"[.,]", "", plain))} if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain) else set()
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        values.add(Fraction(plain.replace(",", ".")))
    return values


@cache
def _units() -> Mapping[str, _Unit]:
    units: dict[str, _Unit] = {}
    for line in read_wordlist("measures.txt"):
        key, _, words = line.partition(":")
        measures, factor = key.split()
        units.update({word: _Unit(measures, int(factor)) for word in words.split()})
    return units
