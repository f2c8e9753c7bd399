"""What a number of an answer may be worked out from: figures that are said, asked for, or near each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

from src.generation.gates.texts import whole_sentences
from src.generation.numbers.figures import Figure, is_firm, read_figures
from src.generation.numbers.fractions import find_factors
from src.generation.numbers.measures import Quantity, find_quantities
from src.generation.numbers.sums import compares
from src.generation.numbers.words import in_digits
from src.generation.wordlists import read_word_sets

_ALL = 100
_WORD = re.compile(r"[^\W\d_]+")
_LATER = re.compile(
    r"[\d.,]+ [^\W\d_]+ (?:later|earlier|before|after|später|früher|zuvor|danach|davor"
    r"|plus t[aô]t|plus tard|après|avant|más tarde|después|antes|dopo|prima|più tardi|mais tarde|depois|eerder)\b",
    re.IGNORECASE,
)
"""A time and, behind it, that it lies between two points."""
_YEAR_BESIDE = re.compile(
    r"\b(?:the (?:year before|year after)|(?:previous|preceding|following|next|last) year|vorjahr\w*|folgejahr\w*"
    r"|jahr (?:zuvor|davor|danach|darauf)|(?:vor|nächst)\w* jahr\w*|l['’]année (?:précédente|d['’]avant|suivante)"
    r"|l['’]an (?:dernier|passé)|año (?:anterior|siguiente|pasado)|anno (?:precedente|prima|dopo|successivo|scorso)"
    r"|ano (?:anterior|seguinte|passado)|jaar (?:ervoor|erna|eerder|later)|(?:vorig|volgend)e? jaar"
    r"|предыдущ\w+ год\w*|следующ\w+ год\w*|прошл\w+ год\w*)\b|前年|翌年|上一年|次年",
    re.IGNORECASE,
)
"""The year before or behind one that the sentence names."""
_ONE_YEAR = Figure(frozenset([Fraction(1)]), frozenset([Fraction(12)]), "months", "", -1)
_WORDS_BEHIND = 3
_MOST = 40
"""Figures of one sentence from which on it is a table or a dump, and nobody works with any two of them."""
COMMON = frozenset([Fraction(1, 2), Fraction(2)])


class Grounds(NamedTuple):
    """What numbers can be worked out from: the figures that the answer says and its source has, those of the question,
    those of the source in groups of neighbouring sentences, and the factors that any of them says."""

    said: tuple[Figure, ...]
    asked: tuple[Figure, ...]
    near: tuple[tuple[Figure, ...], ...]
    factors: frozenset[Fraction]
    counts: tuple[Figure, ...]
    compared: tuple[tuple[Figure, Figure], ...]
    lessened: tuple[tuple[Figure, Figure], ...]
    moved: tuple[tuple[Figure, Figure], ...]
    parts: frozenset[Quantity]
    said_factors: frozenset[Fraction]
    is_of_rest: bool

    def pairs(self, *, near: bool) -> Iterator[tuple[Figure, Figure]]:
        """Two figures that a step may take: both said; with ``near`` also one of the question and one of anywhere, or
        two of one sentence of the source."""
        own = (*self.said[:_MOST], *self.asked[:_MOST])
        yield from combinations(own, 2)
        if near:
            for group in self.near:
                yield from ((one, other) for one in self.asked for other in group)
                yield from combinations(group, 2)


@lru_cache(maxsize=64)
def compared_figures(source: str) -> tuple[tuple[Figure, Figure], ...]:
    """Each figure of ``source`` by which its sentence says that two things differ, with each other one of it."""
    return tuple(_with_others(source, compares))


@lru_cache(maxsize=64)
def lessened_figures(source: str) -> tuple[tuple[Figure, Figure], ...]:
    """Those of them where the sentence says that something is less by so much."""
    return tuple(_with_others(source, _tells_less))


def _tells_less(sentence: str, place: int) -> bool:
    following = _WORD.findall(sentence[place:].casefold())[:_WORDS_BEHIND]
    return compares(sentence, place) and not read_word_sets("comparing_words.txt")["off"].isdisjoint(following)


@lru_cache(maxsize=64)
def moved_figures(source: str) -> tuple[tuple[Figure, Figure], ...]:
    """Each time of ``source`` behind which its sentence says that something was so much later, with each other figure
    of it; a year with those of a sentence that speaks of the year before."""
    beside = (sentence for sentence in whole_sentences(source) if _YEAR_BESIDE.search(sentence))
    years = ((_ONE_YEAR, figure) for sentence in beside for figure in read_figures(sentence)[:_MOST])
    return (*_with_others(source, lambda sentence, place: _LATER.match(sentence, place) is not None), *years)


def _with_others(source: str, tells: Callable[[str, int], bool]) -> Iterator[tuple[Figure, Figure]]:
    """Each figure whose sentence, in digits, ``tells`` so at its place, with each other one of it."""
    for sentence in whole_sentences(source):
        figures = read_figures(sentence)[:_MOST]
        for figure in figures:
            if tells(in_digits(sentence), figure.place):
                yield from ((figure, other) for other in figures if other != figure)


def is_of_rest(text: str) -> bool:
    """Whether ``text`` speaks of what is left of something, or taken off it."""
    words = read_word_sets("comparing_words.txt")
    return not (words["rest"] | words["off"]).isdisjoint(_WORD.findall(text.casefold()))


def asks_for_rest(question: str, answer: str) -> bool:
    """Whether they speak of what is left of something, or the question of what something is not."""
    asks_not = not read_word_sets("comparing_words.txt")["not"].isdisjoint(_WORD.findall(question.casefold()))
    return asks_not or is_of_rest(f"{question} {answer}")


@lru_cache(maxsize=64)
def parts_said(source: str, *, rest: bool) -> frozenset[Quantity]:
    """What the parts, shares and multiples in a sentence come to, of the figures in it: half of 7 euros; with ``rest``,
    or where the sentence itself speaks of it, what they leave too."""
    found: set[Quantity] = set()
    for sentence in whole_sentences(source):
        factors = find_factors(sentence) | _shares(sentence)
        if rest or is_of_rest(sentence):
            factors |= _rests(factors)
        for figure, factor in product(read_figures(sentence)[:_MOST], factors):
            if figure.kind != "share" and not figure.kind.startswith("@"):
                found.update(
                    Quantity(figure.kind if is_firm(figure) else "", value * factor) for value in figure.values
                )
    return frozenset(found)


@lru_cache(maxsize=64)
def near_figures(source: str) -> tuple[tuple[Figure, ...], ...]:
    """The figures of each sentence of ``source``."""
    return tuple(
        (*read_figures(sentence)[:_MOST], *unnumbered(sentence)[:_MOST]) for sentence in whole_sentences(source)
    )


def unnumbered(text: str) -> tuple[Figure, ...]:
    """The quantities of ``text`` that no number says: an hour, half a kilo."""
    values = {(figure.kind, value) for figure in read_figures(text) for value in figure.values}
    others = (one for one in find_quantities(text) if (one.measures, one.value) not in values)
    return tuple(Figure(frozenset(), frozenset([one.value]), one.measures, "", -1) for one in sorted(others))


def said_factors(answer: str) -> frozenset[Fraction]:
    """The half and the double of which ``answer`` speaks."""
    return find_factors(answer) & COMMON


def factors_of(answer: str, source: str, *, rest: bool) -> frozenset[Fraction]:
    """The factors that ``source`` speaks of, and those of ``answer`` that say a half, twice, or a share of the source;
    the other way round too, and with ``rest`` what parts leave of a whole."""
    factors = find_factors(source) | find_factors(answer) & (_shares(source) | COMMON)
    return factors | {1 / factor for factor in factors} | (_rests(factors) if rest else frozenset())


def _shares(text: str) -> frozenset[Fraction]:
    """The shares of ``text`` as factors."""
    return frozenset(one.value / _ALL for one in find_quantities(text) if one.measures == "share")


def _rests(factors: frozenset[Fraction]) -> frozenset[Fraction]:
    """What parts leave of a whole."""
    return frozenset(1 - factor for factor in factors if factor < 1)
