"""Numbers that an answer works out from those of its source: sums, differences, products, quotients, times between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product

from src.generation.number_measures import TIME_OF_DAY, unit_of
from src.generation.number_words import in_digits
from src.generation.wordlists import read_word_sets

_PLAIN = re.compile(r"\d{1,30}(?:\.\d{1,30})?")
"""Longer ones are keys and digests, nobody's sums."""
_WORD = re.compile(r"[^\W\d_]+")
_COUNTED = re.compile(r"(\d+(?:[.,]\d+)?)[\s\u00a0-]*([^\W\d_]+)")
_AFTER_MARK = re.compile(r"[.,;:!?()](?!\d)")
_WORDS_BEFORE, _WORDS_BEHIND = 2, 3
_MOST_SUMMED = 6
_FEW = 4
"""Up to here an answer may say how many there are of what the source has one of: four tickets."""
_STEM = 4
_HOUR, _DAY, _ALL = 60, 24 * 60, 100
_ALWAYS_KNOWN = frozenset(map(Fraction, (1, 2, 7, 12, 24, 52, 60, 100, 365, 1000)))
"""Halves, and what units are made of: days, months, hours, weeks, minutes."""


def values(numbers: Set[str]) -> frozenset[Fraction]:
    """``numbers`` in plain digits as values; versions and dates are left out."""
    return frozenset(Fraction(number) for number in numbers if _PLAIN.fullmatch(number))


def is_shown(value: Fraction, answer: str, place: int, said: Set[Fraction], known: Set[Fraction]) -> bool:
    """Whether ``answer`` shows how ``value``, which stands at ``place`` in it, comes about: beside a word that compares
    or adds up, as the sum or difference of a number that it says (``said``) and a known one; as a factor of a number
    that it says; as the last before a limit of the same things: from the 4th day, 3 days."""
    mine, others = said - {value}, known - {Fraction(1)}
    if _compares(answer, place) and any(value in (x + y, abs(x - y)) for x in mine & others for y in others):
        return True
    if value > 1 and any(value * other in mine & known for other in mine if other > 1):
        return True
    counted = _counts_at(answer, place)
    return bool(counted) and value + 1 in mine & known & _counts_of(counted, answer)


def follows(value: Fraction, said: Set[Fraction], asked: Set[Fraction], known: Set[Fraction], source: str) -> bool:
    """Whether ``value`` can be worked out in one step from two numbers that question or answer say (``said``), from one
    of the question (``asked``) and one of ``known``, from all that are said, or as a time between two of the source.
    Whole numbers stand for rounded ones."""
    if any(value in (x * y, x / y) for x in said for y in _ALWAYS_KNOWN) or _is_next(value, known):
        return True
    if any(value == x * y for x in said if 1 < x <= _FEW for y in known):
        return True
    steps = (step for x in said for y in (known | said if x in asked else said) for step in _steps(x, y))
    if value in steps or any(_rounds(value, x / y) for x in said for y in said if y):
        return True
    return value in _totals(frozenset(said - {value})) or value in _times_between(source) or value in _rests(source)


def _is_next(value: Fraction, known: Set[Fraction]) -> bool:
    """Whether a large number is one beside a known one: the port above another."""
    return value > _ALL and not {value - 1, value + 1}.isdisjoint(known)


def _rounds(value: Fraction, exact: Fraction) -> bool:
    return value.denominator == 1 and exact.denominator > 1 and abs(value - exact) < 1


def _steps(x: Fraction, y: Fraction) -> Iterator[Fraction]:
    yield from (x + y, abs(x - y), x * y)
    if x and y:
        yield from (x / y, y / x)


@lru_cache(maxsize=64)
def _totals(said: frozenset[Fraction]) -> frozenset[Fraction]:
    """The sums of three numbers or more that are said together, each added or taken away."""
    if len(said) > _MOST_SUMMED:
        return frozenset()
    sets = (some for count in range(3, len(said) + 1) for some in combinations(sorted(said), count))
    return frozenset(
        sum((sign * number for sign, number in zip(signs, some, strict=True)), Fraction(0))
        for some in sets
        for signs in product((1, -1), repeat=len(some))
    )


@lru_cache(maxsize=256)
def _times_between(source: str) -> frozenset[Fraction]:
    """Minutes, whole hours, and minutes beyond them between any two times of day."""
    times = sorted({_HOUR * int(hour) + int(minute) for hour, minute in TIME_OF_DAY.findall(source)})
    spans = {late - early for early, late in combinations(times, 2)}
    spans |= {_DAY - span for span in spans}
    return frozenset(Fraction(number) for span in spans for number in (span, span // _HOUR, span % _HOUR))


@lru_cache(maxsize=256)
def _rests(source: str) -> frozenset[Fraction]:
    """What the shares of each sentence lack to the whole."""
    shares = (re.findall(r"(\d{1,9}(?:[.,]\d{1,9})?)\s?%", part) for part in re.split(r"[.!?。]\s", in_digits(source)))
    sums = (sum(Fraction(share.replace(",", ".")) for share in found) for found in shares if len(found) > 1)
    return frozenset(Fraction(_ALL) - total for total in sums if total < _ALL)


def _compares(answer: str, place: int) -> bool:
    """Whether a word that compares or adds up stands just before or behind, with no mark between."""
    before, after = _AFTER_MARK.split(answer[:place].casefold())[-1], _AFTER_MARK.split(answer[place:].casefold())[0]
    words = read_word_sets("comparing_words.txt")
    is_behind = not words["behind"].isdisjoint(_WORD.findall(after)[:_WORDS_BEHIND])
    return is_behind or not words["before"].isdisjoint(_WORD.findall(before)[-_WORDS_BEFORE:])


def _counts_at(answer: str, place: int) -> str:
    """What the number at ``place`` counts, cut to a stem or as a unit; "" where nothing follows it."""
    following = _WORD.search(answer, place)
    if answer[place : place + 1].isalpha() and following:  # the number itself is a word
        following = _WORD.search(answer, following.end())
    return _key(following.group()) if following else ""


def _counts_of(key: str, text: str) -> frozenset[Fraction]:
    found = _COUNTED.findall(in_digits(text))
    return frozenset(Fraction(number.replace(",", ".")) for number, word in found if _key(word) == key)


def _key(word: str) -> str:
    return unit_of(word) or word.casefold()[:_STEM]
