"""Datasets side by side: the same measures on the same number of rows, and which differences are more than noise."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any, Final, NamedTuple, TypeVar

from src.reports.metrics.catalogue import DIVERSITY, GROUNDEDNESS, LENGTHS, Better, Judged, Metric, Unit
from src.reports.metrics.coverage import gini
from src.reports.metrics.quality import Quality, rounded
from src.reports.setups import Difference, Setup, find_differences

DRAWS: Final = 20
_FACTOR: Final = 2.09
"""Student's t for 95 % with 19 degrees of freedom."""
_NORMAL: Final = 1.96
"""The same of the normal distribution."""
LEAST_ROWS: Final = 20
"""Below this many rows or passages half-samples say nothing about noise."""
LETTERS: Final = ("A", "B", "C")
"""What the contenders are called where their names have no room."""
SAME_SETUP: Final = "They were made with the same settings and prompts, as far as these are known."
NO_PROMPTS: Final = "Prompts are not recorded of"
_SEED: Final = 20
_Item = TypeVar("_Item")


class Contender(NamedTuple):
    """A measured dataset: of ``proposed`` samples ``kept`` were kept, 0 where that is not known. ``cost_per_row`` (USD)
    and ``setup``, how it was made, are None where they are not known."""

    name: str
    quality: Quality
    kept: int = 0
    proposed: int = 0
    cost_per_row: float | None = None
    setup: Setup | None = None

    @property
    def kept_share(self) -> float | None:
        """The share of what was proposed that was kept."""
        return self.kept / self.proposed if self.proposed else None


@dataclass(frozen=True, slots=True)
class ComparedMetric:
    """One measure of every contender. ``margins`` are half the widths of 95 % intervals; None where there is none: the
    rows are too few, or it is a sum that was paid. ``best`` is the number of the one that is clearly better than all
    others, which needs intervals.
    """

    key: str
    title: str
    better: Better
    unit: Unit
    meaning: str
    values: tuple[float | None, ...]
    margins: tuple[float | None, ...]

    @property
    def best(self) -> int | None:
        """The contender that beats every other one that has a figure beyond noise."""
        known = [number for number, value in enumerate(self.values) if value is not None]
        if self.better == "neither" or len(known) < 2:
            return None
        for number in known:
            if all(self._beats(number, other) for other in known if other != number):
                return number
        return None

    @property
    def differs(self) -> bool | None:
        """Whether any two differ beyond noise; None where that cannot be said."""
        pairs = [(one, other) for one in range(len(self.values)) for other in range(one)]
        known = [found for one, other in pairs if (found := self._differ(one, other)) is not None]
        return any(known) if known else None

    def verdict(self, names: Sequence[str]) -> str:
        """Who is better, where that can be said, in a few words."""
        if self.best is not None:
            return f"{names[self.best]} is better"
        if self.differs is None:
            return "no interval" if sum(value is not None for value in self.values) > 1 else "not known"
        if not self.differs:
            return "no difference"
        return "they differ" if self.better == "neither" else "no clear best"

    def _beats(self, number: int, other: int) -> bool:
        own, others = self.values[number], self.values[other]
        if own is None or others is None or not self._differ(number, other):
            return False
        return own > others if self.better == "higher" else own < others

    def _differ(self, one: int, other: int) -> bool | None:
        first, second = self.values[one], self.values[other]
        if first is None or second is None:
            return None
        margins = self.margins[one], self.margins[other]
        if margins[0] is None or margins[1] is None:
            return None
        return abs(first - second) > math.hypot(*(margin for margin in margins if margin is not None)) + 1e-9


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rows`` is the number of rows that was measured of every contender; ``differences`` are those of how they were
    made."""

    contenders: tuple[Contender, ...]
    rows: int
    groups: Mapping[str, tuple[ComparedMetric, ...]]
    differences: tuple[Difference, ...] = ()

    @property
    def known_setups(self) -> int:
        """Of how many contenders is known how they were made."""
        return sum(contender.setup is not None for contender in self.contenders)

    @property
    def without_prompts(self) -> tuple[str, ...]:
        """The names of those that have not recorded their prompts, where others have."""
        setups = [(one.name, one.setup) for one in self.contenders if one.setup is not None]
        missing = tuple(name for name, setup in setups if not setup.prompts)
        return missing if len(missing) < len(setups) else ()

    def measured_groups(self) -> dict[str, tuple[ComparedMetric, ...]]:
        """The groups without measures that no contender has a figure for."""
        known = {
            title: tuple(metric for metric in metrics if any(value is not None for value in metric.values))
            for title, metrics in self.groups.items()
        }
        return {title: metrics for title, metrics in known.items() if metrics}


def compare(contenders: Sequence[Contender]) -> Comparison:
    """Measure every contender on as many rows as the smallest one has sampled.

    Intervals of shares of rows are Wilson's. All others come from half-samples: drawn without replacement, for rows
    drawn twice would count as a lack of variety. The spread of a figure over halves is the standard error of the
    figure of the whole (McCarthy 1969).
    """
    rows = min(len(contender.quality.judged) for contender in contenders)
    judged = [contender.quality.judged[:rows] for contender in contenders]
    halves = [_halves(one) for one in judged]
    groups = {
        title: tuple(_compare(metric, judged, halves) for metric in metrics)
        for title, metrics in (("Diversity", DIVERSITY), ("Groundedness", GROUNDEDNESS), ("Length", LENGTHS))
    }
    return Comparison(
        tuple(contenders),
        rows,
        {**groups, "Sources and cost": _of_all_rows(contenders)},
        find_differences([contender.setup for contender in contenders]),
    )


def describe_comparison(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain JSON values."""
    names = [contender.name for contender in comparison.contenders]
    return {
        "datasets": [
            {"name": contender.name, "rows": contender.quality.counts.rows} for contender in comparison.contenders
        ],
        "rows_compared": comparison.rows,
        "differences": {one.name: dict(zip(names, one.values, strict=True)) for one in comparison.differences},
        "prompts_not_recorded": list(comparison.without_prompts),
        "metrics": {
            metric.key: {
                "better": metric.better,
                "values": dict(zip(names, map(rounded, metric.values), strict=True)),
                "margins": dict(zip(names, map(rounded, metric.margins), strict=True)),
                "differs": metric.differs,
                "best": None if metric.best is None else names[metric.best],
            }
            for metrics in comparison.groups.values()
            for metric in metrics
        },
        "missing_sources": {
            contender.name: dict(contender.quality.sources.missing) for contender in comparison.contenders
        },
    }


