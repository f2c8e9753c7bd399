"""How many things a source lists: ports, oars, ropes and lamps are four."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from src.generation.answer_first.words import stem
from src.generation.gates.terms import is_function_word
from src.generation.gates.texts import split_sentences

_JOINT = re.compile(r",?\s(?:and|or|und|oder|sowie|et|ou|y|o|e|en|of|и|или)\s|、|，|和|及|与")
_COMMA = re.compile(r",\s|、|，")
_CLAUSE = re.compile(r"[;:()–—]|\s-\s")
_WORD = re.compile(r"[^\W\d_]{3,}")
_ITEM_WORDS = 4
_FEWEST = 3
SHARED = 3
"""Words that a sentence and what is asked have in common, so that the list is the one that is counted."""


class _List(NamedTuple):
    length: int
    about: frozenset[str]


def is_listed(number: int, text: str, source: str, shared: int = SHARED) -> bool:
    """Whether a sentence of ``source`` that has ``shared`` words of ``text`` lists that many things, three or more."""
    if number < _FEWEST:
        return False
    said = _stems(text)
    return any(one.length == number and len(one.about & said) >= shared for one in _lists(source))


@lru_cache(maxsize=256)
def _lists(source: str) -> tuple[_List, ...]:
    return tuple(
        _List(length, _stems(sentence))
        for sentence in split_sentences(source)
        for clause in _CLAUSE.split(sentence)
        for row in _JOINT.split(clause)[:-1]
        if (length := _length(row)) >= _FEWEST
    )


def _length(row: str) -> int:
    """The items of a list whose last but one ends ``row``; the first one may have any words before it."""
    inner = 0
    for item in reversed(_COMMA.split(row)[1:]):
        if len(item.split()) > _ITEM_WORDS:
            return 0
        inner += 1
    return inner + 2 if inner else 0


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _WORD.findall(text.casefold()) if not is_function_word(word))
