"""Months and days of the week that an answer names must be those of its passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.language import detect_language
from src.generation.wordlists import read_word_sets

_NAME = re.compile(r"[^\W\d_]+(?:-feira)?")
_DATE = re.compile(r"(?<!\d)(?:\d{4}[./-])?(\d{1,2})(?:[./-](\d{1,2}))?(?:[./-]\d{2,4})?(?!\d)")
"""Dates in digits: which of two numbers is the month is not told by themselves."""
_POINTED = re.compile(r"\d{1,2}\.\d{1,2}")
_WITHOUT_POINTS = frozenset({"en", "fr", "es", "it", "pt", "zh", "ja"})
_SHORTEST = 3
"""Letters up to which a name is a short form, and may be another word."""
_ALSO_WORDS = frozenset({"may", "march", "mars", "august", "mayo", "sat", "sun", "mar", "mai"})
"""They are names only with a capital inside of a sentence."""
_OPENING = ("", ".", "!", "?", ":")
_CUE_CHARS = 12
_NEIGHBOUR = re.compile(
    r"\b(?:before|until|after|by|since|vor|bis|nach|ab|seit|avant|après|antes|después|hasta)\b", re.I
)


_PART = r"(?:end of\s|mid-|early\s|late\s|ende\s|mitte\s|anfang\s)?([^\W\d_]+)"
_SPAN = re.compile(rf"([^\W\d_]+)\s?(?:-|–|\s(?:to|until|till|through|bis|à|au|a|al|tot)\s){_PART}", re.IGNORECASE)
_BETWEEN = re.compile(
    rf"\b(?:between|zwischen|entre|tra|fra|tussen)\s{_PART}\s(?:and|und|et|y|e|en)\s{_PART}", re.IGNORECASE
)
"""Two words that are said as the ends of a span."""


def check_calendar(draft: Draft, passage: str) -> Verdict:
    """Reject an answer that names a month or a day of the week which neither passage nor question has, where the
    passage names others. "Before May" may stand for the end of April; where the source speaks of weekdays or of a
    weekend, its days are not told apart."""
    around = f"{passage}\n{draft.question}"
    for kind in ("months.txt", "weekdays.txt"):
        if kind == "weekdays.txt" and _speaks_of_several(around):
            continue
        in_compounds = _in_compounds(around, kind)
        if not in_compounds and not any(_found(around, kind)):
            continue
        known = in_compounds | set(_named(around, kind))
        if kind == "months.txt":
            known |= _months_of_dates(around, detect_language(passage).code) | _months_between(around)
        for number, before, word in _found(draft.answer, kind):
            near = {number - 1, number + 1} if _NEIGHBOUR.search(before) else set()
            if not {number, *near} & known:
                return Verdict(False, "name_not_in_source", word)
    return Verdict(True)


def _found(text: str, kind: str) -> Iterator[tuple[int, str, str]]:
    """The months or days of ``text`` by their numbers, what stands before each, and its name."""
    numbers = _numbers(kind)
    for match in _NAME.finditer(text):
        word = match.group()
        number = numbers.get(word.casefold())
        before = text[: match.start()].rstrip()
        is_name = word[0].isupper() and before[-1:] not in _OPENING
        if number and (len(word) > _SHORTEST or is_name) and (is_name or word.casefold() not in _ALSO_WORDS):
            yield number, before[-_CUE_CHARS:], word


def _named(text: str, kind: str) -> Iterator[int]:
    numbers = _numbers(kind)
    yield from (numbers[word] for word in map(str.casefold, _NAME.findall(text)) if word in numbers)


@lru_cache(maxsize=256)
def _in_compounds(text: str, kind: str) -> frozenset[int]:
    """The months or days that longer words begin with: Oktoberwoche."""
    names = {name: number for name, number in _numbers(kind).items() if len(name) > _SHORTEST}
    words = {word for word in map(str.casefold, _NAME.findall(text)) if word not in _numbers(kind)}
    lengths = sorted({len(name) for name in names})
    beginnings = {word[:length] for word in words for length in lengths}
    return frozenset(number for name, number in names.items() if name not in _ALSO_WORDS and name in beginnings)


def _months_of_dates(text: str, code: str) -> set[int]:
    """Every number of the dates in digits that may be a month: 14.7., 12/24, 2024-03-05. Two numbers with a point are
    none in languages that put it before decimals or write dates with strokes."""
    dates = (found for found in _DATE.finditer(text) if found[2])
    if code in _WITHOUT_POINTS:
        dates = (found for found in dates if not _POINTED.fullmatch(found.group()))
    return {int(part) for found in dates for part in found.groups() if part}


def _months_between(text: str) -> set[int]:
    """The months of spans: October, where the text has September to April."""
    found: set[int] = set()
    for match in (*_SPAN.finditer(text), *_BETWEEN.finditer(text)):
        first, last = (_numbers("months.txt").get(word.casefold()) for word in match.groups())
        if first and last:
            found.update((first + step - 1) % 12 + 1 for step in range((last - first) % 12 + 1))
    return found


def _speaks_of_several(text: str) -> bool:
    return not read_word_sets("weekdays.txt")["some"].isdisjoint(map(str.casefold, _NAME.findall(text)))


@cache
def _kinds(kind: str) -> Mapping[int, tuple[str, ...]]:
    return {int(key): tuple(sorted(names)) for key, names in read_word_sets(kind).items() if key.isdigit()}


@cache
def _numbers(kind: str) -> Mapping[str, int]:
    return {name.removesuffix("s"): number for number, names in _kinds(kind).items() for name in names} | {
        name: number for number, names in _kinds(kind).items() for name in names
    }
