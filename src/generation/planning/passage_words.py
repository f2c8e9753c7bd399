"""Words of a list in a passage: single ones, several in a row, and those of scripts that write without spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from src.generation.wordlists import read_word_sets, read_wordlist

EAST_ASIAN = re.compile("[\u0e00-\u0eff\u2e80-\U0010ffff]")

_TOKEN = re.compile(r"[^\s.,;:!?()\"“”«»\[\]]+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|$)|[。！？।؟]|\n")


class Entries(NamedTuple):
    """A word list: single words, and what is looked for in the line (several words; any part of a line in scripts that
    write without spaces)."""

    words: frozenset[str]
    phrases: tuple[str, ...]


class Words(NamedTuple):
    """The words of a text in lower case: one by one, and between single spaces."""

    single: frozenset[str]
    line: str

    @classmethod
    def of(cls, text: str) -> Words:
        """Those of ``text``; several rules ask for those of one passage, one after the other."""
        return _read(text)

    def count(self, name: str) -> int:
        """How many different entries of a word list come in the text."""
        entries = read_entries(name)
        return len(entries.words & self.single) + sum(phrase in self.line for phrase in entries.phrases)


@lru_cache(maxsize=4)
def _read(text: str) -> Words:
    words = _TOKEN.findall(fold(text))
    return Words(frozenset(words), f" {' '.join(words)} ")


def fold(text: str) -> str:
    """Text as its words are compared."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


@lru_cache(maxsize=4)
def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences and lines of a text; a line that only continues one is a piece of its own."""
    return tuple(piece for piece in _SENTENCE_END.split(text) if piece.strip())


def tokens(text: str) -> list[str]:
    """The words of a text as they stand."""
    return _TOKEN.findall(text)


@cache
def read_entries(name: str) -> Entries:
    """The entries of a word list as they are looked for."""
    entries = dict.fromkeys(unicodedata.normalize("NFKC", entry).casefold() for entry in read_wordlist(name))
    joined = [entry for entry in entries if EAST_ASIAN.search(entry)]
    several = [f" {entry} " for entry in entries if " " in entry]
    return Entries(frozenset(entries) - set(joined), (*joined, *several))


@cache
def one_of(name: str, key: str) -> str:
    """The words of one kind of a list, as an alternative of a pattern; the longest first."""
    words = sorted(read_word_sets(name)[key], key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, words))
