"""Numbers that follow from others in one step of arithmetic, by what they are numbers of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product

from src.generation.numbers.figures import Figure, is_firm, read_figures
from src.generation.numbers.grounds import Grounds
from src.generation.numbers.measures import Quantity
from src.generation.numbers.words import in_digits

_ALL = 100
_CUE_CHARS = 24
ROUNDED, NEARLY, ROUGHLY = Fraction(1, 50), Fraction(1, 16), Fraction(1, 10)
"""Shares by which a quotient may be rounded, a measure and a share that are said in words."""
_DAY, _MINUTE = 86_400_000, 60_000
"""In milliseconds."""
_HALF_DAY = 720
_CALENDAR = frozenset(map(Fraction, (7, 12, 24, 52, 60, 100, 365, 1000)))
_FEW = 12
"""Up to here a number is found by chance in what is worked out of any two."""
_WHOLES = frozenset(map(Fraction, (_MINUTE, 60 * _MINUTE, _DAY, 7 * _DAY)))
_BELOW = re.compile(r"(?:less than|fewer than|weniger als|moins de|menos de|meno di|minder dan)\s*$")
_MOVES = {"@year": ("months", 12, 10_000), "@date": ("time", _DAY, 32), "@clock": ("time", _MINUTE, _HALF_DAY)}
"""What a year, a day and an hour are moved by, what one of theirs counts in it, and where they begin anew."""


def adds_up(figure: Figure, grounds: Grounds, *, near: bool = True) -> bool:
    """Whether it is the sum or difference of two figures of its kind; ``near``: also of a sentence of the source."""
    wanted = figure.values
    for one, other in grounds.pairs(near=near):
        if _is_same(one, other) and _may_be(figure, one) and _meets(wanted | figure.numbers, _sums(one, other)):
            return True
    return False


def adds_to_said(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is the sum or difference of a figure that is said and another one of its sentence in the source."""
    said = frozenset(value for one in grounds.said for value in one.values)
    return any(
        _is_same(one, other) and _may_be(figure, one) and _meets(figure.values | figure.numbers, _sums(one, other))
        for group in grounds.near
        for one, other in permutations(group, 2)
        if one.values & said
    )