def _halves(whole: Sequence[_Item]) -> list[list[_Item]]:
    """Half-samples; none of what is too little."""
    if len(whole) < LEAST_ROWS:
        return []
    source = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    return [source.sample(whole, len(whole) // 2) for _ in range(DRAWS)]


def _compare(
    metric: Metric, judged: Sequence[Sequence[Judged]], halves: Sequence[Sequence[Sequence[Judged]]]
) -> ComparedMetric:
    values = tuple(metric.compute(rows) for rows in judged)
    if metric.hits:
        hits = [metric.hits(rows) for rows in judged]
        margins = tuple(wilson_margin(sum(one), len(one)) for one in hits)
    else:
        margins = tuple(
            _margin(value, [metric.compute(half) for half in one]) for value, one in zip(values, halves, strict=True)
        )
    return ComparedMetric(metric.key, metric.title, metric.better, metric.unit, metric.meaning, values, margins)


def _margin(value: float | None, halves: Sequence[float | None]) -> float | None:
    known = [half for half in halves if half is not None]
    if value is None or len(known) < DRAWS:
        return None
    # the Vendi score of half of the rows is about half of that of all: its spread is taken in proportion
    mean = fmean(known)
    return _FACTOR * stdev(known) * (value / mean if mean else 1.0)


def _of_all_rows(contenders: Sequence[Contender]) -> tuple[ComparedMetric, ...]:
    """What is not measured on the sample but known of the whole dataset, with intervals over its passages and over what
    was proposed; what was paid has none."""
    qualities = [contender.quality for contender in contenders]
    counts = [quality.passage_counts for quality in qualities]
    return (
        ComparedMetric(
            "passages_used",
            "Passages used",
            "higher",
            "share",
            "Passages of the documents that carry a row, of all rows.",
            tuple(quality.passages_used for quality in qualities),
            tuple(wilson_margin(sum(count > 0 for count in one), len(one)) for one in counts),
        ),
        ComparedMetric(
            "passage_gini",
            "Gini of passages",
            "lower",
            "number",
            "How unevenly passages carry rows, of all rows; 0: all the same.",
            tuple(quality.passage_gini for quality in qualities),
            tuple(_margin(gini(one), [gini(half) for half in _halves(one)]) for one in counts),
        ),
        ComparedMetric(
            "kept_share",
            "Kept of proposed",
            "higher",
            "share",
            "Proposed samples that passed all checks.",
            tuple(contender.kept_share for contender in contenders),
            tuple(wilson_margin(contender.kept, contender.proposed) for contender in contenders),
        ),
        ComparedMetric(
            "cost_per_row",
            "Cost of a row",
            "lower",
            "usd",
            "Paid for each kept sample.",
            tuple(contender.cost_per_row for contender in contenders),
            (None,) * len(contenders),
        ),
    )


def wilson_margin(hits: int, trials: int) -> float | None:
    """Half of the 95 % interval of a share (Wilson 1927), which is uneven around it: the longer side. None without
    trials."""
    if not trials:
        return None
    share, square = hits / trials, _NORMAL**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _NORMAL * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return half + abs(middle - share)
