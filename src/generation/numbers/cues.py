"""Where an answer shows how a number comes about: behind it, or in the words beside it."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from src.generation.numbers.fractions import find_parts
from src.generation.numbers.sums import compares
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets

_BREAK = re.compile(r"(?P<opens>[:=(–—]| - )\s*|(?:[,;]|(?P<ends>[.!?]))\s+|[。、，；：（]")
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_BEFORE_NUMBER = re.compile(r"([^\W\d_]+)\s(?:[^\W\d_]+\s)?\W?\d")
_WORDS_BEFORE, _WORDS_BEHIND, _FIRST_WORDS = 5, 2, 2


def shows_working(answer: str, place: int, code: str = "") -> bool:
    """Whether ``answer``, in the language ``code`` ("": any), gives reasons for the number at ``place`` of its text in
    digits: clauses behind it explain the first number, or a word beside it says that it comes out of others."""
    digits = in_digits(answer)
    if _is_result(digits, place, code):
        return True
    return _is_first(digits, place) and (_is_explained(digits[place:], code) or _names_part(answer))


def speaks_of_rest(text: str, code: str) -> bool:
    """Whether ``text``, in the language ``code``, says that a part is taken off or left out."""
    is_said = not _words_of("rest", code).isdisjoint(_WORD.findall(text.casefold()))
    return is_said or any(sign in text for sign in _words("rest_signs"))


def speaks_of_each(text: str) -> bool:
    """Whether ``text`` says what each of several things comes to."""
    return not _words("each").isdisjoint(_WORD.findall(text.casefold()))


def _is_first(digits: str, place: int) -> bool:
    """Whether no clause before has a number."""
    return not any(_DIGIT.search(clause) for clause in _clauses(digits[:place])[:-1])


def _is_result(digits: str, place: int, code: str) -> bool:
    before, after = _clauses(digits[:place].casefold())[-1], _clauses(digits[place:].casefold())[0]
    beside = (*_WORD.findall(before)[-_WORDS_BEFORE:], *_WORD.findall(after)[: 1 + _WORDS_BEHIND])
    return (
        _has_sign(before)
        or not _words_of("result", code).isdisjoint(beside)
        or before.rstrip().endswith("=")
        or compares(digits, place)
    )


def _is_explained(following: str, code: str) -> bool:
    """Whether a clause behind the first one has numbers and begins as a reason does."""
    reasons, openers = _words_of("reason", code) | _words("each"), _words_of("before_number", code)
    start = 0
    for found in _BREAK.finditer(following):
        clause = following[found.end() : _end_of_clause(following, found.end())].casefold()
        opens = start == 0 and bool(found["opens"] or found["ends"])
        before_number = _BEFORE_NUMBER.match(clause)
        begins = not reasons.isdisjoint(_WORD.findall(clause)[:_FIRST_WORDS])
        begins = begins or (clause[:1].isdigit() and compares(following, found.end()))
        if opens or begins or _has_sign(clause) or (before_number and before_number[1] in openers):
            return True
        start = found.end()
    return False


def _names_part(answer: str) -> bool:
    """Whether a clause behind the first one begins with a part in words: 83, a third of the members."""
    clauses = (clause.casefold() for clause in _clauses(answer)[1:])
    return any(clause.startswith(part.words) for clause in clauses for part in find_parts(clause) if part.value < 1)


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


@cache
def _words_of(key: str, code: str) -> frozenset[str]:
    """The words of one language; those of all where it does not show or has none."""
    sets = read_word_sets("working_words.txt")
    of_all = (words for name, words in sets.items() if name.startswith(f"{key} "))
    return sets.get(f"{key} {code}") or frozenset[str]().union(*of_all)
