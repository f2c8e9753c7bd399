"""What an answer has at hand to work a number out: what it says itself, and what its question says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from src.generation.gates.language import detect_language
from src.generation.gates.terms import is_function_word
from src.generation.numbers.arithmetic import Term
from src.generation.numbers.changes import find_roles
from src.generation.numbers.cues import shows_working, speaks_of_each, speaks_of_rest
from src.generation.numbers.figures import Figure, is_firm, read_figures
from src.generation.numbers.forms import known_numbers
from src.generation.numbers.fractions import find_factors, find_parts
from src.generation.numbers.grounds import COMMON, asks_for_rest, unnumbered
from src.generation.numbers.measures import add_up, find_quantities, is_unit
from src.generation.numbers.places import figure_of, is_roughly_known
from src.generation.numbers.sums import values
from src.generation.numbers.words import in_digits

_ALL, _FEW, _TWO = 100, 12, Fraction(2)
_MOST_UNITS = 6
_DIGITS = re.compile(r"(?<![\d.,])\d{1,9}(?![\d.,])")
_LETTER_BEFORE = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s-]$")


class Working(NamedTuple):
    """The figures that an answer says and that are known, those of its question, and as terms the units and factors of
    both that no number says: each quarter, half of it; of how many things it says what each comes to; the roles of
    figures in a change; the language of both ("": any), and whether they speak of what is left of something."""

    question: str
    answer: str
    said: tuple[Figure, ...]
    asked: tuple[Figure, ...]
    unnumbered: tuple[Term, ...]
    factors: tuple[Term, ...]
    counts: tuple[Term, ...]
    roles: Mapping[Figure, str]
    code: str
    is_of_rest: bool

    def is_shown(self, place: int) -> bool:
        """Whether the answer shows how the number at ``place`` comes about."""
        return shows_working(self.answer, place, self.code)


@lru_cache(maxsize=64)
def read_working(question: str, answer: str, source: str, founded: Set[int] = frozenset()) -> Working:
    """What the numbers of ``answer`` may be worked out from; ``source`` ends with the question, and ``founded`` are the
    places of those that were worked out before."""
    passage, both = source.removesuffix(question), f"{question}\n{answer}"
    known = values(known_numbers(source))
    parts, wholes = _denominators(answer), _wholes(answer)
    parts |= wholes
    figures = (
        one
        for one in read_figures(answer)
        if (one.place in founded or one.numbers & known) and not one.numbers & (wholes if is_firm(one) else parts)
    )
    known_units = frozenset(add_up(in_digits(passage)))
    sums = (
        Figure(frozenset(), frozenset([one.value]), one.measures, "", -1)
        for one in known_units & {*add_up(in_digits(answer))}
    )
    said = {(one.kind, one.values): one for one in (*figures, *_known_parts(answer, passage), *sums)}
    asked = {(one.kind, one.values): one for one in read_figures(question) if not is_in_name(one, question)}
    units = (
        Term(one.kind, value, value) for one in unnumbered(both) for value in one.values if is_unit(one.kind, value)
    )
    others = tuple(one for key, one in asked.items() if key not in said)
    counts = (Term("n", _TWO),) if speaks_of_each(both) else ()
    code = detect_language(both).code
    is_of_rest = asks_for_rest(question, answer) or speaks_of_rest(both, code)
    factors = _read_factors(both, source)
    figures_said, roles = tuple(said.values()), find_roles(answer)
    return Working(question, answer, figures_said, others, tuple(units), factors, counts, roles, code, is_of_rest)


def _denominators(answer: str) -> frozenset[Fraction]:
    """The numbers that only say in words which part of something is meant: the 3 of a third."""
    return _in_words(answer, (part.words for part in find_parts(answer) if part.value < 1))


def _wholes(answer: str) -> frozenset[Fraction]:
    """The numbers that only say in words how many wholes there are beside a part: the 2 of two and a half."""
    mixed = (part.words for part in find_parts(answer) if part.value > 1 and part.value.denominator > 1)
    return _in_words(answer, mixed)


def _in_words(answer: str, words: Iterable[str]) -> frozenset[Fraction]:
    """The numbers of ``words`` that ``answer`` says nowhere in digits."""
    numbers = _DIGITS.findall(" ".join(map(in_digits, words)))
    return frozenset(map(Fraction, numbers)) - frozenset(map(Fraction, _DIGITS.findall(answer)))


def is_in_name(figure: Figure, text: str) -> bool:
    """Whether a number belongs to a name or a label before it: Corva 2, D30; class 7, where it is small."""
    if figure.kind and not figure.kind.startswith("n:"):
        return False
    before = in_digits(text)[: max(0, figure.place)]
    word = _WORD_BEFORE.search(before)
    if word is None:
        return _LETTER_BEFORE.search(before) is not None
    is_capital = word.start() > 0 and word[1][0].isupper()
    is_label = not figure.kind and all(number <= _FEW for number in figure.numbers)
    return is_capital or (is_label and not is_function_word(word[1].casefold()))


def _known_parts(answer: str, passage: str) -> Iterator[Figure]:
    """What parts in words come to: two and a half hours."""
    figures = (figure_of(part) for part in find_parts(answer) if part.value > 1)
    yield from (one for one in figures if one and is_roughly_known(one, passage, loosely=False))


def _read_factors(said: str, source: str) -> tuple[Term, ...]:
    """The parts and multiples that are said and that the source speaks of or leaves, and half and twice."""
    shares = {one.value / _ALL for one in find_quantities(source) if one.measures == "share"}
    known = find_factors(source) | COMMON | shares
    factors = find_factors(said) & (known | {1 - one for one in known})
    return tuple(Term("share", _ALL * one) if one < 1 else Term("", one) for one in sorted(factors))
