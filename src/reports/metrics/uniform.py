"""Whether the rows of a dataset are so much alike that a person should know before training on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from src.core.wording import counted

_LEAST_ROWS: Final = 20
"""Fewer rows say little about how the next ones would be."""
_LEAST_ENTROPY: Final = 1.0
"""Bits: what two first words have that are equally frequent. Below it one opening has most of the questions."""
_MOST_DUPLICATES: Final = 0.1


def uniformity_warnings(measures: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for each way in which the rows are uniform; ``measures`` are those of the statistics file."""
    return tuple(_warn(measures["diversity"], measures["measured_on"]["rows"]))


def _warn(diversity: Mapping[str, Any], rows: int) -> Iterator[str]:
    if rows < _LEAST_ROWS:
        return
    entropy, duplicates = diversity["opening_entropy_bits"], diversity["near_duplicate_share"]
    if entropy is not None and entropy < _LEAST_ENTROPY:
        word, count = next(iter(diversity["openings"].items()))
        yield (
            f"{count:,} of {counted(rows, 'question')} begin with {word!r} ({entropy:.2f} bits of opening-word "
            "entropy): a model that is tuned on rows this uniform learns one way of being asked."
        )
    if duplicates is not None and duplicates > _MOST_DUPLICATES:
        yield f"{duplicates:.0%} of the questions are asked almost alike in another row of the dataset."
