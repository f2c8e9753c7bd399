"""Plain sums that an answer writes out, as in 12 * 3 = 36, computed again."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, pairwise, takewhile
from typing import Final, NamedTuple

_RUN: Final = re.compile(r"[\d.,+\-*/×÷·−–() $€£=]{5,400}", re.ASCII)
"""Digits and what may stand between them in a sum."""
_STOP: Final = re.compile(r"[.,](?:\s|$)|\s{3,}")
_GROUPED: Final = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?![\d,])")
_TOKEN: Final = re.compile(r"\d{1,15}(?:\.\d{1,12})?|[-+*/()]")
_OPERATION: Final = re.compile(r"[\d)]\s*[-+*/]")
_LONE: Final = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?")
_ATTACHED: Final = re.compile(r"[\w^<>~%\[{|\\!:'\"]$")
_FORMULA_BEFORE: Final = re.compile(
    r"(?:^|[\s\W])(?:[^\W\d_]|of|times|by|plus|minus|over|mod)\s*$|[\^<>~%\[{|\\]\s*$|\\\w+\s*$", re.I
)
_FORMULA_AFTER: Final = re.compile(r"[^\W\d]|\s*[\^=%!{\[\\<>|]|\s+[^\W\d](?!\w)|\s+(?:remainder|mod)\b", re.I)
_BULLET: Final = re.compile(r"\s*[-–*+·]\s+")
_SIGNS: Final = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "$": " ", "€": " ", "£": " "})
_MOST: Final = 200


class Sum(NamedTuple):
    """One equation as it stands in the text, and whether it is right."""

    text: str
    right: bool


def check_sums(text: str) -> Iterator[Sum]:
    """Every equation of plain numbers whose left side is computed, at most 200 of a text.

    A result may be rounded or cut off at the digits that it shows. What holds a letter, a power or a percent is no
    plain sum, nor is what stands in a longer formula: it is left out.
    """
    if "=" in text:
        yield from islice(_find_sums(text), _MOST)


def _find_sums(text: str) -> Iterator[Sum]:
    for run in _RUN.finditer(text):
        if "=" not in run[0]:
            continue
        pieces = _pieces(run[0])
        for number, (start, end) in enumerate(pieces):
            is_first, is_last = number == 0, number == len(pieces) - 1
            equation = run[0][start:end].rstrip(" (")
            if is_first and _continues(text[max(0, run.start() - 12) : run.start()], equation):
                continue
            if is_last and _FORMULA_AFTER.match(text, run.start() + start + len(equation)):
                continue
            bullet = _BULLET.match(equation) if _begins_line(text, run.start() + start) else None
            found = _check(equation[bullet.end() :] if bullet else equation)
            if found is not None:
                yield found


def _begins_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()


def _continues(before: str, equation: str) -> bool:
    """Whether a formula has begun before the equation."""
    return _FORMULA_BEFORE.search(before) is not None or (
        not equation.startswith(" ") and _ATTACHED.search(before) is not None
    )


def _pieces(run: str) -> list[tuple[int, int]]:
    """The ends of sentences and the gaps of tables part what has nothing to do with each other."""
    cuts = [(0, 0), *(match.span() for match in _STOP.finditer(run)), (len(run), len(run))]
    return [(left[1], right[0]) for left, right in pairwise(cuts)]


def _check(equation: str) -> Sum | None:
    """None where it is no sum: nothing is computed on its left side, or it cannot be."""
    plain = _GROUPED.sub(lambda number: number[0].replace(",", ""), equation.translate(_SIGNS))
    sides = [side.strip() for side in plain.split("=")]
    lone = list(takewhile(lambda side: _OPERATION.search(side) is None, sides))
    if not all(_LONE.fullmatch(side) for side in lone):
        return None
    sides = sides[len(lone) :]
    values = [_value(side) for side in sides]
    known = [value for value in values if value is not None]
    if len(sides) < 2 or len(known) < len(values):
        return None
    pairs = zip(pairwise(known), pairwise(sides), strict=True)
    return Sum(equation.strip(), all(_agree(*values, *written) for values, written in pairs))


def _agree(left: Fraction, right: Fraction, first: str, second: str) -> bool:
    """Whether both are the same, or one is the other rounded or cut off at the digits that it shows."""
    return left == right or _shows(left, right, second) or _shows(right, left, first)


def _shows(exact: Fraction, shown: Fraction, text: str) -> bool:
    lone = _LONE.fullmatch(text)
    if lone is None:
        return False
    scale = 10 ** len(lone["decimals"] or "")
    return shown in {Fraction(round(exact * scale), scale), Fraction(math.trunc(exact * scale), scale)}


def _value(side: str) -> Fraction | None:
    tokens = _TOKEN.findall(side)
    if "".join(tokens) != re.sub(r"\s", "", side):
        return None
    try:
        value, rest = _terms(tokens)
    except (IndexError, ValueError, ZeroDivisionError, RecursionError):
        return None
    return None if rest else value


def _terms(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, rest = _factors(tokens)
    while rest and rest[0] in "+-":
        sign = 1 if rest[0] == "+" else -1
        further, rest = _factors(rest[1:])
        value += sign * further
    return value, rest


def _factors(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, rest = _operand(tokens)
    while rest and rest[0] in "*/":
        operator = rest[0]
        further, rest = _operand(rest[1:])
        value = value * further if operator == "*" else value / further
    return value, rest


def _operand(tokens: list[str]) -> tuple[Fraction, list[str]]:
    if tokens[0] == "-":
        value, rest = _operand(tokens[1:])
        return -value, rest
    if tokens[0] == "(":
        value, rest = _terms(tokens[1:])
        if rest[:1] != [")"]:
            raise ValueError("a bracket is not closed")
        return value, rest[1:]
    return Fraction(tokens[0]), tokens[1:]
