"""The index finds exactly the sets that comparing every pair would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from src.utils.similarity.overlap_index import OverlapIndex

SETS = st.lists(st.frozensets(st.integers(0, 12), max_size=9), max_size=12)


@given(SETS, st.frozensets(st.integers(0, 12), max_size=9), st.sampled_from([0.2, 0.5, 0.68, 0.8, 1.0]))
def test_index_finds_what_comparing_all_pairs_finds(
    sets: list[frozenset[int]], wanted: frozenset[int], least: float
) -> None:
    index = OverlapIndex()
    assert [index.add(members) for members in sets] == list(range(len(sets)))
    expected = [
        number
        for number, members in enumerate(sets)
        if members & wanted and 2 * len(members & wanted) >= least * (len(members) + len(wanted)) - 1e-9
    ]
    assert list(index.near(wanted, least)) == expected


def test_empty_index_and_unknown_members_find_nothing() -> None:
    index = OverlapIndex()
    assert list(index.near({"a"}, 0.5)) == []
    index.add(["a", "b", "b"])
    assert list(index.near({"c"}, 0.5)) == []
    assert list(index.near(set(), 0.5)) == []
    assert list(index.near({"a", "b"}, 1.0)) == [0]
