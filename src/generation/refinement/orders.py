"""Orders become slots: each with a task that its passage suits, an id of its own in the journal, and its fault."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from src.core.types import Task
from src.generation.planning.plan import Plan, Slot
from src.generation.planning.tasks import EASIEST, TASKS
from src.generation.refinement.work import Order

_EASIEST_AFTER = 2
"""Failures after which an order is asked for as the easiest task of the mix."""


def give_slots(plan: Plan, orders: Sequence[Order], used: Mapping[int, int], name: str) -> list[Slot]:
    """A slot of ``plan`` for each of ``orders``, in their order; ``name`` keeps their answers in the journal apart from
    those of all other rounds. ``used`` counts the samples that every passage has."""
    numbers = Counter(used)
    slots = []
    for order in orders:
        numbers[order.index] += 1
        # behind what was tried: the further down, the further from the most obvious fact
        number = numbers[order.index] + order.failures
        slot = plan.slot_at(order.index, number, _choose_task(plan, order))
        slots.append(replace(slot, id=f"{name}/{slot.passage.id}/{numbers[order.index]}"))
    return slots


def _choose_task(plan: Plan, order: Order) -> Task | None:
    """That of the earlier example as long as the mix has it; else one that the passage suits, by the weights."""
    mix = plan.rules.mix
    if not mix:
        return None
    if order.failures >= _EASIEST_AFTER:
        return min(mix, key=TASKS.index)
    if order.task in mix:
        return order.task
    suited = [task for task in TASKS if task in plan.suited[order.index]]
    if not suited:
        return EASIEST
    rng = random.Random(f"{plan.rules.seed} {plan.passages[order.index].id} {order.failures}")  # noqa: S311 - a plan
    return rng.choices(suited, [mix[task] for task in suited])[0]
