"""What a plan asked for beside what was kept of it, by task and by every axis of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from src.reports.tally import PLANNED, Tally, names_of


class Quota(NamedTuple):
    """Samples of one name. ``planned`` is None where the plan does not say, as it did not in earlier versions."""

    planned: int | None
    kept: int


def axis_title(axis: str) -> str:
    """What an axis is of, in words that cannot be mistaken for another figure of the same rows."""
    return "length of answer" if axis == "length" else axis


def find_quotas(plan: Mapping[str, Any], counts: Tally) -> dict[str, dict[str, Quota]]:
    """By axis and name, in the order of the plan; what was kept beyond it comes last. ``plan`` is that of RunFacts.

    An axis of which nothing was planned nor kept is left out.
    """
    found = {axis: _of_axis(_planned(plan, axis), names_of(counts.manners, axis)) for axis in PLANNED}
    return {axis: quotas for axis, quotas in found.items() if quotas}


def describe_quotas(quotas: Mapping[str, Mapping[str, Quota]]) -> dict[str, Any]:
    """Quotas as plain JSON values."""
    return {axis: {name: one._asdict() for name, one in names.items()} for axis, names in quotas.items()}


def _planned(plan: Mapping[str, Any], axis: str) -> dict[str, int | None]:
    if axis == "task":
        return {share["task"]: share["planned"] for share in plan.get("tasks", ())}
    names = dict.fromkeys(plan.get("axes", {}).get(axis, ()))
    asked: Mapping[str, int] | None = plan.get("asked", {}).get(axis)
    return {**names} if asked is None else {name: asked.get(name, 0) for name in {**names, **asked}}


def _of_axis(planned: Mapping[str, int | None], kept: Mapping[str, int]) -> dict[str, Quota]:
    unplanned = 0 if planned and None not in planned.values() else None
    names = [*planned, *sorted(name for name in kept if name not in planned)]
    return {name: Quota(planned.get(name, unplanned), kept.get(name, 0)) for name in names}
