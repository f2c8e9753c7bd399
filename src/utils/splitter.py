"""Divide samples into training and validation: at the ratio, in every bucket, without tearing what belongs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Final, Literal, NamedTuple

from src.core.errors import ConfigError
from src.core.types import Sample, Splits
from src.utils.sample_groups import group_samples
from src.utils.split_quota import choose_validation, choose_validation_by_bucket

WeightBy = Literal["source", "keywords"]

NO_SOURCE: Final = "(no source)"
NO_KEYWORDS: Final = "(no keywords)"
_NAMES_SHOWN: Final = 5


class SplitRow(NamedTuple):
    """How the samples of one bucket are divided."""

    bucket: str
    train: int
    validation: int


def split_samples(
    samples: Sequence[Sample],
    *,
    ratio: float,
    strategy: Literal["random", "weighted"],
    weight_by: WeightBy = "source",
    seed: int,
) -> Splits:
    """Cut ``samples`` so that ``ratio`` of them go to training.

    What must not be torn stays on one side: samples with the same ``group``, of the same passage, and near-duplicates.
    ``random`` cuts one seeded shuffle; ``weighted`` cuts every source (or first keyword) at the ratio, each to within
    one of its groups. The total stays within one group of the ratio, and from two groups up neither side is empty. A
    bucket of one group goes to training with a warning; it goes to validation, also with a warning, only where the
    total could not be kept otherwise.

    The result depends on the samples and the seed, not on their order. Raises ConfigError for a ratio not in (0, 1).
    """
    if not 0 < ratio < 1:
        raise ConfigError(f"split.ratio must lie between 0 and 1, not at {ratio}.", fix="Use 0.8 for 80 % training.")
    groups = group_samples(samples)
    shuffle = Random(seed)  # noqa: S311 a split must be repeatable, not secret
    shuffle.shuffle(groups)
    sizes = [len(group) for group in groups]
    share = 1 - Fraction(str(ratio))
    warnings: tuple[str, ...] = ()
    if strategy == "random":
        chosen = choose_validation(sizes, share)
    else:
        buckets = [_bucket_of_group(group, weight_by) for group in groups]
        chosen = choose_validation_by_bucket(sizes, buckets, share)
        warnings = _warn_of_single_groups(buckets, chosen)
    if len(groups) == 1:
        warnings = ("All samples belong together, so that all went to training and validation is empty.",)
    train = [sample for number, group in enumerate(groups) if number not in chosen for sample in group]
    validation = [sample for number in sorted(chosen) for sample in groups[number]]
    shuffle.shuffle(train)
    shuffle.shuffle(validation)
    return Splits(tuple(train), tuple(validation), warnings)


def bucket_of(sample: Sample, by: WeightBy) -> str:
    """What a sample is counted under: its source file, or its first topic keyword."""
    if by == "source":
        return sample.source_file or NO_SOURCE
    return sample.topic_keywords[0] if sample.topic_keywords else NO_KEYWORDS


def distribution(samples: Sequence[Sample], by: WeightBy) -> dict[str, int]:
    """Samples per source or first keyword: the largest first, equal ones by name."""
    counts = Counter(bucket_of(sample, by) for sample in samples)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def split_table(splits: Splits, by: WeightBy) -> tuple[SplitRow, ...]:
    """The two sides of a split per source or first keyword, in the order of ``distribution``."""
    train = distribution(splits.train, by)
    validation = distribution(splits.validation, by)
    return tuple(
        SplitRow(bucket, train.get(bucket, 0), validation.get(bucket, 0))
        for bucket in distribution((*splits.train, *splits.validation), by)
    )


def _bucket_of_group(group: Sequence[Sample], by: WeightBy) -> str:
    """Where most of a group's samples belong; a group may reach over several sources or keywords."""
    return next(iter(distribution(group, by)))


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
