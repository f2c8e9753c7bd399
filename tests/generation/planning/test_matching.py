"""Tasks find the passages that suit them: as many as can be, shared fairly where there are too few."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from src.core.types import Task
from src.generation.planning.matching import Kind, match_tasks
from src.generation.planning.quotas import largest_remainder

ANY: frozenset[Task] = frozenset(["question_answer", "explanation"])
KINDS = st.frozensets(st.sampled_from(get_args(Task)), max_size=6)


def placed(found: dict[Kind, Counter[Task]]) -> Counter[Task]:
    return sum(found.values(), Counter())


@given(st.dictionaries(KINDS, st.integers(0, 60), min_size=1, max_size=7), st.lists(st.integers(0, 9), min_size=10))
def test_every_slot_has_a_task_that_its_passage_suits_or_the_fallback(
    room: dict[Kind, int], weights: list[int]
) -> None:
    wished = largest_remainder(dict(zip(get_args(Task), weights, strict=False)), sum(room.values()))
    found = match_tasks(room, wished, "question_answer")
    for kind, tasks in found.items():
        assert tasks.total() == room[kind]
        assert {task for task, count in tasks.items() if count} <= kind | {"question_answer"}
    assert all(placed(found)[task] <= wished[task] for task in wished if task != "question_answer")


def test_what_can_be_placed_is_placed_even_where_another_task_stands_in_the_way() -> None:
    only_steps, both = frozenset({"how_to"}), frozenset({"how_to", "extraction"})
    found = match_tasks({only_steps: 10, both: 10}, {"how_to": 12, "extraction": 8}, "question_answer")
    assert placed(found) == {"how_to": 12, "extraction": 8}


def test_chains_of_tasks_give_way_to_each_other() -> None:
    room: dict[Kind, int] = {
        frozenset({"how_to", "summary"}): 5,
        frozenset({"summary", "extraction"}): 5,
        frozenset({"extraction", "reasoning"}): 5,
    }
    wished: dict[Task, int] = {"how_to": 5, "summary": 5, "extraction": 5}
    assert placed(match_tasks(room, wished, "question_answer")) == wished


def test_tasks_that_compete_for_too_few_passages_share_them() -> None:
    rich = ANY | {"how_to", "comparison", "extraction"}
    room = {ANY: 80, rich: 20}
    wished: dict[Task, int] = {"question_answer": 25, "how_to": 25, "comparison": 25, "extraction": 25}
    found = placed(match_tasks(room, wished, "question_answer"))
    assert found["question_answer"] == 80
    assert {found["how_to"], found["comparison"], found["extraction"]} <= {6, 7}


def test_a_wish_that_nothing_suits_becomes_the_fallback() -> None:
    assert placed(match_tasks({ANY: 4}, {"how_to": 4}, "question_answer")) == {"question_answer": 4}
