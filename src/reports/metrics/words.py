"""The words of a text that say something, and where they stand: what answers and passages are compared by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from src.generation.answer_first.words import split_words, stem
from src.utils.wordlists import LANGUAGES, load_words

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


class PlacedWord(NamedTuple):
    """A content word as its stem, with its place in the text."""

    start: int
    end: int
    stem: str


def content_words(text: str) -> Iterator[PlacedWord]:
    """The words of ``text`` in order, without the function words of the languages that we have lists of. Writing
    without spaces gives pairs of neighbouring characters, which overlap."""
    common = _function_words()
    for match in _WORD.finditer(text):
        parts = split_words(match.group())
        if len(parts) == 1:
            if parts[0] not in common:
                yield PlacedWord(*match.span(), stem(parts[0]))
            continue
        for offset, pair in enumerate(parts):
            start = match.start() + offset
            yield PlacedWord(start, start + len(pair), pair)


def content_stems(text: str) -> set[str]:
    """The different content words of ``text``."""
    return {word.stem for word in content_words(text)}


def all_stems(text: str) -> set[str]:
    """The different words of ``text``, function words too."""
    return set(map(stem, split_words(text)))


@cache
def _function_words() -> frozenset[str]:
    return frozenset().union(*map(load_words, LANGUAGES))
