"""Words of a text for comparing: split, reduced to rough stems, told apart into content and function words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from src.generation.wordlists import read_wordlist
from src.utils.wordlists import load_words

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_INSIDE = re.compile(r"(?<=[a-z,] )[A-Z]\w+")
"""A word with a capital after a lower-case letter or a comma: not the first one of its sentence."""
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Characters of Chinese, Japanese and Korean."""
_VOWELS = frozenset("aeiouy")
_MIN_STEM = 3


def split_words(text: str) -> list[str]:
    """The words of ``text`` in lower case. Chinese, Japanese and Korean writing gives pairs of neighbours."""
    found: list[str] = []
    for word in _WORD.findall(text.casefold().replace("’", "'")):
        if EAST_ASIAN.search(word) and len(word) > 1:
            found.extend(word[index : index + 2] for index in range(len(word) - 1))
        else:
            found.append(word)
    return found


@cache
def stem(word: str) -> str:
    """A rough stem: equal for most inflected forms of one English word (stop, stops, stopped, stopping)."""
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ing", "ed", "es", "s"):
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < _MIN_STEM or not _VOWELS & set(rest) or (ending == "s" and rest[-1] in "su"):
            continue
        word = rest
        break
    if len(word) > _MIN_STEM and word[-1] == word[-2] and word[-1] not in _VOWELS:
        word = word[:-1]
    word = word.removesuffix("e") if len(word) > _MIN_STEM else word
    return f"{word[:-1]}i" if len(word) > 2 and word.endswith("y") else word


def content_stems(text: str) -> list[str]:
    """The stems of all words of ``text`` but function words, in order."""
    function_words = load_words("en")
    return [stem(word) for word in split_words(text) if word not in function_words]


def find_names(texts: Iterable[str]) -> frozenset[str]:
    """Words that stand in ``texts`` with a capital inside of sentences more often than in lower case."""
    inside: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text in texts:
        inside.update(_INSIDE.findall(text))
        lower.update(word for word in _WORD.findall(text) if word.islower())
    return frozenset(word for word, count in inside.items() if count > lower[word.lower()])


@cache
def load_list(name: str) -> frozenset[str]:
    """All words of ``wordlists/<name>.txt``, several to a line."""
    return frozenset(word for line in read_wordlist(f"{name}.txt") for word in line.split())


@cache
def load_rules(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines ``key: word word ...`` of ``wordlists/<name>.txt`` in order."""
    rules = (line.partition(":") for line in read_wordlist(f"{name}.txt"))
    return tuple((key.strip(), tuple(words.split())) for key, _, words in rules)
