"""Which rows go to training and which to evaluation: whole groups, so that nothing leaks, each kind at its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from random import Random
from typing import NamedTuple

from src.data_prep.merging.strata import Stratum
from src.utils.stratified_fill import fill_evaluation


class Member(NamedTuple):
    """A row that stays: its number, its id and what it is counted under."""

    number: int
    id: str
    stratum: Stratum


class Sides(NamedTuple):
    """Rows by number, each side in the order of its file; ``largest`` is the size of the largest group."""

    train: list[int]
    evaluation: list[int]
    groups: int
    largest: int


def divide(groups: Sequence[Sequence[Member]], share: float, seed: int) -> Sides:
    """Put whole groups to evaluation until it has ``share`` of all rows, and nearly that of every source, language and
    length. The result depends on the rows and the seed, not on their order."""
    ordered = sorted((sorted(group, key=_by_id) for group in groups if group), key=lambda group: group[0].id)
    shuffle = Random(seed)  # noqa: S311 a split must be repeatable, not secret
    shuffle.shuffle(ordered)
    chosen = fill_evaluation([_labels(group) for group in ordered], [len(group) for group in ordered], share)
    train = [member.number for place, group in enumerate(ordered) if place not in chosen for member in group]
    evaluation = [member.number for place in sorted(chosen) for member in ordered[place]]
    shuffle.shuffle(train)
    shuffle.shuffle(evaluation)
    return Sides(train, evaluation, len(ordered), max(map(len, ordered), default=0))


def drift(train: Counter[str], evaluation: Counter[str]) -> float:
    """The largest difference between the shares that a label has on the two sides, 0 to 1."""
    sizes = (train.total() or 1, evaluation.total() or 1)
    return max((abs(train[name] / sizes[0] - evaluation[name] / sizes[1]) for name in train | evaluation), default=0.0)


def _by_id(member: Member) -> tuple[str, int]:
    return member.id, member.number


def _labels(group: Sequence[Member]) -> Counter[Hashable]:
    return Counter(label for member in group for label in member.stratum.labels)
