"""Under rejections every passage that can carry a sample has one, and none has more than twice its share."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from src.generation.planning.plan import Plan, Slot
from src.generation.planning.refill import ROUNDS, Refill, most_per_passage
from tests.generation.planning.passages import RICH, make_passages, make_rules


@dataclass
class Run:
    """What came of a run: samples by passage, tasks of the samples, and how many slots they cost."""

    kept: Counter[int]
    tasks: Counter[str | None]
    slots: int


def play(plan: Plan, accepts: Callable[[Slot], bool]) -> Run:
    refill, kept, tasks, seen = Refill(plan), Counter[int](), Counter[str | None](), list[str]()
    slots = list(plan.slots())
    while slots and not refill.is_over():
        for slot in slots:
            passed = accepts(slot)
            refill.count(slot, passed=passed)
            seen.append(slot.id)
            if passed:
                kept[slot.index] += 1
                tasks[slot.task] += 1
            if refill.is_over():
                break
        slots = list(refill.next_slots())
    assert len(seen) == len(set(seen))
    return Run(kept, tasks, len(seen))


def half(slot: Slot) -> bool:
    """Accepts one slot in two, whichever comes first."""
    return hashlib.sha256(slot.id.encode()).digest()[0] % 2 == 0


@pytest.mark.parametrize("size", [100, 150, 500])
def test_half_of_the_answers_may_be_rejected_and_every_passage_still_has_a_sample(size: int) -> None:
    plan = Plan(make_passages(10, 90, text=RICH), size, make_rules())
    run = play(plan, half)
    assert run.kept.total() == size
    assert len(run.kept) == 100
    assert max(run.kept.values()) <= 2 * size / 100
    assert run.slots <= 2.5 * size


def test_a_task_that_never_works_out_leaves_its_place_to_the_others() -> None:
    plan = Plan(make_passages(10, 20, text=RICH), 600, make_rules())
    assert plan.tasks["extraction"] > 2 * plan.size / 30
    run = play(plan, lambda slot: slot.task != "extraction")
    assert run.kept.total() == 600
    assert run.slots < 600 + 2 * plan.tasks["extraction"]


def test_the_mix_of_the_kept_samples_is_near_the_planned_one_whatever_was_rejected() -> None:
    plan = Plan(make_passages(10, 90, text=RICH), 500, make_rules())
    run = play(plan, half)
    for task, count in plan.tasks.items():
        assert abs(run.tasks[task] - count) <= 0.05 * 500


def test_passages_that_carry_nothing_cost_little_and_the_others_take_their_place() -> None:
    plan = Plan(make_passages(50, text=RICH), 50, make_rules())
    run = play(plan, lambda slot: slot.index >= 20)
    assert run.kept.total() == 50
    assert len(run.kept) == 30
    assert max(run.kept.values()) == 2
    assert run.slots <= ROUNDS * 50


def test_a_passage_never_has_more_than_twice_its_share_even_if_samples_are_missing_then() -> None:
    plan = Plan(make_passages(10), 30, make_rules())
    run = play(plan, lambda slot: slot.index < 3)
    assert run.kept == {0: 6, 1: 6, 2: 6}


def test_of_fewer_samples_than_passages_a_rejected_one_goes_to_a_passage_that_was_not_tried() -> None:
    plan = Plan(make_passages(40), 10, make_rules())
    tried = [slot.index for slot in plan.slots()]
    run = play(plan, lambda slot: slot.index != tried[0])
    assert run.kept.total() == 10
    assert max(run.kept.values()) == 1
    assert run.slots == 11


def test_a_run_in_which_nothing_passes_ends() -> None:
    plan = Plan(make_passages(10), 10, make_rules())
    run = play(plan, lambda _slot: False)
    assert run.kept.total() == 0
    assert run.slots <= ROUNDS * 10


def test_a_size_far_beyond_what_the_passages_carry_ends_by_itself() -> None:
    plan = Plan(make_passages(3), 10**5, make_rules())
    refill = Refill(plan)
    asked = 0
    for asked, slot in enumerate(plan.slots(), start=1):  # noqa: B007 - how far it came is what counts
        refill.count(slot, passed=slot.number <= 4)
        if refill.is_over():
            break
    assert asked == 12 + 50


def test_a_share_is_one_at_least() -> None:
    assert (most_per_passage(5, 10), most_per_passage(10, 10), most_per_passage(25, 10)) == (2, 2, 5)
    assert most_per_passage(5, 0) == 0


def test_a_task_that_never_works_out_gives_way_to_the_easiest_one() -> None:
    plan = Plan(make_passages(20, text=RICH), 40, make_rules({"question_answer": 1, "extraction": 1}))
    run = play(plan, lambda slot: slot.task != "extraction")
    assert run.tasks == {"question_answer": 40}
    assert run.slots <= ROUNDS * 40
