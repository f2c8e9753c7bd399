"""Parts of a whole in words: three quarters, half an hour, two and a half metres, une heure et demie, anderthalb."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from src.generation.numbers.words import in_digits, numbers_by_word
from src.generation.wordlists import read_word_sets

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s'’\-\u2011]|[½¼¾⅓⅔⅛]")
_SIGNS = dict(zip("½¼¾⅓⅔⅛", ((1, 2), (1, 4), (3, 4), (1, 3), (2, 3), (1, 8)), strict=True))
_COMPOUND_PARTS = {
    "dreiviertel": Fraction(3, 4),
    "viertel": Fraction(1, 4),
    "halb": Fraction(1, 2),
    "achtel": Fraction(1, 8),
    "zehntel": Fraction(1, 10),
    "пол": Fraction(1, 2),
}
_COMPOUND = re.compile(rf"(?P<part>{'|'.join(_COMPOUND_PARTS)})(?P<unit>[^\W\d_]{{3,}})")
_MIXED = re.compile(r"(?P<whole>[^\W\d_]{3,}?)(?:und)?einhalb")
_HAN = re.compile(r"(?P<all>\d{1,3})分[の之](?P<some>\d{1,3}|一)")
"""Two fifths, in Japanese and Chinese."""
_HAN_HALF = re.compile(r"半(?P<unit>年|日|天|時間|小时|个月|か月)")
_HAN_AND_HALF = re.compile(r"(?P<whole>\d{1,3})(?P<unit>年|日|天|時間|小时|[个かヶカ]月)半")
"""Half a year; one and a half of them is written the other way round."""
_HALF = Fraction(1, 2)


class Part(NamedTuple):
    """``value`` of the unit or thing whose name is ``unit`` ("": a part of something); not ``is_sure`` where the words
    may mean something else: a third reminder, a quarter."""

    value: Fraction
    unit: str
    words: str
    is_sure: bool = True


@lru_cache(maxsize=1024)
def find_parts(text: str) -> tuple[Part, ...]:
    """Every part in words of ``text``: a share of something, a number with a half, a part of a unit."""
    plain = unicodedata.normalize("NFC", text).casefold()
    tokens = _TOKEN.findall(plain)
    return (*_in_tokens(tokens), *_in_han(plain))


def _in_han(text: str) -> Iterator[Part]:
    for found in _HAN_HALF.finditer(text):
        yield Part(_HALF, found["unit"], found.group())
    for found in _HAN_AND_HALF.finditer(in_digits(text)):
        yield Part(int(found["whole"]) + _HALF, found["unit"], found["whole"])
    for found in _HAN.finditer(in_digits(text)):
        top, bottom = 1 if found["some"] == "一" else int(found["some"]), int(found["all"])
        if 0 < top < bottom:
            yield Part(Fraction(top, bottom), "", found.group())


def _in_tokens(tokens: Sequence[str]) -> Iterator[Part]:
    for place, token in enumerate(tokens):
        compound, mixed = _COMPOUND.fullmatch(token), _MIXED.fullmatch(token)
        if token in _words("mixed"):
            yield Part(3 * _HALF, _next_unit(tokens, place + 1), token)
        elif token in _denominators():
            yield from _at(tokens, place)
        elif token in _SIGNS:
            whole = _value(tokens[place - 1]) if place and tokens[place - 1].isdecimal() else Fraction(0)
            yield Part((whole or Fraction(0)) + Fraction(*_SIGNS[token]), _next_unit(tokens, place + 1), token)
        elif compound:
            yield Part(_COMPOUND_PARTS[compound["part"]], compound["unit"], token)
        elif mixed and (whole := _value(mixed["whole"])):
            yield Part(whole + _HALF, _next_unit(tokens, place + 1), token)


def find_factors(text: str) -> frozenset[Fraction]:
    """By what ``text`` says that something is multiplied: a half of it, twice as much."""
    words = frozenset(_TOKEN.findall(unicodedata.normalize("NFC", text).casefold()))
    sets = read_word_sets("fractions.txt").items()
    times = {Fraction(key.split()[1]) for key, listed in sets if key.startswith("times") and listed & words}
    return frozenset(times | {part.value for part in find_parts(text)})


def _at(tokens: Sequence[str], place: int) -> Iterator[Part]:
    """The part whose denominator stands at ``place``."""
    bottom = _denominators()[tokens[place]]
    before = tokens[place - 1] if place else ""
    following = tokens[place + 1] if place + 1 < len(tokens) else ""
    has_article = before in _words("article")
    top = Fraction(1) if has_article or bottom == 2 else _value(before)
    start = place - 1 if has_article or (top is not None and bottom > 2) else place
    share = (top or Fraction(1)) / bottom
    if share < 1 and (mixed := _mixed(tokens, start, share)):
        yield mixed._replace(words=" ".join([mixed.words, tokens[place]]))
        return
    is_ordinal = _is_ordinal(tokens[place])
    is_alone = following in {"hour", "parte", "part"} or not is_ordinal
    top = Fraction(1) if has_article or bottom == 2 or (is_alone and _value(before) is None) else _value(before)
    if top is None or top >= bottom:
        return
    is_open = not following or following in _words("of") or not following[0].isalnum()
    is_other = bottom == 2 and (_value(before) is not None or following in {"past", "to", "time"})
    if (is_ordinal and top > 1) or is_other:
        return  # two third places, the second half
    is_sure = (is_open or not is_ordinal) and (has_article or bottom == 2 or top > 1)
    words = f"{before} {tokens[place]}" if top > 1 or has_article else tokens[place]
    yield Part(top / bottom, _next_unit(tokens, place + 1), words, is_sure)


def _mixed(tokens: Sequence[str], stop: int, share: Fraction) -> Part | None:
    """What a ``share`` behind an "and" before ``stop`` is added to: two and a half metres, an hour and a quarter."""
    if stop < 2 or tokens[stop - 1] not in _words("and"):
        return None
    number, unit = tokens[stop - 2], ""
    whole = _value(number)
    if whole is None and stop >= 3:
        unit, number = tokens[stop - 2], tokens[stop - 3]
        whole = Fraction(1) if number in _words("article") else _value(number)
    if whole is None:
        return None
    unit = unit or _next_unit(tokens, stop + 1, skip=_words("article") | {"половиной"})
    return Part(whole + share, unit, number) if unit or share == _HALF else None


def _next_unit(tokens: Sequence[str], place: int, skip: frozenset[str] = frozenset()) -> str:
    """The word from ``place`` on that names what is counted: after an article, a preposition, and another half."""
    known = _words("of") | skip | _denominators().keys()
    following = (token for token in tokens[place : place + 4] if token not in known)
    unit = next(following, "")
    return unit if unit.isalpha() else ""


def _value(word: str) -> Fraction | None:
    if word.isdecimal():
        return Fraction(word) if len(word) <= 9 else None
    values = numbers_by_word().get(word, ())
    return Fraction(min(map(int, values))) if values else None


@cache
def _denominators() -> Mapping[str, int]:
    return {
        word: int(key.split()[0])
        for key, words in read_word_sets("fractions.txt").items()
        if key[0].isdigit()
        for word in words
    }


def _is_ordinal(word: str) -> bool:
    return any(word in words for key, words in read_word_sets("fractions.txt").items() if key.endswith("ordinal"))


def _words(key: str) -> frozenset[str]:
    return read_word_sets("fractions.txt")[key]
