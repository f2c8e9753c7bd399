"""Which groups go to evaluation, so that every kind of row has its share there. Numbers only, no samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Final

_TOTAL: Final = object()
_TOTAL_WEIGHT: Final = 4.0
"""How much more the size of the whole counts than that of one kind."""
_PASSES: Final = 8


def fill_evaluation(groups: Sequence[Mapping[Hashable, int]], sizes: Sequence[int], share: float) -> frozenset[int]:
    """Walk over the groups and take each one that brings evaluation nearer to ``share`` of everything, then move single
    groups to the other side as long as that helps. Returns positions.

    ``groups`` are in shuffled order; each says how many of its members have a label, and labels may overlap (a source,
    a language, a range of lengths). Nearness is the squared distance of every label's count from its wished one, over
    the wished one. A group is never divided; with two groups or more neither side is empty.
    """
    counted = [{**labels, _TOTAL: size} for labels, size in zip(groups, sizes, strict=True)]
    balance = _Balance(counted, share)
    chosen: set[int] = set()
    for _ in range(_PASSES):
        moved = False
        for number, labels in enumerate(counted):
            sign = -1 if number in chosen else 1
            if balance.gain(labels, sign) > 0:
                balance.move(labels, sign)
                chosen ^= {number}
                moved = True
        if not moved:
            break
    if len(sizes) > 1 and len(chosen) in {0, len(sizes)}:
        chosen ^= {min(range(len(sizes)), key=sizes.__getitem__)}
    return frozenset(chosen)


class _Balance:
    """How far each label's count in evaluation is from the wished one."""

    def __init__(self, groups: Sequence[Mapping[Hashable, int]], share: float) -> None:
        totals: Counter[Hashable] = Counter()
        for labels in groups:
            totals.update(labels)
        self._over = {label: -share * count for label, count in totals.items()}
        self._weights = {label: 1 / (share * count) for label, count in totals.items() if count}
        if _TOTAL in self._weights:
            self._weights[_TOTAL] *= _TOTAL_WEIGHT

    def gain(self, labels: Mapping[Hashable, int], sign: int) -> float:
        """By how much the distance becomes smaller when a group comes (1) or goes (-1)."""
        return sum(
            -self._weights[label] * count * (count + 2 * sign * self._over[label])
            for label, count in labels.items()
            if count
        )

    def move(self, labels: Mapping[Hashable, int], sign: int) -> None:
        """Let a group come (1) or go (-1)."""
        for label, count in labels.items():
            self._over[label] += sign * count
