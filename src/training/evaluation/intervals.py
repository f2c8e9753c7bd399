"""How far a figure could be off by chance: bootstrap confidence intervals."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

RESAMPLES: Final = 2_000
CONFIDENCE: Final = 0.95
Item = TypeVar("Item")


class Interval(NamedTuple):
    """A figure and the bounds within which it lies with 95 % confidence."""

    value: float
    low: float
    high: float

    @property
    def is_above_zero(self) -> bool:
        return self.low > 0

    @property
    def is_below_zero(self) -> bool:
        return self.high < 0


def bootstrap(items: Sequence[Item], figure: Callable[[Sequence[Item]], float], seed: int) -> Interval:
    """``figure`` of ``items`` with its percentile interval (Efron and Tibshirani, An Introduction to the Bootstrap,
    1993, chapter 13): the figure of 2,000 sets of as many items, drawn with replacement.

    Items are drawn whole: for a difference between two models an item holds what both made of one prompt. Where all
    items agree the interval has no width, which says nothing about prompts that were not asked; with n items and no
    failure, up to 3 / n of all may still fail. Raises ValueError without items.
    """
    if not items:
        raise ValueError("a figure needs at least one item")
    # S311: nothing secret hangs on which prompts are drawn
    draw = random.Random(seed)  # noqa: S311
    drawn = sorted(figure(draw.choices(items, k=len(items))) for _ in range(RESAMPLES))
    tail = round(RESAMPLES * (1 - CONFIDENCE) / 2)
    return Interval(figure(items), drawn[tail], drawn[-tail - 1])


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean. Raises ValueError without values."""
    if not values:
        raise ValueError("nothing has no mean")
    return sum(values) / len(values)
