"""The plan: every passage gets its share, deterministic by seed, variety from its axes."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import Span
from src.generation.plan import Variety, axes, pick_evenly, plan_slots
from src.utils.chunker import Passage

PROMPTS = Path(__file__).parents[2] / "prompts"
VARIETIES: tuple[Variety, ...] = ("low", "medium", "high")


def make_passages(*counts: int) -> list[Passage]:
    return [
        Passage(f"file{source}.txt", f"text {place}", Span(place, place + 1), "", "", f"{source}-{place}")
        for source, count in enumerate(counts)
        for place in range(count)
    ]


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=6),
    st.integers(1, 300),
    st.integers(0, 5),
    st.sampled_from(VARIETIES),
)
def test_every_passage_gets_its_share_to_within_one(counts: list[int], size: int, seed: int, variety: Variety) -> None:
    passages = make_passages(*counts)
    slots = list(plan_slots(passages, size, seed=seed, variety=variety))
    assert len(slots) == size
    assert len({slot.id for slot in slots}) == size
    shares = Counter(slot.passage.id for slot in slots)
    assert {shares[passage.id] for passage in passages} <= {size // len(passages), size // len(passages) + 1}


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.data())
def test_fewer_slots_than_passages_are_spread_evenly_over_the_sources(counts: list[int], data: st.DataObject) -> None:
    sources = [f"f{source}" for source, count in enumerate(counts) for _ in range(count)]
    size = data.draw(st.integers(0, len(sources)))
    chosen = pick_evenly(sources, size)
    assert len(chosen) == len(set(chosen)) == size
    taken = Counter(sources[index] for index in chosen)
    not_used_up = [taken[f"f{source}"] for source, count in enumerate(counts) if taken[f"f{source}"] < count]
    if not_used_up:
        assert max(taken.values(), default=0) - min(not_used_up) <= 1


def test_chosen_passages_lie_evenly_over_the_length_of_their_source() -> None:
    assert pick_evenly(["a"] * 100, 4) == (12, 37, 62, 87)
    assert pick_evenly(["a"] * 3 + ["b"] * 100, 8) == (0, 1, 2, 13, 33, 53, 73, 93)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    passages = make_passages(5, 7)
    first, again = (list(plan_slots(passages, 40, seed=1, variety="high")) for _ in range(2))
    other = list(plan_slots(passages, 40, seed=2, variety="high"))
    assert first == again
    assert [slot.task for slot in first] != [slot.task for slot in other]
    assert [slot.id for slot in first] == [slot.id for slot in other]


@pytest.mark.parametrize(
    ("variety", "tasks", "personas", "styles"), [("low", 1, 1, 1), ("medium", 3, 2, 2), ("high", 6, 4, 3)]
)
def test_variety_decides_how_many_kinds_are_asked_for(variety: Variety, tasks: int, personas: int, styles: int) -> None:
    slots = list(plan_slots(make_passages(10), 200, seed=42, variety=variety))
    assert len({slot.task for slot in slots}) == tasks
    assert len({slot.persona for slot in slots}) == personas
    assert len({slot.style for slot in slots}) == styles


@given(st.integers(1, 100), st.integers(1, 400), st.integers(0, 3))
def test_tasks_are_asked_for_about_equally_often(passages: int, size: int, seed: int) -> None:
    slots = list(plan_slots(make_passages(passages), size, seed=seed, variety="high"))
    if size >= 72 and passages >= 72:
        counts = Counter(slot.task for slot in slots)
        assert max(counts.values()) <= 2 * size / 6 + 6


@given(st.integers(1, 90), st.integers(0, 3), st.integers(1, 11))
def test_a_passage_gets_no_combination_twice_before_it_had_all(passages: int, seed: int, rounds: int) -> None:
    size = passages * rounds + passages // 2
    slots = plan_slots(make_passages(passages), size, seed=seed, variety="medium")
    counts = Counter((slot.passage.id, slot.task, slot.persona, slot.style) for slot in slots)
    assert max(counts.values()) == 1


def test_the_passages_are_gone_through_once_before_any_comes_again() -> None:
    slots = list(plan_slots(make_passages(4), 10, seed=0, variety="low"))
    assert [slot.number for slot in slots] == [1] * 4 + [2] * 4 + [3] * 2


def test_a_further_plan_is_numbered_after_the_first() -> None:
    passages = make_passages(2)
    first = {slot.id for slot in plan_slots(passages, 5, seed=0, variety="high")}
    more = [slot.id for slot in plan_slots(passages[:1], 3, seed=1, variety="high", earlier_turns=3)]
    assert len(more) == 3
    assert not first & set(more)


def test_a_huge_size_is_planned_without_being_held_in_memory() -> None:
    slots = plan_slots(make_passages(3), 10**9, seed=0, variety="high")
    assert len(list(islice(slots, 1000))) == 1000


def test_no_passages_and_no_size_give_no_slots() -> None:
    assert list(plan_slots([], 10, seed=0, variety="high")) == []
    assert list(plan_slots(make_passages(3), 0, seed=0, variety="high")) == []


@pytest.mark.parametrize("name", ["create_mode.txt", "hybrid_mode.txt"])
def test_every_name_of_the_axes_is_explained_in_the_prompt(name: str) -> None:
    prompt = (PROMPTS / "system" / name).read_text(encoding="utf-8")
    for term in (*axes("high").tasks, *axes("high").personas, *axes("high").styles):
        assert f"\n{term}: " in prompt


def test_only_conversations_are_asked_for_as_turns() -> None:
    slots = plan_slots(make_passages(72), 72, seed=0, variety="high")
    assert {(slot.task == "conversation") == (slot.shape == "turns") for slot in slots} == {True}
