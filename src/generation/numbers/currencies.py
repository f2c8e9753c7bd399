"""Amounts of money that an answer says in another currency than its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets, scales

_NUMBER = r"\d[\d.,'’\u00a0\u202f]*"
_BEHIND = re.compile(
    rf"(?P<number>{_NUMBER})[\s\u00a0-]*(?P<first>[円元]|[^\W\d_]+|[€$£]|1000+)(?:\s(?P<second>[^\W\d_]+))?"
)
_BEFORE = re.compile(rf"(?P<sign>[€$£]|\b[A-Z]{{3}}\s)\s?(?P<number>{_NUMBER})")


class _Amount(NamedTuple):
    currency: str
    number: str


def foreign_amounts(answer: str, question: str, source: str) -> Iterator[str]:
    """The numbers of ``answer`` with a currency that neither its source nor its question speaks of, where the source
    has them with another one: 88 euros for 88 pounds."""
    known = _amounts(source)
    text = f"{source}\n{question}".casefold()
    for amount in _amounts(answer) if known else ():
        in_others = any(one.number == amount.number and one.currency != amount.currency for one in known)
        if in_others and not any(word in text for word in _words()[amount.currency]):
            yield f"{amount.number} {amount.currency}"


@lru_cache(maxsize=128)
def _amounts(text: str) -> tuple[_Amount, ...]:
    digits = in_digits(text)
    return (*_behind(digits), *_before(digits))


def _behind(digits: str) -> Iterator[_Amount]:
    """Amounts with their currency behind the number or a word of scale: 5 euros, 3 million pounds."""
    for found in _BEHIND.finditer(digits):
        is_scale = found["first"].isdigit() or found["first"].casefold() in scales()
        word = found["second"] if is_scale else found["first"]
        if currency := _currencies().get((word or "").casefold()):
            yield _Amount(currency, found["number"].rstrip(".,"))


def _before(digits: str) -> Iterator[_Amount]:
    for found in _BEFORE.finditer(digits):
        if currency := _currencies().get(found["sign"].strip().casefold()):
            yield _Amount(currency, found["number"].rstrip(".,"))


@cache
def _words() -> dict[str, frozenset[str]]:
    return dict(read_word_sets("currencies.txt"))


@cache
def _currencies() -> dict[str, str]:
    return {word: currency for currency, words in _words().items() for word in words}
