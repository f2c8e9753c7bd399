"""A plan in figures: what is shown before a run and stored with its dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from src.core.types import NO_LABEL, Task
from src.generation.planning.axes import AXES
from src.generation.planning.plan import Plan
from src.generation.planning.refill import most_per_passage
from src.generation.planning.tasks import EASIEST

_MAX_SOURCES = 1000
OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class SourceShare:
    """One input file: its passages and topics, and how many samples they are asked for."""

    source: str
    passages: int
    covered: int
    topics: int
    samples: int


@dataclass(frozen=True, slots=True)
class TaskShare:
    """One task: how many samples of it the weights ask for, how many are planned, and how many passages suit it."""

    task: Task
    wished: int
    planned: int
    suited: int


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """``covered`` passages of ``passages`` have a slot; no passage is to have more than ``most`` samples. ``asked`` is
    how many samples every name of every axis is asked for; ``too_short`` are documents that nothing is planned for."""

    samples: int
    passages: int
    covered: int
    topics: int
    covered_topics: int
    most: int
    sources: tuple[SourceShare, ...]
    tasks: tuple[TaskShare, ...]
    axes: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, Mapping[str, int]]
    too_short: tuple[str, ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the passages that have a slot."""
        return self.covered / self.passages if self.passages else 0.0

    @property
    def fallback(self) -> int:
        """Slots whose passages suit nothing that was wished of them: they are asked for as question_answer."""
        return sum(max(0, share.wished - share.planned) for share in self.tasks)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, the same as when they are read back."""
        values: dict[str, Any] = orjson.loads(orjson.dumps(self))
        return {**values, "coverage": round(self.coverage, 4), "fallback": self.fallback}


def summarise(plan: Plan, too_short: Sequence[str] = ()) -> PlanSummary:
    """The figures of a plan, and the documents that are ``too_short`` for it; beyond 1,000 sources the rest stands in
    one line."""
    sources = _count_sources(plan)
    rules = plan.rules
    suited = Counter(task for kind in plan.suited for task in kind)
    suited[EASIEST] = len(plan.passages)  # also where it was not wished: it takes the place of what suits none
    tasks = [TaskShare(task, plan.wished.get(task, 0), plan.tasks[task], suited[task]) for task in _tasks(plan)]
    topics = Counter(plan.labels)
    covered = Counter(label for label, quota in zip(plan.labels, plan.quotas, strict=True) if quota)
    return PlanSummary(
        samples=plan.size,
        passages=len(plan.passages),
        covered=sum(quota > 0 for quota in plan.quotas),
        topics=len(topics),
        covered_topics=len(covered),
        most=most_per_passage(plan.size, len(plan.passages)),
        sources=sources,
        tasks=tuple(tasks),
        axes={axis: tuple(rules.axes.names[axis]) for axis in AXES} if rules.axes else {},
        asked=_count_manners(plan) if rules.axes else {},
        too_short=tuple(too_short[:_MAX_SOURCES]),
    )


def _tasks(plan: Plan) -> list[Task]:
    return list(dict.fromkeys([*plan.rules.mix, *plan.tasks]))


def _count_manners(plan: Plan) -> dict[str, dict[str, int]]:
    """Samples by axis and name."""
    manners = Counter(slot.manner for slot in plan.slots() if slot.manner is not None)
    counts: dict[str, Counter[str]] = {axis: Counter() for axis in AXES}
    for manner, number in manners.items():
        for axis, name in zip(AXES, manner, strict=True):
            counts[axis][name] += number
    return {axis: dict(sorted(names.items())) for axis, names in counts.items()}


class _Count(NamedTuple):
    topics: set[str]
    quotas: list[int]


def _count_sources(plan: Plan) -> tuple[SourceShare, ...]:
    counts: dict[str, _Count] = {}
    for (source, topic), quota in zip(plan.labels, plan.quotas, strict=True):
        found = counts.setdefault(source, _Count(set(), []))
        found.topics.add(topic)
        found.quotas.append(quota)
    shares = [_source_share(source or NO_LABEL, count) for source, count in counts.items()]
    rest = shares[_MAX_SOURCES:]
    if not rest:
        return tuple(shares)
    others = SourceShare(
        OTHERS,
        sum(share.passages for share in rest),
        sum(share.covered for share in rest),
        sum(share.topics for share in rest),
        sum(share.samples for share in rest),
    )
    return (*shares[:_MAX_SOURCES], others)


def _source_share(source: str, count: _Count) -> SourceShare:
    covered = sum(quota > 0 for quota in count.quotas)
    return SourceShare(source, len(count.quotas), covered, len(count.topics), sum(count.quotas))
