"""What numbers do in a change: the base that it starts from ("from 40 to 50", "less than 60") or the change itself."""

from __future__ import annotations

import re
from itertools import pairwise

from src.generation.numbers.figures import Figure, read_figures
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets

_WORD = re.compile(r"[^\W\d_]+")
_WORDS_BEFORE = 2
"""Up to a "than" there may be another word: instead of, than the."""


def find_roles(text: str) -> dict[Figure, str]:
    """The figures of ``text`` that are the base of a change, and those that are a change ("by 10 to 50"): "base" and
    "change"."""
    digits, figures = in_digits(text), read_figures(text)
    starts = [0, *(figure.place for figure in figures)]
    before = [_WORD.findall(digits[start:stop].casefold())[-_WORDS_BEFORE:] for start, stop in pairwise(starts)]
    return {
        figure: role
        for figure, some, following in zip(figures, before, [*before[1:], []], strict=False)
        if (role := _role(some, following))
    }


def _role(before: list[str], behind: list[str]) -> str:
    """The role of a number by the words before it and before the next one."""
    words = read_word_sets("working_words.txt")
    is_to = not words["to"].isdisjoint(behind)
    if not words["than"].isdisjoint(before) or (is_to and not words["from"].isdisjoint(before)):
        return "base"
    return "change" if is_to and not words["by"].isdisjoint(before) else ""
