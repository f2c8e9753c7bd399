"""Where an answer shows how a number comes about: behind it, or in the words beside it."""

from __future__ import annotations

import re
from itertools import pairwise

from src.generation.numbers.sums import compares
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets

_BREAK = re.compile(r"(?P<opens>[:=(–—]| - )\s*|(?:[,;]|[.!?])\s+|[。、，；：（]")
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_WORDS_BEFORE, _WORDS_BEHIND, _FIRST_WORDS = 5, 2, 2


def shows_working(answer: str, place: int) -> bool:
    """Whether ``answer`` gives reasons for the number at ``place`` of its text in digits: clauses behind it explain the
    first number, or a word beside it says that it comes out of others."""
    digits = in_digits(answer)
    return _is_result(digits, place) or (_is_first(digits, place) and _is_explained(digits[place:]))


def speaks_of_each(text: str) -> bool:
    """Whether ``text`` says what each of several things comes to."""
    return not _words("each").isdisjoint(_WORD.findall(text.casefold()))


def _is_first(digits: str, place: int) -> bool:
    """Whether no clause before has a number."""
    return not any(_DIGIT.search(clause) for clause in _clauses(digits[:place])[:-1])


def _is_result(digits: str, place: int) -> bool:
    before, after = _clauses(digits[:place].casefold())[-1], _clauses(digits[place:].casefold())[0]
    beside = (*_WORD.findall(before)[-_WORDS_BEFORE:], *_WORD.findall(after)[: 1 + _WORDS_BEHIND])
    return (
        _has_sign(before)
        or not _words("result").isdisjoint(beside)
        or before.rstrip().endswith("=")
        or compares(digits, place)
    )


def _is_explained(following: str) -> bool:
    """Whether a clause behind the first one has numbers and begins as a reason does."""
    start = 0
    for found in _BREAK.finditer(following):
        clause = following[found.end() : _end_of_clause(following, found.end())].casefold()
        first = _WORD.findall(clause)[:_FIRST_WORDS]
        opens = (bool(found["opens"]) and start == 0) or clause[:1].isdigit()
        if opens or not (_words("reason") | _words("each")).isdisjoint(first) or _has_sign(clause):
            return True
        start = found.end()
    return False


def _has_sign(clause: str) -> bool:
    return any(sign in clause for sign in _words("signs"))


def _end_of_clause(text: str, start: int) -> int:
    found = _BREAK.search(text, start)
    return found.start() if found else len(text)


def _clauses(text: str) -> list[str]:
    ends = [0, *(found.end() for found in _BREAK.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


def _words(key: str) -> frozenset[str]:
    return read_word_sets("working_words.txt")[key]