def is_left(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is what another figure of its sentence in the source leaves of one that is said: 180 of the 240."""
    said = frozenset(value for one in grounds.said for value in one.values)
    return any(
        figure.values & {x - y for x in one.values & said for y in other.values}
        for group in grounds.near
        for one, other in permutations(group, 2)
        if (figure.kind == one.kind or (not is_firm(figure) and not is_firm(one))) and is_firm(one) == is_firm(other)
    )


def is_rest(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is what a share leaves of the whole."""
    return figure.kind == "share" and any(_ALL - value in figure.values for value in _shares(grounds))


def is_compared(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is the difference of two figures of a sentence that compares them: 25 more than before; their sum too
    where the difference is said first, down by 2 to 30, or something is less by it: 30, 2 fewer than before."""
    return any(
        _may_be(figure, one)
        and _meets(
            figure.values | figure.numbers,
            _sums(one, other) if _may_add(one, other, grounds) else _differences(one, other),
        )
        for one, other in grounds.compared
        if (_is_same(one, other) or not (is_firm(one) and is_firm(other)))
        and (not is_firm(figure) or figure.kind in {one.kind, other.kind} or not (one.kind or other.kind))
    )


def _may_add(one: Figure, other: Figure, grounds: Grounds) -> bool:
    return one.place < other.place or (one, other) in grounds.lessened


def is_part(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is that part of a figure of its kind of which answer or source speak: half of twenty minutes; of
    things, the half or the double that answer or question say."""
    if not is_firm(figure):
        counts = (one for group in grounds.near for one in group if not is_firm(one))
        halves = {value * factor for one in counts for value in one.values for factor in grounds.said_factors}
        return any(value > _FEW and value in halves for value in figure.values)
    own = (one for one in (*grounds.said, *grounds.asked) if one.kind == figure.kind)
    near = (one for group in grounds.near for one in group if one.kind == figure.kind)
    return _is_part_said(figure, grounds) or any(
        _is_near(value * factor, figure)
        for figures, factors in ((own, grounds.factors), (near, grounds.said_factors))
        for one in figures
        for value in one.values
        for factor in factors
    )


def is_ratio(figure: Figure, grounds: Grounds, *, loosely: bool) -> bool:
    """Whether a share is what one figure is of another of its kind, or what is left of the whole beside one where that
    is asked."""
    if grounds.is_of_rest and is_rest(figure, grounds):
        return True
    share = ROUGHLY if loosely else ROUNDED
    for one, other in grounds.pairs(near=True):
        if _is_ratio(figure, one, other, share) or _is_ratio(figure, other, one, share):
            return True
    said = grounds.pairs(near=False)
    return any(_is_ratio(figure, *pair, share, of_both=True) for two in said for pair in (two, two[::-1]))


def _is_ratio(figure: Figure, one: Figure, other: Figure, rounded: Fraction, *, of_both: bool = False) -> bool:
    """Whether it is about the share of ``one`` in ``other``, or ``of_both`` in the two together."""
    pairs = ((x, y) for x, y in _like(one, other) if x and y)
    exact = [_ALL * x / whole for x, y in pairs if x < (whole := x + y if of_both else y)]
    is_point = one.kind.startswith("@") or other.kind.startswith("@")
    return (
        not is_point
        and _is_same(one, other)
        and any(is_about(share, value, rounded) for share in exact for value in figure.values)
    )


def is_span(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is the time between two years, days or hours that one sentence names."""
    if figure.kind in {"", "months"}:
        years = ((one, other) for one, other in grounds.pairs(near=True) if one.kind == other.kind == "@year")
        return any(not figure.numbers.isdisjoint(abs(x - y) for x, y in _like(one, other)) for one, other in years)
    for one, other in grounds.pairs(near=True):
        between = _SPANS.get(one.kind) if one.kind == other.kind and figure.kind == "time" else None
        if between and not figure.values.isdisjoint(between(one.values, other.values)):
            return True
    return False


def between_hours(one: frozenset[Fraction], other: frozenset[Fraction]) -> frozenset[Fraction]:
    """The milliseconds between two hours in minutes of half a day, from either to the other."""
    spans = {abs(x - y) for x in one for y in other}
    return frozenset(span * _MINUTE for span in spans | {_HALF_DAY - span for span in spans})


def _between_days(one: frozenset[Fraction], other: frozenset[Fraction]) -> frozenset[Fraction]:
    """The milliseconds between two days of a month, the last one counted or not."""
    spans = {abs(x - y) for x in one for y in other}
    return frozenset(span * _DAY for span in spans | {span + 1 for span in spans})


_SPANS = {"@date": _between_days, "@clock": between_hours}


def is_about_sum(figure: Figure, grounds: Grounds, *, loosely: bool) -> bool:
    """Whether it is roughly what two figures of its kind that are said make or differ by."""
    pairs = ((one, other) for one, other in grounds.pairs(near=True) if one.kind == other.kind == figure.kind)
    sums = (value for one, other in pairs for value in _sums(one, other))
    return any(is_about(value, wanted, NEARLY if loosely else ROUNDED) for value in sums for wanted in figure.values)


def is_beside_limit(figure: Figure, source: str) -> bool:
    """Whether it is the last whole number below a limit of the source: 30 days or less for less than 31 days."""
    if is_firm(figure) and figure.kind not in {"time", "months"}:
        return False
    digits = in_digits(source)
    for other in read_figures(source):
        before = digits[: other.place][-_CUE_CHARS:].casefold()
        if other.kind == figure.kind and figure.kind and _BELOW.search(before):
            unit = next((value / number for value in other.values for number in other.numbers if number), Fraction(1))
            if any(two - one == unit for one in figure.values for two in other.values):
                return True
    return False


def is_moved(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is a year, a day or an hour that lies before or after another one by a time that answer or question
    say, or of which the sentence says that something was so much later; for a year, by a plain number that the answer
    says beside that other one too: born in 1941, he came when he was twenty."""
    if figure.kind == "time":  # heures, часов: said of the hours of a day too
        hours = ((time, other) for time, other in grounds.moved if time.kind == other.kind == "time")
        of_day = frozenset(value for value in figure.values if value <= _DAY and value % (60 * _MINUTE) == 0)
        return any(_meets(of_day, _sums(*pair)) for pair in hours)
    if figure.kind not in _MOVES:
        return False
    measure, unit, whole = _MOVES[figure.kind]
    times = [one for one in (*grounds.said, *grounds.asked) if one.kind == measure]
    points = [one for one in _all(grounds) if one.kind == figure.kind]
    later = ((point, time) for time, point in grounds.moved if time.kind == measure and point.kind == figure.kind)
    if figure.kind == "@year":
        years, plain = ([one for one in grounds.said if one.kind == kind] for kind in ("@year", ""))
        if any(
            abs(x - y) == z for one in years for x in one.values for y in figure.values for n in plain for z in n.values
        ):
            return True
    for point, time in (*product(points, times), *later):
        moved = {(x + sign * y / unit) % whole for x, y in product(point.values, time.values) for sign in (1, -1)}
        if not figure.values.isdisjoint(moved):
            return True
    return False


def _all(grounds: Grounds) -> Iterator[Figure]:
    yield from (*grounds.said, *grounds.asked)
    for group in grounds.near:
        yield from group


def is_of_calendar(figure: Figure, grounds: Grounds) -> bool:
    """Whether it is what a figure of its kind comes to in the larger or smaller unit of a calendar or a clock, how
    often a time goes into one of those: 9 euros a month in a year, a picture every 30 seconds."""
    own = (one for one in (*grounds.said, *grounds.asked) if one.kind == figure.kind)
    if any(value in (x * y, x / y) for one in own for x in one.values for y in _CALENDAR for value in figure.values):
        return True
    times = {value for one in _all(grounds) if one.kind == "time" for value in one.values if value}
    often = {number for number in figure.numbers if number > _FEW and not is_firm(figure)}
    return any(whole / time in often for whole in _WHOLES for time in times)


def is_multiple(figure: Figure, grounds: Grounds) -> bool:
    """Whether the source has it of what it counts for each of the things that the answer counts: 3 spoons an egg, so 6
    for two eggs."""
    counts = [other.numbers for other in (*grounds.said, *grounds.counts) if other.kind != figure.kind]
    ones = (one for group in grounds.near for one in group if one.kind == figure.kind or not figure.kind)
    return any(
        value * number in figure.values for one in ones for value in one.values for some in counts for number in some
    )


def _is_part_said(figure: Figure, grounds: Grounds) -> bool:
    kind = figure.kind if is_firm(figure) else ""
    return any(Quantity(kind, value) in grounds.parts for value in figure.values)


def _shares(grounds: Grounds) -> Iterator[Fraction]:
    figures = (figure for group in (grounds.said, *grounds.near) for figure in group if figure.kind == "share")
    yield from (value for figure in figures for value in figure.values)


def _sums(one: Figure, other: Figure) -> frozenset[Fraction]:
    return frozenset(value for x, y in _like(one, other) for value in (x + y, abs(x - y)) if value)


def _differences(one: Figure, other: Figure) -> frozenset[Fraction]:
    return frozenset(abs(x - y) for x, y in _like(one, other) if x != y)


def _like(one: Figure, other: Figure) -> list[tuple[Fraction, Fraction]]:
    """The numbers of both, as written and, where they are of one kind, in its smallest unit."""
    written = list(product(one.numbers, other.numbers))
    return written + list(product(one.values, other.values)) if one.kind == other.kind else written


def _is_same(one: Figure, other: Figure) -> bool:
    """Whether two figures may be added: of one kind, or of things, whatever they are called."""
    return one.kind == other.kind or not (one.kind and other.kind) or not (is_firm(one) or is_firm(other))


def _may_be(figure: Figure, one: Figure) -> bool:
    """Whether a number worked out from ``one`` may be called what ``figure`` is."""
    return (
        figure.kind == one.kind
        or not one.kind
        or not is_firm(figure)
        or (figure.kind == "months" and one.kind == "@year")
    )


def _meets(wanted: frozenset[Fraction], values: frozenset[Fraction]) -> bool:
    return not wanted.isdisjoint(values)


def _is_near(exact: Fraction, figure: Figure) -> bool:
    """Whether it is that value, or the whole number beside it."""
    if exact in figure.values:
        return True
    units = {value / number for value in figure.values for number in figure.numbers if number}
    return len(units) == 1 and any(
        number.denominator == 1 and (exact / unit).denominator > 1 and abs(exact / unit - number) < 1
        for unit in units
        for number in figure.numbers
    )


def is_about(exact: Fraction, value: Fraction, share: Fraction = ROUNDED) -> bool:
    """Whether ``value`` misses ``exact`` by no more than that ``share`` of it."""
    return abs(exact - value) <= share * exact
