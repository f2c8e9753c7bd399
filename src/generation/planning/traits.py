"""What a passage is made of, seen from its outside: enough statements, figures, steps, or two things to compare."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

from src.generation.wordlists import read_wordlist

Trait = Literal["statements", "figures", "steps", "contrast"]

MIN_STATEMENTS = 3
MIN_FIGURES = 3
MIN_ITEMS = 2

_STATEMENT_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$)|[。！？।؟]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_NUMBERED = re.compile(r"^[ \t]*\(?(?:\d{1,2}|[a-z])[.)][ \t]+\S|^[ \t]*[①-⑳]", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[-*•–·▪][ \t]+\S", re.MULTILINE)
_CELL_END = re.compile(r"[\t|]")
_FIELD = re.compile(r"^[ \t]*[^\W\d_][^:：\n]{0,40}[:：][ \t]*\S.{0,80}$", re.MULTILINE)
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_START = re.compile(r"(?:^|[.!?:]\s+|\n)[ \t\-*•–]*([A-Za-z]+)")
_TOKEN = re.compile(r"[^\s.,;:!?()\"“”«»\[\]]+")
_EAST_ASIAN = re.compile("[\u0e00-\u0eff\u2e80-\U0010ffff]")


def find_traits(text: str) -> frozenset[Trait]:
    """The traits of a passage. Line marks, rows, fields and figures are the same in every language; order and contrast
    in running text are known by words of a list (wordlists/), which most written languages have entries in."""
    numbered = len(_NUMBERED.findall(text))
    items = numbered + len(_BULLET.findall(text))
    rows = sum(_count_cells(line) > 1 for line in text.splitlines())
    words = _Words.of(text)
    traits: dict[Trait, bool] = {
        "statements": _count_statements(text) >= MIN_STATEMENTS,
        "figures": rows >= MIN_ITEMS or len(_FIELD.findall(text)) >= MIN_ITEMS or _count_figures(text) >= MIN_FIGURES,
        "steps": numbered >= MIN_ITEMS or words.count("sequence_words.txt") >= MIN_ITEMS or _instructs(text),
        "contrast": rows >= MIN_ITEMS or items >= MIN_ITEMS or words.count("contrast_words.txt") > 0,
    }
    return frozenset(trait for trait, found in traits.items() if found)


def _count_statements(text: str) -> int:
    """Sentences, or lines with words in them where a table or a list has no full stops."""
    sentences = len(_STATEMENT_END.findall(text))
    if sentences >= MIN_STATEMENTS:
        return sentences
    return max(sentences, sum(len(_LETTERS.findall(line)) > 1 for line in text.splitlines()))


def _count_cells(line: str) -> int:
    return sum(any(map(str.isalnum, cell)) for cell in _CELL_END.split(line)) if _CELL_END.search(line) else 1


def _count_figures(text: str) -> int:
    return len(set(_FIGURE.findall(_NUMBERED.sub("", text))))


def _instructs(text: str) -> bool:
    """Whether several sentences begin with a verb that tells what to do (English only)."""
    return sum(word.lower() in _imperatives() for word in _START.findall(text)) >= MIN_ITEMS


class _Words(NamedTuple):
    """The words of a text in lower case: one by one, and between single spaces."""

    single: frozenset[str]
    line: str

    @classmethod
    def of(cls, text: str) -> _Words:
        words = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
        return cls(frozenset(words), f" {' '.join(words)} ")

    def count(self, name: str) -> int:
        """How many different entries of a word list come in the text."""
        entries = _entries(name)
        return len(entries.words & self.single) + sum(phrase in self.line for phrase in entries.phrases)


class _Entries(NamedTuple):
    """A word list: single words, and what is looked for in the line (several words; any part of a line in scripts that
    write without spaces)."""

    words: frozenset[str]
    phrases: tuple[str, ...]


@cache
def _entries(name: str) -> _Entries:
    entries = dict.fromkeys(unicodedata.normalize("NFKC", entry).casefold() for entry in read_wordlist(name))
    joined = [entry for entry in entries if _EAST_ASIAN.search(entry)]
    several = [f" {entry} " for entry in entries if " " in entry]
    return _Entries(frozenset(entries) - set(joined), (*joined, *several))


@cache
def _imperatives() -> frozenset[str]:
    return frozenset(word for line in read_wordlist("en_imperatives.txt") for word in line.split())
