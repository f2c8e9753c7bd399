"""Over any shape of input, with half of the answers rejected, every passage that can carry a sample has one, and none
has more than twice its share."""

from __future__ import annotations

import hashlib
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from src.generation.planning.plan import Plan, Slot
from src.generation.planning.refill import MOST_TRIES
from tests.generation.planning.passages import POOR, make_passages, make_rules
from tests.generation.planning.test_refill import play

FEWEST_TRIES = 6
"""Slots within which every passage of these runs carries a sample."""
LONG = st.integers(5, 60).map(lambda count: (count,))
TINY = st.just((1,) * 200)
MIXED = st.lists(st.integers(1, 15), min_size=2, max_size=6).map(tuple)


@settings(max_examples=6, deadline=None)
@given(counts=st.one_of(LONG, TINY, MIXED), per_passage=st.floats(1.0, 3.0), salt=st.integers(0, 1000))
def test_every_passage_that_can_carry_a_sample_has_one_and_none_more_than_twice_its_share(
    counts: tuple[int, ...], per_passage: float, salt: int
) -> None:
    passages = make_passages(*counts, text=POOR)
    size = int(len(passages) * per_passage)
    tried = Counter[int]()

    def half(slot: Slot) -> bool:
        tried[slot.index] += 1
        can_carry = tried[slot.index] >= FEWEST_TRIES  # chance spares nobody, but it does not last
        return can_carry or hashlib.sha256(f"{salt}/{slot.id}".encode()).digest()[0] % 2 == 0

    run = play(Plan(passages, size, make_rules({"question_answer": 1})), half)
    assert sorted(run.kept) == list(range(len(passages)))
    assert run.kept.total() == size
    assert max(run.kept.values()) <= 2 * size / len(passages)


@settings(max_examples=6, deadline=None)
@given(counts=st.one_of(LONG, MIXED), per_passage=st.floats(1.0, 3.0), salt=st.integers(0, 1000))
def test_passages_that_carry_nothing_are_given_up_and_take_nothing_from_those_that_do(
    counts: tuple[int, ...], per_passage: float, salt: int
) -> None:
    passages = make_passages(*counts, text=POOR)
    size = int(len(passages) * per_passage)
    tried = Counter[int]()

    def carries(index: int) -> bool:
        return hashlib.sha256(f"{salt}/{index}".encode()).digest()[0] % 4 != 0

    def accepts(slot: Slot) -> bool:
        tried[slot.index] += 1
        return carries(slot.index)

    run = play(Plan(passages, size, make_rules({"question_answer": 1})), accepts)
    assert set(run.kept) == {index for index in range(len(passages)) if carries(index)}
    assert max(run.kept.values(), default=0) <= 2 * size / len(passages)
    assert max(tried.values()) <= MOST_TRIES
