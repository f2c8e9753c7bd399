"""Orders of which every beginning is a fair sample."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from src.generation.planning.sequence import coprime_step, scattered, spread

COUNTS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 60), min_size=1)


@given(COUNTS, st.text("xyz", max_size=3))
def test_every_item_comes_as_often_as_it_should_and_near_its_share_of_every_prefix(
    counts: dict[str, int], seed: str
) -> None:
    items = list(spread(counts, seed))
    assert Counter(items) == {item: count for item, count in counts.items() if count}
    for length in range(len(items) + 1):
        seen = Counter(items[:length])
        for item, count in counts.items():
            share = count / max(1, len(items))
            assert abs(seen[item] - length * share) <= 1 + len(counts) * share + 1e-9


def test_a_sequence_is_never_held_in_memory() -> None:
    assert len(list(islice(spread({"a": 10**12, "b": 1}, ""), 1000))) == 1000


@given(st.integers(0, 300), st.integers(0, 9))
def test_a_scattered_order_has_every_number_once_and_every_prefix_lies_over_all_of_them(length: int, seed: int) -> None:
    order = scattered(length, seed)
    assert sorted(order) == list(range(length))
    if length >= 8:
        quarter = sorted(order[: length // 4])
        gaps = [after - before for before, after in pairwise(quarter)]
        assert max(gaps, default=0) <= 16


@given(st.integers(1, 500))
def test_the_step_comes_to_every_place(length: int) -> None:
    step = coprime_step(length)
    assert len({number * step % length for number in range(length)}) == length
