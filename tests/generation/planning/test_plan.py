"""The plan: every passage its share, every task its weight, deterministic by seed, and fair from its beginning."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import Task
from src.generation.planning.plan import Plan, PlanRules
from src.generation.planning.tasks import Variety
from tests.generation.planning.passages import RICH, make_passages, make_rules

MIX: dict[Task, float] = {"question_answer": 3, "how_to": 1, "comparison": 1.5}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(1, 300), st.integers(0, 5))
def test_every_passage_gets_its_share_to_within_one(counts: list[int], size: int, seed: int) -> None:
    passages = make_passages(*counts)
    plan = Plan(passages, size, make_rules(seed=seed))
    slots = list(plan.slots())
    assert len(slots) == len({slot.id for slot in slots}) == size
    shares = Counter(slot.index for slot in slots)
    assert [shares[index] for index in range(len(passages))] == plan.quotas
    assert set(plan.quotas) <= {size // len(passages), size // len(passages) + 1}


@pytest.mark.parametrize("size", [7, 40, 55, 400])
def test_weights_are_honoured_to_the_last_sample_where_passages_suit_them(size: int) -> None:
    plan = Plan(make_passages(12, 28, text=RICH), size, make_rules(MIX))
    tasks = Counter(slot.task for slot in plan.slots())
    assert tasks == plan.wished == plan.tasks
    for task, weight in MIX.items():
        assert abs(tasks[task] - size * weight / 5.5) < 1


def test_every_beginning_of_the_plan_is_near_the_mix_and_lies_over_all_sources() -> None:
    passages = [*make_passages(20, 60, text=RICH), *make_passages(0, 0, 20)]
    plan = Plan(passages, 500, make_rules())
    slots = list(plan.slots())
    for length in range(0, 501, 7):
        seen = Counter(slot.task for slot in slots[:length])
        for task, count in plan.tasks.items():
            assert abs(seen[task] - length * count / 500) < 4
    first = Counter(slot.passage.source_file for slot in slots[:20])
    assert first["file0.txt"] in range(2, 7)
    assert first["file1.txt"] in range(9, 16)
    assert first["file2.txt"] in range(2, 7)


def test_a_task_is_asked_only_of_passages_that_suit_it_or_as_question_answer() -> None:
    passages = [*make_passages(5, text=RICH), *make_passages(0, 15)]
    plan = Plan(passages, 40, make_rules({"how_to": 1, "comparison": 1}))
    slots = list(plan.slots())
    assert {slot.task for slot in slots if slot.passage.text != RICH} == {"question_answer"}
    assert Counter(slot.task for slot in slots) == {"how_to": 5, "comparison": 5, "question_answer": 30}


def test_a_passage_is_asked_for_different_things() -> None:
    plan = Plan(make_passages(10, text=RICH), 100, make_rules())
    tasks = {(slot.index, slot.task) for slot in plan.slots()}
    assert min(Counter(index for index, _ in tasks).values()) >= 4


@pytest.mark.parametrize(
    ("variety", "tasks", "names"), [("low", 1, (1, 1, 1, 1)), ("medium", 4, (2, 2, 2, 2)), ("high", 10, (4, 4, 3, 3))]
)
def test_variety_decides_how_many_kinds_are_asked_for(
    variety: Variety, tasks: int, names: tuple[int, int, int, int]
) -> None:
    slots = list(Plan(make_passages(10, text=RICH), 300, make_rules(variety=variety)).slots())
    assert len({slot.task for slot in slots}) == tasks
    manners = [slot.manner for slot in slots if slot.manner]
    assert tuple(len(set(axis)) for axis in zip(*manners, strict=True)) == names


@pytest.mark.parametrize("size", [24, 60, 144])
def test_the_names_of_an_axis_are_asked_for_about_equally_often(size: int) -> None:
    manners = [slot.manner for slot in Plan(make_passages(30, 70), size, make_rules()).slots() if slot.manner]
    for axis in zip(*manners, strict=True):
        counts = Counter(axis)
        assert max(counts.values()) - min(counts.values()) <= max(3, size // 10)


@given(st.integers(1, 90), st.integers(0, 3), st.integers(1, 11))
def test_a_passage_gets_no_manner_twice_before_it_had_all(passages: int, seed: int, rounds: int) -> None:
    size = passages * rounds + passages // 2
    slots = Plan(make_passages(passages), size, make_rules(variety="medium", seed=seed)).slots()
    assert max(Counter((slot.index, slot.manner) for slot in slots).values()) == 1


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    passages = make_passages(5, 7, text=RICH)
    first, again = (list(Plan(passages, 40, make_rules(seed=1)).slots()) for _ in range(2))
    other = list(Plan(passages, 40, make_rules(seed=2)).slots())
    assert first == again
    assert [slot.task for slot in first] != [slot.task for slot in other]
    assert {slot.id for slot in first} == {slot.id for slot in other}


def test_the_passages_are_gone_through_once_before_any_comes_again() -> None:
    slots = list(Plan(make_passages(4), 10, make_rules()).slots())
    assert [slot.number for slot in slots] == [1] * 4 + [2] * 4 + [3] * 2


def test_further_slots_are_new_ones_of_the_wished_tasks() -> None:
    plan = Plan(make_passages(3, text=RICH), 7, make_rules())
    used = Counter(slot.index for slot in plan.slots())
    more = list(plan.further([[0, 1], [0]], {"summary": 2, "how_to": 4}, used, ()))
    assert not {slot.id for slot in more} & {slot.id for slot in plan.slots()}
    assert Counter(slot.task for slot in more) == {"summary": 1, "how_to": 2}
    assert [slot.index for slot in more] == [0, 1, 0]


def test_a_passage_that_failed_often_is_asked_for_the_easiest_task_of_the_mix() -> None:
    plan = Plan(make_passages(2, text=RICH), 2, make_rules({"how_to": 1, "explanation": 1}))
    more = plan.further([[0, 1]], {"how_to": 2}, Counter({0: 3}), {0})
    assert [slot.task for slot in more] == ["explanation", "how_to"]


def test_without_a_mix_only_the_passages_are_shared_out() -> None:
    slots = list(Plan(make_passages(2), 5, PlanRules(1)).slots())
    assert Counter(slot.index for slot in slots) in ({0: 3, 1: 2}, {0: 2, 1: 3})
    assert {(slot.task, slot.manner) for slot in slots} == {(None, None)}


def test_a_huge_size_is_planned_without_being_held_in_memory() -> None:
    slots = Plan(make_passages(3), 10**9, make_rules()).slots()
    assert len(list(islice(slots, 1000))) == 1000


def test_no_passages_and_no_size_give_no_slots() -> None:
    assert list(Plan([], 10, make_rules()).slots()) == []
    assert list(Plan(make_passages(3), 0, make_rules()).slots()) == []
