"""Numbers with what they count: a number of the source that the answer gives to something else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from src.generation.gates.terms import is_function_word
from src.generation.gates.texts import split_sentences, whole_sentences
from src.generation.numbers.measures import find_quantities, is_among, read_quantity, unit_of
from src.generation.numbers.words import in_digits
from src.generation.wordlists import month_names

_NUMBER_AND_NEXT = re.compile(r"(\d+(?:[.,:]\d+)*)[\s\u00a0-]*(°\s?[CF]|[%€$£]|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+)")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|°\s?[CF]|[%€$£]|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+")
_NUMBERED_NAME = re.compile(r"(?<![\w-])([^\W\d_]{2,})[-.]?(\d+)(?![\w]|[.,]\d)")
_NUMBERED_THING = re.compile(r"(?<![\w-])([^\W\d_]{3,}) (\d+)(?=[;:)!?]|[.,](?!\d)|$)")
"""No unit follows: status 78, Kapitel 9."""
_NAME_AND_NUMBERS = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{2,})[-. \u00a0]?(\d+(?:[.,]\d+)*(?:(?:[\s,/–-]+[^\W\d_]{1,3})?[\s,/–-]+\d+)*)"
)
"""With the others of a run: Python 2 and 3, ports 80, 443 or 8080."""
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_BEFORE = 2
"""Words that may stand between a number and, behind it, what it belongs to: the 9th of the chapters."""
_KEY_CHARS = 4
_CELL = "|"
_SMALL = 3
"""Up to here a number counts whatever is at hand: "between two requests"."""


class _Counts(NamedTuple):
    """The numbers of a sentence, all that may be a unit in it, and the units that directly follow a number."""

    numbers: frozenset[str]
    words: frozenset[str]
    units: frozenset[str]


def misplaced_numbers(answer: str, source: str) -> tuple[str, ...]:
    """The numbers of ``answer`` that ``source`` has, but in no sentence with their unit, while that unit follows other
    numbers there: "every 2 hours" where the source has "every three hours" and "two months"."""
    sentences = _count(source)
    found = []
    for number, unit in _NUMBER_AND_NEXT.findall(in_digits(answer)):
        value, key = _plain(number), _key(unit)
        if is_function_word(unit.casefold()) or not any(key in sentence.units for sentence in sentences):
            continue
        if not unit_of(unit) and re.fullmatch(r"\d{1,9}", value) and int(value) <= _SMALL:
            continue
        if is_among(read_quantity(number, f" {unit}"), find_quantities(source)):
            continue
        beside = [key in sentence.words for sentence in sentences if value in sentence.numbers]
        if beside and not any(beside):
            found.append(f"{number} {unit}")
    return (*found, *_numbered_otherwise(answer, source))


def _numbered_otherwise(answer: str, source: str) -> Iterator[str]:
    """What ``answer`` names by a word and a number (IPv6, UTF-8, status 78) where ``source`` has that word with other
    numbers only; for a word and a number apart, with other numbers only in each sentence from that word on."""
    known = _numbers_after(source)
    for found in _NUMBERED_NAME.finditer(answer):
        if _is_other(found, known.get(_name(found[1]))):
            yield found.group()
    for found in _NUMBERED_THING.finditer(answer):
        others = known.get(_name(found[1]))
        if _is_other(found, others) and _plain(found[2]) not in _numbers_beside(_name(found[1]), source):
            yield found.group()


def _is_other(found: re.Match[str], others: Set[str] | None) -> bool:
    """Whether the number is none of ``others``, what the source has behind that word; a date is no name."""
    word = found[1].casefold()
    if not others or is_function_word(word) or word in month_names() or _YEAR.fullmatch(found[2]):
        return False
    return _plain(found[2]) not in others


@lru_cache(maxsize=256)
def _numbers_after(source: str) -> Mapping[str, Set[str]]:
    """The numbers that stand behind each word of ``source``, as a run: Windows 10 and 11."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for name, numbers in _NAME_AND_NUMBERS.findall(source):
        known[_name(name)] |= {_plain(numbers), *map(_plain, re.findall(r"\d+", numbers))}
    return known


def _numbers_beside(name: str, source: str) -> set[str]:
    """The numbers that stand anywhere behind ``name`` in its sentence, or just before it."""
    found: set[str] = set()
    for sentence in split_sentences(in_digits(source)):
        tokens = _TOKEN.findall(sentence)
        places = [place for place, token in enumerate(tokens) if _name(token) == name]
        beside = tokens[max(0, places[0] - _BEFORE) :] if places else []
        found |= {_plain(token) for token in beside if token[0].isdigit()}
    return found


def _name(word: str) -> str:
    return word.casefold().removesuffix("s")


@lru_cache(maxsize=256)
def _count(source: str) -> tuple[_Counts, ...]:
    sentences = []
    head: frozenset[str] = frozenset()
    for sentence in whole_sentences(in_digits(source)):
        tokens = _TOKEN.findall(sentence)
        units = {_key(unit) for number, unit in pairwise(tokens) if number[0].isdigit() and not unit[0].isdigit()}
        numbers = frozenset(_plain(token) for token in tokens if token[0].isdigit())
        words = frozenset(map(_key, tokens))
        # the unit of a table's cell stands in the row of its heads
        head = (head or words) if _CELL in sentence else frozenset()
        sentences.append(_Counts(numbers, words | head, frozenset(units)))
    return tuple(sentences)


def _key(unit: str) -> str:
    plain = unit.casefold().replace(" ", "")
    return unit_of(unit) or plain.removesuffix("s")[:_KEY_CHARS]


def _plain(number: str) -> str:
    digits = re.sub(r"[.,:]", "", number)
    return digits.lstrip("0") or "0"
