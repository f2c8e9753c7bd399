"""Numbers that an answer works out from those of its source: sums, differences, products, quotients, times between."""

from __future__ import annotations

import re
from collections.abc import Set
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from src.generation.numbers.measures import TIME_OF_DAY, unit_of
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets

_PLAIN = re.compile(r"\d{1,30}(?:\.\d{1,30})?")
"""Longer ones are keys and digests, nobody's sums."""
_WORD = re.compile(r"[^\W\d_]+")
_COUNTED = re.compile(r"(\d+(?:[.,]\d+)?)[\s\u00a0-]*([^\W\d_]+)")
_AFTER_MARK = re.compile(r"[.,;:!?()](?!\d)")
_WORDS_BEFORE, _WORDS_BEHIND, _WORDS_BESIDE = 2, 3, 3
_ONE_AND_NEXT = re.compile(r"\b(?:one|eins|eine[rs]?|une?|uno|una|uma?|een|één)((?:\s[^\W\d_]+){1,2})")
_STEM = 4
_BROKEN = frozenset(["length", "mass", "volume", "data", "degrees", "share", "money", "area", "power", "energy"])
"""What is not counted in whole units, so that no one is the last before another."""
_HOUR, _DAY, _ALL = 60, 24 * 60, 100


def values(numbers: Set[str]) -> frozenset[Fraction]:
    """``numbers`` in plain digits as values; versions and dates are left out."""
    return frozenset(Fraction(number) for number in numbers if _PLAIN.fullmatch(number))


def is_shown(value: Fraction, answer: str, place: int, said: Set[Fraction], known: Set[Fraction]) -> bool:
    """Whether ``answer`` shows how ``value``, which stands at ``place`` in it, comes about: as a factor of a number
    that it says (``said``) and that is known, or as the last before a limit of the same things: from the 4th day, 3
    days."""
    mine = said - {value}
    if value > 1 and any(value * other in mine & known for other in mine if other > 1):
        return True
    counted = _counts_at(answer, place)
    is_whole = bool(counted) and counted.partition(" ")[0] not in _BROKEN
    return is_whole and value + 1 in mine & known & _counts_of(counted, answer)


@lru_cache(maxsize=256)
def times_between(source: str) -> frozenset[Fraction]:
    """Minutes, whole hours, and minutes beyond them between any two times of day."""
    times = sorted({_HOUR * int(hour) + int(minute) for hour, minute in TIME_OF_DAY.findall(source)})
    spans = {late - early for early, late in combinations(times, 2)}
    spans |= {_DAY - span for span in spans}
    return frozenset(Fraction(number) for span in spans for number in (span, span // _HOUR, span % _HOUR))


@lru_cache(maxsize=256)
def rests(source: str) -> frozenset[Fraction]:
    """What the shares of each sentence lack to the whole."""
    shares = (re.findall(r"(\d{1,9}(?:[.,]\d{1,9})?)\s?%", part) for part in re.split(r"[.!?。]\s", in_digits(source)))
    sums = (sum(Fraction(share.replace(",", ".")) for share in found) for found in shares if len(found) > 1)
    return frozenset(Fraction(_ALL) - total for total in sums if total < _ALL)


def asks_for_sums(question: str, answer: str, place: int) -> bool:
    """Whether ``question`` compares or adds up, or ``answer`` says beside the number at ``place`` that it is left."""
    words = read_word_sets("comparing_words.txt")
    asked = not words["asked"].isdisjoint(_WORD.findall(question.casefold()))
    before = _WORD.findall(answer[:place].casefold())[-_WORDS_BESIDE:]
    behind = _WORD.findall(answer[place:].casefold())[: _WORDS_BESIDE + 1]
    return asked or not words["rest"].isdisjoint([*before, *behind])


def compares(answer: str, place: int) -> bool:
    """Whether a word that compares or adds up stands just before or behind, with no mark between."""
    before, after = _AFTER_MARK.split(answer[:place].casefold())[-1], _AFTER_MARK.split(answer[place:].casefold())[0]
    words = read_word_sets("comparing_words.txt")
    is_behind = not words["behind"].isdisjoint(_WORD.findall(after)[:_WORDS_BEHIND])
    return is_behind or not words["before"].isdisjoint(_WORD.findall(before)[-_WORDS_BEFORE:])


def is_one_beside(value: Fraction, answer: str, known: Set[Fraction]) -> bool:
    """Whether ``answer`` says that something is one more or less, and ``known`` has that number."""
    return not known.isdisjoint({value - 1, value + 1}) and any(
        not read_word_sets("comparing_words.txt")["behind"].isdisjoint(_WORD.findall(found[1]))
        for found in _ONE_AND_NEXT.finditer(answer.casefold())
    )


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
