"""Which lines may begin with a label: found in passes over the whole text, so that lines of prose cost nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from src.utils.detection.line_starts import SPACE, fast_flags
from src.utils.detection.lines import Lines
from src.utils.detection.vocabulary import letter_pairs, role_words

_WORD = re.compile(r"[^\W\d_]+")
_UNLIKE_PROSE = rf"{SPACE}(?:(?![^\W\d_]|[\"“”\n])|h[1-6]\.|(?=[^\na-z]{{1,80}}+\n)"
_UNLIKE_PROSE += r"|[^\na-z,]{1,90}+,[ ]|(?:[^\W\d_]{1,9}\.?[ ]){0,3}[^\W\d_a-z]{2,25}[ ,(\[.]|[A-Z]\d{1,4}[ \t])"
"""A line that begins with no letter, is short and without small letters, or begins with words in capitals."""
_MARKS = tuple(re.compile(re.escape(mark)) for mark in ":：<([（—–―")
_HYPHEN = re.compile(r"-(?=-?[ \t])(?<=[ \t]-)")
"""What separates a label or encloses it, one pattern for each: the search for a single character leaps."""
_WINDOW = 160
"""No label and no remark behind it is longer."""
_FIRST_WORD = r"\n[^\S\n]*+([^\W\d_]++)"


def may_be_labelled(text: str, lines: Lines) -> list[int]:
    """All lines that may begin with a label, in order, and some that do not: the grammar of labels decides."""
    found = lines.noted()
    found.update(lines.starting(_UNLIKE_PROSE))
    found.update(lines.starting(_words_at_line_starts(text)))
    for mark in (*_MARKS, _HYPHEN):
        found.update(_early(lines, (place.start() for place in mark.finditer(text))))
    return sorted(found)


def _early(lines: Lines, places: Iterable[int]) -> Iterator[int]:
    """The lines that have one of ``places`` among their first characters."""
    for place in places:
        index = lines.at(place)
        if place - lines.begin(index) <= _WINDOW:
            yield index


def _words_at_line_starts(text: str) -> str:
    """A pattern of the words that begin lines of this text and begin label words."""
    used = (
        word
        for word in set(re.findall(_FIRST_WORD, text, fast_flags(text)))
        if _first_word(word.casefold()) in _first_words()
    )
    known = "|".join(map(re.escape, sorted(used)))
    return rf"{SPACE}(?:{known})(?![^\W\d_])" if known else "(?!)"


@cache
def _first_words() -> frozenset[str]:
    letters = (letter for pair in letter_pairs() for letter in pair)
    return frozenset(map(_first_word, (*role_words(), *letters)))


def _first_word(label: str) -> str:
    found = _WORD.match(label)
    return found[0] if found else label
