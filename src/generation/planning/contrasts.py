"""Does a passage hold two things that can be compared? Rows, items, words that compare, or sentences of one frame."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from src.generation.planning.lists import bulleted_items, numbered_items
from src.generation.planning.passage_words import Words, fold, one_of, split_sentences, tokens
from src.generation.wordlists import read_word_sets, read_wordlist

MIN_ITEMS = 2

_LIST = "comparison_words.txt"
_BEFORE_COLON = re.compile(r"[;；،،]|(?<=[^\d]),(?=\s)")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_OPENING, _SHARED = 5, 3
"""Of the first five words of two sentences of one frame, three or four are the same, in their places."""


def has_contrast(text: str) -> bool:
    """Whether something of the passage can be set against something else of it. A bound sets nothing against anything
    ("more than ten days"), and neither do the headings of numbered parts."""
    if len(numbered_items(text)) >= MIN_ITEMS or len(bulleted_items(text)) >= MIN_ITEMS:
        return True
    return _compares(text) or _has_frames(text)


def _compares(text: str) -> bool:
    folded = fold(text)
    for word in read_word_sets(_LIST)["unlike"]:
        folded, text = folded.replace(word, " "), text.replace(word, " ")
    if Words.of(text).count("contrast_words.txt"):
        return True
    return any(not _is_bound(folded[match.end() :]) for match in _than().finditer(folded))


@cache
def _than() -> re.Pattern[str]:
    """Up to where the second thing begins."""
    comparative = rf"(?:\w{{2,}}{one_of(_LIST, 'ending')}|{one_of(_LIST, 'comparative')})"
    return re.compile(rf"(?<!\w)(?:{one_of(_LIST, 'than')}|{comparative}\s+(?:{one_of(_LIST, 'than_after')}))\s+")


def _is_bound(following: str) -> bool:
    first = next(iter(tokens(following[:60])), "")
    return first[:1].isdigit() or first in _number_words()


@cache
def _number_words() -> frozenset[str]:
    return frozenset(fold(word) for line in read_wordlist("number_words.txt") for word in line.split())


def _has_frames(text: str) -> bool:
    """Whether two neighbouring sentences say the same of two things, with figures of their own."""
    clauses = [clause for sentence in split_sentences(text) for clause in _BEFORE_COLON.split(sentence)]
    return any(_is_one_frame(left, right) for left, right in pairwise(clauses))


def _is_one_frame(left: str, right: str) -> bool:
    figures = set(_FIGURE.findall(left)), set(_FIGURE.findall(right))
    if not all(figures) or figures[0] == figures[1]:
        return False
    openings = tokens(fold(left))[:_OPENING], tokens(fold(right))[:_OPENING]
    shared = sum(first == second for first, second in zip(*openings, strict=False))
    return _SHARED <= shared < min(map(len, openings))
