"""Which of many small sets have much in common with a given one: exact, by counting whole columns of bits at once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator


class OverlapIndex:
    """Sets by their members. For every member there is one integer with a bit for each set that has it: to count what
    a set shares with all others takes a few operations on such integers for each of its members, whatever their number
    (bit-sliced counting, O'Neil and Quass 1997)."""

    def __init__(self) -> None:
        self._having: defaultdict[Hashable, int] = defaultdict(int)
        self._of_size: defaultdict[int, int] = defaultdict(int)
        self._count = 0

    def add(self, members: Collection[Hashable]) -> int:
        """Put a set in; returns its number, from 0."""
        number, bit = self._count, 1 << self._count
        for member in frozenset(members):
            self._having[member] |= bit
        self._of_size[len(frozenset(members))] |= bit
        self._count += 1
        return number

    def near(self, members: Collection[Hashable], least: float) -> Iterator[int]:
        """The numbers, in order, of all sets whose Dice coefficient with ``members`` is ``least`` or more: twice the
        shared members over the members of both. ``least`` is above 0."""
        wanted = frozenset(members)
        planes = _add_up(self._having[member] for member in wanted if member in self._having)
        found = 0
        for size, sets in self._of_size.items():
            # a hair less: sums of floats must not cost a set that reaches it exactly
            shared = math.ceil(least * (size + len(wanted)) / 2 - 1e-9)
            if 0 < shared <= min(size, len(wanted)):
                found |= sets & _at_least(planes, shared)
        return _numbers(found)


def _add_up(columns: Iterable[int]) -> list[int]:
    """The sums of bits at every place, as binary digits: the first plane has the ones, the second the twos."""
    planes: list[int] = []
    for column in columns:
        carry = column
        for digit, plane in enumerate(planes):
            planes[digit], carry = plane ^ carry, plane & carry
            if not carry:
                break
        if carry:
            planes.append(carry)
    return planes


def _at_least(planes: list[int], number: int) -> int:
    """The places whose sum is ``number`` (above 0) or more."""
    if number >> len(planes):
        return 0
    above, equal = 0, -1
    for digit in range(len(planes) - 1, -1, -1):
        if number >> digit & 1:
            equal &= planes[digit]
        else:
            above |= equal & planes[digit]
    return above | equal


def _numbers(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
