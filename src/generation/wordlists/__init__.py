"""Word lists of the gates, one entry a line; ``#`` begins a comment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def read_wordlist(name: str) -> tuple[str, ...]:
    """The entries of a list that ships beside this module."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def read_word_sets(name: str) -> Mapping[str, frozenset[str]]:
    """The words of a list by what stands before the colon of their line: a language, a kind of question."""
    sets: dict[str, frozenset[str]] = {}
    for line in read_wordlist(name):
        key, _, words = line.partition(":")
        sets[key.strip()] = sets.get(key.strip(), frozenset()) | frozenset(words.split())
    return sets


@cache
def month_names() -> frozenset[str]:
    """The names of the months and their short forms, casefolded, in every language of the list."""
    return frozenset[str]().union(*read_word_sets("months.txt").values())


@cache
def scales() -> Mapping[str, int]:
    """What the words of scale multiply a number by: thousand, Millionen, 万."""
    return {word: int(factor) for factor, words in read_word_sets("scales.txt").items() for word in words}
