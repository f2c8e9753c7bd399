"""Which groups go to validation, so that their sizes come nearest to the wished share. Numbers only, no samples.

Every number here is exact (``Fraction``): 0.1 of 10 is one, not a hair less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple


class _Step(NamedTuple):
    """One more group for validation that a bucket could give; sorts by the largest remainder of the quota first."""

    negative_remainder: Fraction
    group: int


def choose_validation(sizes: Sequence[int], share: Fraction) -> frozenset[int]:
    """Walk over the groups and take each one that brings validation nearer to ``share`` of the total.

    ``sizes`` are in shuffled order; the result holds positions. Off by half of the largest group at most, and by less
    than the smallest group where a side would be empty otherwise.
    """
    chosen: set[int] = set()
    _take_nearest(range(len(sizes)), sizes, chosen, share * sum(sizes))
    _fill_both_sides(sizes, chosen)
    return frozenset(chosen)


def choose_validation_by_bucket(sizes: Sequence[int], buckets: Sequence[str], share: Fraction) -> frozenset[int]:
    """Like ``choose_validation``, and every bucket of two groups or more is off by one of its groups at most.

    Each bucket first gives what fits into its quota; then buckets give one group more in order of their largest
    remainder, as long as that brings the total nearer. A bucket of one group gives it only when the total is still
    off by more than the largest group, or validation would be empty.
    """
    members: dict[str, list[int]] = {}
    for group, bucket in enumerate(buckets):
        members.setdefault(bucket, []).append(group)
    divisible = [groups for groups in members.values() if len(groups) > 1]
    single = [groups[0] for groups in members.values() if len(groups) == 1]
    target = share * sum(sizes)
    chosen: set[int] = set()
    steps = sorted(_fill_quota(groups, sizes, chosen, share) for groups in divisible)
    _take_nearest((step.group for step in steps), sizes, chosen, target)
    if steps and not chosen:
        chosen.add(min((step.group for step in steps), key=sizes.__getitem__))
    missing = target - sum(sizes[group] for group in chosen)
    if not chosen or missing > max(sizes, default=0):
        _take_nearest(single, sizes, chosen, target)
    _fill_both_sides(sizes, chosen)
    return frozenset(chosen)


def _fill_quota(groups: Sequence[int], sizes: Sequence[int], chosen: set[int], share: Fraction) -> _Step:
    """Take the groups of a bucket that fit into its quota; returns the smallest of the others as its next step."""
    left = share * sum(sizes[group] for group in groups)
    rest: list[int] = []
    for group in groups:
        if sizes[group] <= left:
            chosen.add(group)
            left -= sizes[group]
        else:
            rest.append(group)
    return _Step(-left, min(rest, key=sizes.__getitem__))


def _take_nearest(groups: Iterable[int], sizes: Sequence[int], chosen: set[int], target: Fraction) -> None:
    missing = target - sum(sizes[group] for group in chosen)
    for group in groups:
        if sizes[group] < 2 * missing:
            chosen.add(group)
            missing -= sizes[group]


def _fill_both_sides(sizes: Sequence[int], chosen: set[int]) -> None:
    """Move the smallest group over when one side is empty and there are two groups or more."""
    if len(sizes) > 1 and len(chosen) in {0, len(sizes)}:
        chosen ^= {min(range(len(sizes)), key=sizes.__getitem__)}
