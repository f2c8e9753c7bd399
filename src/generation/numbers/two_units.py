"""What an answer says in two units: an hour and 35 minutes, two pounds fifty."""

from __future__ import annotations

import re
from fractions import Fraction

from src.generation.numbers.figures import Figure
from src.generation.numbers.forms import known_numbers
from src.generation.numbers.measures import Quantity, find_quantities, in_two_units, read_unit
from src.generation.numbers.shown import is_worked_out
from src.generation.numbers.sums import times_between, values
from src.generation.numbers.words import in_digits
from src.generation.numbers.working import read_working

_MINUTE = 60_000
_PRICE = re.compile(r"(\d{1,6}) ([^\W\d_]+) (\d\d)(?!\w)")
_NAME = "the time or measure in two units"


def as_figure(quantity: Quantity) -> Figure:
    """A quantity in two units as a figure, which no number says alone."""
    return Figure(frozenset(), frozenset([quantity.value]), quantity.measures, _NAME, 0)


def numbers_in_two_units(question: str, answer: str, source: str) -> frozenset[str]:
    """The numbers of what ``answer`` says in two units and what is just so much in its source, or worked out; those
    that it says again elsewhere are left out."""
    digits = in_digits(answer)
    if not in_two_units(digits):
        return frozenset()
    known, working = find_quantities(source), read_working(question, answer, source)
    founded = (
        numbers
        for quantity, numbers in in_two_units(digits)
        for figure in [as_figure(quantity)]
        if quantity in known or is_worked_out(figure, working) or is_between(figure, source)
    )
    return frozenset(one for numbers in founded for one in numbers if _is_said_once(one, digits))


def is_between(figure: Figure, source: str) -> bool:
    """Whether it is the time between two times of day that the source has."""
    minutes = {value / _MINUTE for value in figure.values} if figure.kind == "time" else set()
    return not minutes.isdisjoint(times_between(source))


def numbers_of_prices(answer: str, source: str) -> frozenset[str]:
    """The numbers of the prices that ``answer`` says in two coins and its source has: two pounds fifty for 2.50."""
    known = values(known_numbers(source))
    found = (match for match in _PRICE.finditer(in_digits(answer)) if Fraction(f"{match[1]}.{match[3]}") in known)
    prices = (match for match in found if (unit := read_unit(match[2])) and unit.measures == "money")
    return frozenset(number for match in prices for number in (match[1], match[3]))


def _is_said_once(number: str, digits: str) -> bool:
    return len(re.findall(rf"(?<!\d){re.escape(number)}(?!\d)", digits)) == 1
