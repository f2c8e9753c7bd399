"""Divide samples into training and validation: at the ratio, in every bucket, without tearing what belongs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from random import Random
from typing import Final, Literal, NamedTuple

from src.core.errors import ConfigError
from src.utils.sample_groups import LEAK_THRESHOLD, SplitKey, WeightBy, group_samples
from src.utils.split_quota import choose_validation, choose_validation_by_bucket

_NAMES_SHOWN: Final = 5


class Sides(NamedTuple):
    """A partition of the samples, by number from 0 in the order in which their keys came, and each side in the order
    of its file; ``warnings`` say what the wished ratio could not have."""

    train: list[int]
    validation: list[int]
    warnings: tuple[str, ...] = ()


def split_samples(
    keys: Iterable[SplitKey],
    *,
    ratio: float,
    strategy: Literal["random", "weighted"],
    weight_by: WeightBy = "source",
    seed: int,
    leak_threshold: float | None = LEAK_THRESHOLD,
) -> Sides:
    """Cut the samples so that ``ratio`` of them go to training. ``keys`` are read once, one at a time.

    What must not be torn stays on one side (sample_groups.group_samples): one conversation's windows, one passage's
    samples, the same question, texts that are alike from ``leak_threshold`` on; None: nothing belongs together.
    ``random`` cuts one seeded shuffle; ``weighted`` cuts every source (or first keyword) at the ratio, each to within
    one of its groups. The total stays within one group of the ratio, and from two groups up neither side is empty. A
    bucket of one group goes to training with a warning; it goes to validation, also with a warning, only where the
    total could not be kept otherwise.

    The result depends on the samples and the seed, not on their order. Raises ConfigError for a ratio not in (0, 1).
    """
    if not 0 < ratio < 1:
        raise ConfigError(f"split.ratio must lie between 0 and 1, not at {ratio}.", fix="Use 0.8 for 80 % training.")
    groups, labels = group_samples(keys, weight_by, leak_threshold)
    shuffle = Random(seed)  # noqa: S311 a split must be repeatable, not secret
    shuffle.shuffle(groups)
    sizes = [len(group) for group in groups]
    share = 1 - Fraction(str(ratio))
    warnings: tuple[str, ...] = ()
    if strategy == "random":
        chosen = choose_validation(sizes, share)
    else:
        buckets = [_bucket_of(group, labels) for group in groups]
        chosen = choose_validation_by_bucket(sizes, buckets, share)
        warnings = _warn_of_single_groups(buckets, chosen)
    if len(groups) == 1:
        warnings = ("All samples belong together, so that all went to training and validation is empty.",)
    train = [member for number, group in enumerate(groups) if number not in chosen for member in group]
    validation = [member for number in sorted(chosen) for member in groups[number]]
    shuffle.shuffle(train)
    shuffle.shuffle(validation)
    return Sides(train, validation, warnings)


def _bucket_of(group: Sequence[int], labels: Sequence[str]) -> str:
    """Where most of a group's samples belong, the first by name of equal ones; a group may reach over several."""
    counts = Counter(labels[member] for member in group)
    return min(counts, key=lambda label: (-counts[label], label))


def _warn_of_single_groups(buckets: Sequence[str], chosen: frozenset[int]) -> tuple[str, ...]:
    counts = Counter(buckets)
    single = {bucket: number in chosen for number, bucket in enumerate(buckets) if counts[bucket] == 1}
    sides = (("training", False), ("validation, to keep the ratio", True))
    found = ((side, sorted(bucket for bucket, chose in single.items() if chose is there)) for side, there in sides)
    return tuple(
        f"{_list_names(names)} cannot be divided (one group of samples each) and went whole to {side}."
        for side, names in found
        if names
    )


def _list_names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    return f"{shown} and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else shown
