"""Numbers that an answer works out before the reader: what it takes stands in the answer itself and in its question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations, permutations, product

from src.generation.gates.texts import whole_sentences
from src.generation.numbers.arithmetic import (
    Result,
    Term,
    counted,
    in_proportion,
    one_step,
    read_plainly,
    read_terms,
    scaled,
    two_steps,
    unit_at,
)
from src.generation.numbers.derived import NEARLY, ROUNDED, is_about
from src.generation.numbers.figures import MEASURED, POINTS, Figure, is_firm, read_figures
from src.generation.numbers.measures import Quantity, find_quantities
from src.generation.numbers.working import Working, is_in_name

_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]$")
_ALL = 100
_FEW, _SEVERAL = 12, 3
"""Up to here a number is found by chance in what is worked out of many."""
_MOST_FOR_FEW, _MOST, _MOST_FOR_TWO = 3, 12, 5
"""Figures beyond which any number is found: a small one, one in a step, one in two."""


def is_worked_out(figure: Figure, working: Working, *, loosely: bool = False) -> bool:
    """Whether it is what one step of arithmetic makes of two others that the answer says, other than a sum, a
    difference or a ratio; where the answer shows its working, also those, of the numbers of the question too, in two
    steps, or with parts and units; ``loosely``: about that."""
    figure = read_plainly(figure)
    is_small = not is_firm(figure) and all(number <= _FEW for number in figure.numbers)
    said, asked = _terms_beside(figure, working.said, working), _terms_beside(figure, working.asked, working)
    most = _MOST_FOR_FEW if is_small else _MOST
    if is_in_name(figure, working.answer) or len(said) > most:
        return False
    is_open = working.is_shown(figure.place)
    if not is_open and figure.kind.startswith("n:"):
        return False
    results = chain(_single(said), _in_other_units(said, figure))
    if any(_is_that(one, figure, loosely=loosely) for one in _admitted(results, working, common=is_open)):
        return True
    terms = said + asked
    if len(terms) > most or not is_open:
        return False
    results = chain(_single(terms, counted), _single(terms), () if is_small else _with_unnumbered(terms, working))
    if any(_is_that(one, figure, loosely=loosely) for one in _admitted(results, working)):
        return True
    is_telling = is_firm(figure) or min(figure.numbers) > _ALL
    if not is_telling or len(terms) > _MOST_FOR_TWO:
        return False
    return any(_is_that(one, figure, loosely=False) for one in _admitted(_double(terms, working), working))


def _terms_beside(figure: Figure, others: Sequence[Figure], working: Working) -> list[tuple[Term, ...]]:
    """The terms of the other figures than the one in doubt."""
    return [
        tuple(term._replace(role=working.roles.get(one, term.role)) for term in read_terms(read_plainly(one)))
        for one in others
        if one.kind != figure.kind or not one.numbers & figure.numbers
    ]


def _admitted(results: Iterable[Result], working: Working, *, common: bool = True) -> Iterator[Result]:
    """What may come out: with ``common`` also what makes any number, and what a part leaves only where something is
    said to be left."""
    return (one for one in results if (common or not one.is_common) and (working.is_of_rest or not one.is_rest))


def is_multiple_asked(figure: Figure, working: Working, source: str) -> bool:
    """Whether it is a quantity of the source for as many or as much as the question says: six rolls at 45 cents, three
    tonnes at 650 litres a tonne, a year at 18 euros a month."""
    if figure.kind not in MEASURED:
        return False
    several = 2 if working.is_shown(0) or working.is_shown(figure.place) else _SEVERAL
    counts = {number for one in working.asked if _counts(one) for number in one.numbers if number >= several}
    asked = [term for one in working.asked if one.kind in MEASURED for term in read_terms(one)]
    asked += [one for one in working.unnumbered if one.kind != figure.kind]
    for figures, quantities in _by_sentence(source.removesuffix(working.question)):
        ones = {value for one in figures if one.kind == figure.kind for value in one.values}
        per = [one for one in quantities if one.measures != figure.kind and one.value] if ones else []
        times = counts | {term.value / one.value for term in asked for one in per if term.kind == one.measures}
        if any(value * number in figure.values for value in ones for number in times):
            return True
    return False


def _counts(figure: Figure) -> bool:
    """Whether a figure counts things: six rolls, 三個."""
    return figure.kind.startswith("n:") or (not figure.kind and _EAST.search(figure.words) is not None)


@lru_cache(maxsize=64)
def _by_sentence(passage: str) -> tuple[tuple[tuple[Figure, ...], frozenset[Quantity]], ...]:
    return tuple((read_figures(one), find_quantities(one)) for one in whole_sentences(passage))


def _single(
    terms: Sequence[tuple[Term, ...]], step: Callable[[Term, Term], Iterator[Result]] = one_step
) -> Iterator[Result]:
    for some, others in combinations(terms, 2):
        for one, other in product(some, others):
            yield from step(one, other)


def _in_other_units(terms: Sequence[tuple[Term, ...]], figure: Figure) -> Iterator[Result]:
    unit = unit_at(figure)
    for some in terms:
        yield from (Result(one, is_exact=False) for one in some if one.kind in MEASURED and one.unit != unit)


def _with_unnumbered(terms: Sequence[tuple[Term, ...]], working: Working) -> Iterator[Result]:
    for some in terms:
        yield from (Result(one._replace(value=_ALL - one.value)) for one in some if one.kind == "share")
        for one, factor in product(some, working.factors):
            yield from scaled(one, factor)
        for one, other in product(some, working.unnumbered):
            yield from (result for result in one_step(one, other) if one.kind == other.kind)


def _double(terms: Sequence[tuple[Term, ...]], working: Working) -> Iterator[Result]:
    for three in combinations(terms, 3):
        for choice in product(*three):
            for first, second, last in permutations(choice):
                yield from two_steps(first, second, last)
                yield from _share_of_step(first, second, last)
    for two in permutations(terms, 2):
        for one, other in product(*two):
            yield from _with_multiple(one, other, working)
    for three in combinations((*terms, *((one,) for one in working.unnumbered)), 3):
        for choice in product(*three):
            yield from in_proportion(choice)


def _with_multiple(one: Term, other: Term, working: Working) -> Iterator[Result]:
    """What a part or a multiple of one makes with another; twice one and another where each of two is spoken of: 19
    each, and 38."""
    for factor in working.factors:
        for multiple in _admitted(scaled(one, factor), working):
            yield from one_step(multiple.term, other)
    for count in working.counts if one.kind == other.kind else ():
        yield Result(one._replace(value=one.value * count.value + other.value))


def _share_of_step(one: Term, other: Term, share: Term) -> Iterator[Result]:
    """A share of what two others make, or what it leaves: six at 18 euros less 15 percent."""
    if share.kind == "share" and "share" not in {one.kind, other.kind}:
        yield from (last for first in one_step(one, other) for last in scaled(first.term, share))


def _is_that(result: Result, figure: Figure, *, loosely: bool) -> bool:
    """Whether a figure says a result: in its unit where it has one, else as the number that is written."""
    term = result.term
    if term.kind in POINTS or figure.kind in POINTS:
        return any(term == one for one in read_terms(figure))
    if (term.kind == "share" and figure.kind != "share") or (figure.kind.startswith("n:") and term.kind in MEASURED):
        return False
    if is_firm(figure) and term.kind and figure.kind != "@rate":
        if term.kind != figure.kind:
            return False
        exact = term.value / unit_at(figure)
        return term.value in figure.values or any(
            _is_written(exact, number, result, loosely=loosely) for number in figure.numbers
        )
    return any(_is_written(term.number, number, result, loosely=loosely) for number in figure.numbers)


def _is_written(exact: Fraction, number: Fraction, result: Result, *, loosely: bool) -> bool:
    """Whether people write ``number`` for it: as it is, rounded to the last digit that is no zero, or roughly."""
    if number == exact:
        return True
    missing, place = abs(exact - number), _last_place(number)
    if loosely:
        return missing < place and is_about(exact, number, NEARLY)
    return not result.is_exact and missing <= place / 2 and is_about(exact, number, ROUNDED)


def _last_place(number: Fraction) -> Fraction:
    """What the last digit of a number that is no zero counts: 10 for 2630, a tenth for 3.4."""
    place = Fraction(1)
    while number and number % (10 * place) == 0:
        place *= 10
    while number % place and place > Fraction(1, 1000):
        place /= 10
    return place
