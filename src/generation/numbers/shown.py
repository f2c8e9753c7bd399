"""Numbers that an answer works out before the reader: both numbers that it takes stand in it and in its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from src.generation.numbers.derived import NEARLY, between_hours, is_about
from src.generation.numbers.figures import POINTS, Figure, is_firm

_ALL = 100
_FEW, _MOST = 12, 12
"""Up to here a number is found by chance in what is worked out of three or more; beyond so many, any is."""


class Operand(NamedTuple):
    """A number that an answer says and its source has: as written, and in the smallest unit of its kind."""

    kind: str
    numbers: frozenset[Fraction]
    values: frozenset[Fraction]


def is_worked_out(figure: Figure, said: Sequence[Operand], *, loosely: bool = False) -> bool:
    """Whether it is the sum, difference, product, quotient or share of two numbers that are said, or the time between
    two hours; ``loosely``: about that."""
    others = [one for one in said if not one.numbers & figure.numbers or one.kind != figure.kind]
    is_small = not is_firm(figure) and all(number <= _FEW for number in figure.numbers)
    if len(others) > (2 if is_small else _MOST) or figure.kind in POINTS:
        return False
    share = NEARLY if loosely else None
    for one, other in combinations(others, 2):
        if one.kind == other.kind == "@clock":
            if figure.kind == "time" and between_hours(one.values, other.values) & figure.values:
                return True
        elif (
            one.kind not in POINTS
            and other.kind not in POINTS
            and any(
                value == wanted if is_exact else _is_rounded(value, wanted, share)
                for value, is_exact, among in _results(one, other)
                for wanted in (figure.values if among else figure.numbers)
            )
        ):
            return True
    return False


def _results(one: Operand, other: Operand) -> Iterator[tuple[Fraction, bool, bool]]:
    """What two numbers make, whether it must be met exactly, and whether it counts the smallest unit."""
    if one.kind == other.kind:
        for x in one.values:
            for y in other.values:
                yield from ((value, True, True) for value in (x + y, abs(x - y)) if value)
    for x in one.numbers:
        for y in other.numbers:
            if one.kind == other.kind or not (one.kind and other.kind):
                yield from ((value, True, False) for value in (x + y, abs(x - y)) if value)
            if "share" in {one.kind, other.kind}:
                yield x * y / _ALL, False, False
            if x and y and one.kind != other.kind:
                yield x * y, True, False
            if x and y:
                scale = _ALL if one.kind == other.kind else 1
                yield from ((value, False, False) for value in (scale * x / y, scale * y / x))


def _is_rounded(exact: Fraction, wanted: Fraction, share: Fraction | None) -> bool:
    """Whether it is the value rounded to a whole number, or about it."""
    if wanted == exact or (share and is_about(exact, wanted, share)):
        return True
    return wanted.denominator == 1 and abs(exact - wanted) < 1 and is_about(exact, wanted)
