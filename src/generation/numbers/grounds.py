"""What a number of an answer may be worked out from: figures that are said, asked for, or near each other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

from src.generation.gates.texts import split_sentences
from src.generation.numbers.figures import Figure, is_firm, read_figures
from src.generation.numbers.fractions import find_factors
from src.generation.numbers.measures import Quantity, find_quantities
from src.generation.numbers.sums import compares
from src.generation.numbers.words import in_digits

_ALL = 100
_MOST = 40
"""Figures of one sentence from which on it is a table or a dump, and nobody works with any two of them."""
_COMMON = frozenset([Fraction(1, 2), Fraction(2)])


class Grounds(NamedTuple):
    """What numbers can be worked out from: the figures that the answer says and its source has, those of the question,
    those of the source in groups of neighbouring sentences, and the factors that any of them says."""

    said: tuple[Figure, ...]
    asked: tuple[Figure, ...]
    near: tuple[tuple[Figure, ...], ...]
    factors: frozenset[Fraction]
    counts: tuple[Figure, ...]
    known: frozenset[Fraction]
    compared: tuple[tuple[Figure, Figure], ...]
    parts: frozenset[Quantity]

    def asked_pairs(self) -> Iterator[tuple[Figure, Figure]]:
        """One figure of the question and one of the source."""
        yield from ((one, other) for one in self.asked for group in self.near for other in group)

    def pairs(self, *, near: bool) -> Iterator[tuple[Figure, Figure]]:
        """Two figures that a step may take: both said; with ``near`` also one of the question and one of anywhere, or
        two of one sentence of the source."""
        own = (*self.said[:_MOST], *self.asked[:_MOST])
        yield from combinations(own, 2)
        if near:
            for group in self.near:
                yield from ((one, other) for one in self.asked for other in group)
                yield from combinations(group, 2)


def _sentences(text: str) -> list[str]:
    """The sentences of ``text``, those that a semicolon cuts in one piece."""
    joined: list[str] = []
    for sentence in split_sentences(text):
        if joined and joined[-1].endswith(";"):
            joined[-1] += f" {sentence}"
        else:
            joined.append(sentence)
    return joined


@lru_cache(maxsize=64)
def compared_figures(source: str) -> tuple[tuple[Figure, Figure], ...]:
    """Each figure of ``source`` by which its sentence says that two things differ, with each other one of it."""
    return tuple(
        (figure, other)
        for sentence in _sentences(source)
        for figure in read_figures(sentence)[:_MOST]
        if compares(in_digits(sentence), figure.place)
        for other in read_figures(sentence)[:_MOST]
        if other != figure
    )


@lru_cache(maxsize=64)
def parts_said(source: str) -> frozenset[Quantity]:
    """What the parts, shares and multiples in a sentence come to, of the figures in it: half of 7 euros."""
    found: set[Quantity] = set()
    for sentence in _sentences(source):
        shares = {one.value / _ALL for one in find_quantities(sentence) if one.measures == "share"}
        factors = find_factors(sentence) | shares
        factors |= {1 - factor for factor in factors if factor < 1}
        for figure, factor in product(read_figures(sentence)[:_MOST], factors):
            if figure.kind != "share" and not figure.kind.startswith("@"):
                found.update(
                    Quantity(figure.kind if is_firm(figure) else "", value * factor) for value in figure.values
                )
    return frozenset(found)


@lru_cache(maxsize=64)
def near_figures(source: str) -> tuple[tuple[Figure, ...], ...]:
    """The figures of each sentence of ``source``."""
    return tuple((*read_figures(sentence)[:_MOST], *unnumbered(sentence)[:_MOST]) for sentence in _sentences(source))


def unnumbered(text: str) -> tuple[Figure, ...]:
    """The quantities of ``text`` that no number says: an hour, half a kilo."""
    values = {(figure.kind, value) for figure in read_figures(text) for value in figure.values}
    others = (one for one in find_quantities(text) if (one.measures, one.value) not in values)
    return tuple(Figure(frozenset(), frozenset([one.value]), one.measures, "", -1) for one in sorted(others))


def factors_of(answer: str, source: str) -> frozenset[Fraction]:
    """The factors that ``source`` speaks of, and those of ``answer`` that say a half, twice, or a share of the source;
    the other way round too, and what parts leave of a whole."""
    shares = {quantity.value / _ALL for quantity in find_quantities(source) if quantity.measures == "share"}
    factors = find_factors(source) | find_factors(answer) & (shares | _COMMON)
    return frozenset(factors | {1 / factor for factor in factors} | {1 - factor for factor in factors if factor < 1})
