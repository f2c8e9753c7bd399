"""Numbers as people write them: which numbers of an answer does its source not have, in digits or in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import cache, lru_cache

from src.generation.wordlists import read_wordlist

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+")
_SEPARATOR = re.compile(r"[.,'’ \u00a0\u202f]")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LINE_MARKER = re.compile(r"^\W*(?:[^\W\d]+\s+)?\d{1,3}\s*[.):]\s", re.MULTILINE)
_INLINE_MARKER = re.compile(r"(?<!\S)\(?(\d{1,2})[.)](?=\s)")


def missing_numbers(answer: str, source: str) -> tuple[str, ...]:
    """The numbers of ``answer`` that ``source`` has neither in digits nor in words.

    Grouping, decimal comma or point, leading and trailing zeros and the script of the digits make no difference.
    Numbers that only count list items ("1." at the start of a line, "1) ... 2) ..." in a row) are left out.
    """
    found = _NUMBER.findall(_without_markers(_with_ascii_digits(answer)))
    known = _known_numbers(source) if found else frozenset()
    return tuple(number for number in found if not _is_known(number, known))


def _is_known(number: str, known: Set[str]) -> bool:
    if number_forms(number) & known:
        return True
    # "in 10 100" may be ten thousand one hundred or two numbers side by side
    parts = number.split()
    return len(parts) > 1 and all(number_forms(part) & known for part in parts)


@lru_cache(maxsize=256)
def _known_numbers(source: str) -> frozenset[str]:
    known: set[str] = set()
    for number in _NUMBER.findall(_with_ascii_digits(source)):
        known |= number_forms(number)
        parts = _SEPARATOR.split(number)
        if len(parts) > 2 or " " in number:  # a date, a list, a version: its parts are numbers too
            known.update(*(number_forms(part) for part in parts))
    words = set(_WORD.findall(unicodedata.normalize("NFKC", source).casefold()))
    spelled = _numbers_by_word()
    known.update(*(spelled[word] for word in words if word in spelled))
    signs = {unicodedata.numeric(mark, -1) for mark in set(source) if not mark.isdecimal()}
    return frozenset(known | {str(int(value)) for value in signs if value >= 0 and value == int(value)})  # 三, Ⅳ, ②


def number_forms(number: str) -> set[str]:
    """The values that a written number may have: ``1.000`` is a thousand or one, ``3,50`` is 3.5, ``1,234.50`` is
    1234.5; a version or a date stays as it is, with points."""
    forms: set[str] = set()
    *parts, last = _SEPARATOR.split(number)
    if _GROUPED.fullmatch(number):
        forms.add(_strip_zeros("".join([*parts, last])))
    grouped = number[: len(number) - len(last) - 1]
    if _GROUPED.fullmatch(grouped) and number[len(grouped)] not in grouped:
        forms.add(_strip_zeros("".join(parts), last))
    elif len(parts) <= 1:
        forms.add(_strip_zeros(parts[0], last) if parts else _strip_zeros(last))
    else:
        forms.add(".".join([*parts, last]))
    return forms


def _strip_zeros(whole: str, decimals: str = "") -> str:
    return f"{whole.lstrip('0') or '0'}.{decimals.rstrip('0')}".rstrip(".")


def _with_ascii_digits(text: str) -> str:
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit.group())), text)


def _without_markers(text: str) -> str:
    markers = [int(number) for number in _INLINE_MARKER.findall(text)]
    if len(markers) > 1 and markers == list(range(1, len(markers) + 1)):
        text = _INLINE_MARKER.sub(" ", text)
    return _LINE_MARKER.sub(" ", text)


@cache
def _numbers_by_word() -> dict[str, tuple[str, ...]]:
    numbers: dict[str, tuple[str, ...]] = {}
    for number, *words in (line.split() for line in read_wordlist("number_words.txt")):
        for word in words:
            numbers[word] = (*numbers.get(word, ()), number)
    return numbers
