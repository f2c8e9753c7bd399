"""Shares that add up, and choices that leave nothing out."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from src.generation.planning.quotas import largest_remainder, pick_evenly

WEIGHTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.floats(0, 100), min_size=1, max_size=8)


@given(WEIGHTS, st.integers(0, 10_000))
def test_shares_add_up_and_are_the_exact_ones_rounded_down_or_up(weights: dict[str, float], total: int) -> None:
    shares = largest_remainder(weights, total)
    whole = sum(weights.values())
    assert sum(shares.values()) == (total if whole > 0 else 0)
    for key, weight in weights.items():
        assert whole == 0 or abs(shares[key] - total * weight / whole) <= 1


def test_the_largest_remainders_are_rounded_up_and_of_equal_ones_the_first() -> None:
    assert largest_remainder({"a": 1, "b": 1, "c": 1}, 10) == {"a": 4, "b": 3, "c": 3}
    assert largest_remainder({"a": 5, "b": 3, "c": 1}, 10) == {"a": 6, "b": 3, "c": 1}


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.data())
def test_fewer_than_all_are_spread_evenly_over_the_sources(counts: list[int], data: st.DataObject) -> None:
    sources = [f"f{source}" for source, count in enumerate(counts) for _ in range(count)]
    size = data.draw(st.integers(0, len(sources)))
    chosen = pick_evenly(sources, size)
    assert len(chosen) == len(set(chosen)) == size
    taken = Counter(sources[index] for index in chosen)
    not_used_up = [taken[f"f{source}"] for source, count in enumerate(counts) if taken[f"f{source}"] < count]
    if not_used_up:
        assert max(taken.values(), default=0) - min(not_used_up) <= 1


def test_the_chosen_lie_evenly_over_the_length_of_their_source() -> None:
    assert pick_evenly(["a"] * 100, 4) == (12, 37, 62, 87)
    assert pick_evenly(["a"] * 3 + ["b"] * 100, 8) == (0, 1, 2, 13, 33, 53, 73, 93)


def test_a_share_of_a_source_is_divided_among_its_topics() -> None:
    topics = ["long"] * 90 + ["short"] * 5 + ["rare"] * 5
    chosen = pick_evenly([("book", topic) for topic in topics] + [("note", "")] * 2, 14)
    taken = Counter(topics[index] for index in chosen if index < 100)
    assert taken == {"long": 4, "short": 4, "rare": 4}
    assert sum(index >= 100 for index in chosen) == 2


def test_more_than_there_is_takes_everything_once() -> None:
    assert pick_evenly(["a", "b", "b"], 9) == (0, 1, 2)
    assert pick_evenly([], 3) == ()
