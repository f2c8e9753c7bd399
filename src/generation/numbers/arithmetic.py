"""Steps of arithmetic with what numbers measure: what two or three of them make, in which unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations, product
from typing import NamedTuple

from src.generation.numbers.figures import MEASURED, POINTS, Figure, is_firm
from src.generation.numbers.measures import TIME_OF_DAY, is_unit, read_numbers

_ALL, _MONTHS, _TWO = 100, 12, 2
_DAY, _MINUTE, _HALF_DAY, _HOUR = 86_400_000, 60_000, 720, 60
_MILLIMETRES = 1000**2
"""In a square metre, by which an area is counted."""
_CLOCK, _DATE, _YEAR = "@clock", "@date", "@year"


class Term(NamedTuple):
    """A number to work with: ``value`` in the smallest unit of what it measures (``kind``; "n" for things, "" where
    nothing is said), and how many of those the unit has that is written (``unit``); ``role`` says what else shows:
    a change starts from it ("base"), it is the change ("change"), or it may be a time of day ("hour")."""

    kind: str
    value: Fraction
    unit: Fraction = Fraction(1)
    role: str = ""

    @property
    def number(self) -> Fraction:
        """The number as it is written."""
        return self.value / self.unit


class Result(NamedTuple):
    """What a step gives; not ``is_exact`` where people round it; ``is_common`` of sums, differences and ratios, which
    make any number by chance; ``is_rest`` where a part is taken off."""

    term: Term
    is_exact: bool = True
    is_common: bool = False
    is_rest: bool = False


def read_plainly(figure: Figure) -> Figure:
    """A figure that has the larger one of two readings of its mark: 1.600 is sixteen hundred where people count."""
    if len(readings := read_numbers(figure.words.partition(" ")[0])) < _TWO:
        return figure
    ratio = max(readings) / min(readings)
    numbers, values = (
        frozenset(one for one in group if one * ratio not in group) for group in (figure.numbers, figure.values)
    )
    return figure._replace(numbers=numbers, values=values)


def read_terms(figure: Figure) -> Iterator[Term]:
    """The terms that a figure may stand for, one for each way to read it: 312 million may be 312, and 12.20 an
    hour."""
    if figure.kind in MEASURED:
        yield from (Term(figure.kind, value, unit_at(figure)) for value in figure.values)
    written = figure.words.partition(" ")[0]
    hour = None if is_firm(figure) else TIME_OF_DAY.fullmatch(written)
    if figure.kind not in MEASURED and figure.kind != "@label":
        kind = "n" if figure.kind.startswith("n:") else figure.kind
        yield from (Term(kind, value, role="hour" if hour else "") for value in figure.values)
    if hour:
        yield Term(_CLOCK, Fraction(int(hour[1]) * _HOUR + int(hour[2])) % _HALF_DAY)
    if figure.numbers and not read_numbers(written) & figure.numbers:
        yield from (Term("", number) for number in read_numbers(written))


def unit_at(figure: Figure) -> Fraction:
    """How many of the smallest unit the unit of a figure has."""
    pairs = product(figure.values, figure.numbers)
    units = {value / number for value, number in pairs if number}
    return max((unit for unit in units if is_unit(figure.kind, unit)), default=Fraction(1))


def one_step(one: Term, other: Term) -> Iterator[Result]:
    """What two terms make: their sum, difference, product and quotient, a share of one, the time between two points."""
    if one.kind in POINTS or other.kind in POINTS:
        yield from _points(one, other)
        yield from _points(other, one) if one.kind != other.kind else ()
        return
    if _is_hour_beside_count(one, other):
        pass
    elif one.kind == other.kind:
        yield from _like(one, other)
    elif not one.kind or not other.kind:
        with_unit, without = (one, other) if one.kind else (other, one)
        yield from _like(with_unit, with_unit._replace(value=without.value * with_unit.unit, role=without.role))
    if "share" in {one.kind, other.kind} and one.kind != other.kind:
        yield from _of_share(*((one, other) if other.kind == "share" else (other, one)))
    for first, second in ((one, other), (other, one)):
        if first.kind != second.kind or first.kind in {"", "n"}:
            yield Result(Term(first.kind, first.value * second.number, first.unit))
        if second.value and (first.kind != second.kind):
            yield Result(Term(first.kind, first.value / second.number, first.unit), is_exact=False)


def scaled(one: Term, factor: Term) -> Iterator[Result]:
    """A part or a multiple of a term, what a part leaves, and that of which it is the part or the multiple."""
    if factor.kind == "share":
        yield from _of_share(one, factor) if one.kind not in POINTS else ()
    elif one.kind not in POINTS:
        yield Result(one._replace(value=one.value * factor.value))
        yield Result(one._replace(value=one.value / factor.value), is_exact=factor.kind != "n")


def in_proportion(terms: Sequence[Term]) -> Iterator[Result]:
    """The rule of three: what one term comes to where two others of one kind stand to each other so; of its own kind
    too beside one of a unit: 2 seconds a day in 30 days."""
    for one, some, whole in permutations(terms, 3):
        is_pair = some.kind == whole.kind and some.kind in MEASURED and some.value != whole.value
        is_pair = is_pair and (one.kind != some.kind or whole.number == 1)
        if is_pair and one.kind not in POINTS and whole.value:
            yield Result(Term(one.kind, one.value * some.value / whole.value, one.unit), is_exact=False)


def two_steps(one: Term, other: Term, third: Term) -> Iterator[Result]:
    """What three terms make in two exact steps: their sum, their product, a multiple of one and another."""
    for first in one_step(one, other):
        if first.is_exact and first.term.value:
            yield from (second for second in one_step(first.term, third) if second.is_exact)


def counted(one: Term, other: Term) -> Iterator[Result]:
    """How many there are from one to another, both counted: from the 11th to the 14th."""
    if one.kind == other.kind and (one.kind in {"n", ""} or one.unit == other.unit == _DAY):
        yield Result(one._replace(value=abs(one.value - other.value) + one.unit))


def _is_hour_beside_count(one: Term, other: Term) -> bool:
    """Whether only one of two plain numbers may be a time of day: nobody adds 6 to 19.10."""
    return {one.kind, other.kind} <= {"", "n"} and (one.role == "hour") != (other.role == "hour")


def _like(one: Term, other: Term) -> Iterator[Result]:
    x, y = one.value, other.value
    for unit in {one.unit, other.unit}:
        yield Result(Term(one.kind, x + y, unit), is_common=True)
        yield Result(Term(one.kind, abs(x - y), unit), is_common=True)
    if one.kind == "share":
        yield Result(Term("share", _ALL - x - y), is_common=True)
    if one.kind == "length":
        yield Result(Term("area", x * y / _MILLIMETRES), is_exact=False)
    if min(x, y) > 0 and x != y:
        yield Result(Term("", max(x, y) / min(x, y)), is_exact=False, is_common=one.kind in MEASURED)
        yield from _shares_of(one, other) if one.kind != "share" else ()


def _shares_of(one: Term, other: Term) -> Iterator[Result]:
    """The share of one in the other, in percent; the share by which something changed, where its base shows: from 40 to
    50, 10 less than 50, by 10 to 50."""
    small, large = sorted((one.value, other.value))
    bases = [term.value for term in (one, other) if term.role == "base"]
    parts = [(large - small) / base for base in bases] + [small / large]
    if "change" in {one.role, other.role}:
        parts += [small / (large - small), small / (large + small)]
    yield from (Result(Term("share", _ALL * part), is_exact=False) for part in parts)


def _of_share(one: Term, share: Term) -> Iterator[Result]:
    """A share of a term, the term with it and without it, and that of which the term is the share, the rest or more."""
    part = share.value / _ALL
    for factor, is_rest in ((part, False), (1 - part, True), (1 + part, False)):
        if factor > 0:
            yield Result(one._replace(value=one.value * factor), is_exact=False, is_rest=is_rest)
            yield Result(one._replace(value=one.value / factor), is_exact=False, is_rest=is_rest)


def _points(point: Term, other: Term) -> Iterator[Result]:
    x, y = point.value, other.value
    span = abs(x - y)
    if point.kind == other.kind == _CLOCK:
        for minutes in (span, _HALF_DAY - span):
            yield from (Result(Term("time", minutes * _MINUTE, Fraction(unit))) for unit in (_MINUTE, 60 * _MINUTE))
    elif point.kind == other.kind == _DATE:
        yield from (Result(Term("time", days * _DAY, Fraction(_DAY))) for days in (span, span + 1))
    elif point.kind == other.kind == _YEAR:
        yield Result(Term("months", span * _MONTHS, Fraction(_MONTHS)))
    elif point.kind == _CLOCK and other.kind == "time":
        yield from (Result(Term(_CLOCK, (x + sign * y / _MINUTE) % _HALF_DAY)) for sign in (1, -1))
    elif point.kind == _DATE and other.kind == "time":
        yield from (Result(Term(_DATE, x + sign * y / _DAY)) for sign in (1, -1))
    elif point.kind == _YEAR and other.kind in {"months", ""}:
        years = y / _MONTHS if other.kind else y
        for exact, sign in product({years // 1, -(-years // 1)}, (1, -1)):
            yield Result(Term(_YEAR, x + sign * exact))
