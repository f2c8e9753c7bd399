"""Near-duplicates of a few texts among many, beside a comparison of all pairs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from src.reports.metrics.near_duplicates import NEAR_DUPLICATE, near_duplicates
from src.utils.similarity.shingles import Shingler

TEXTS = st.lists(st.lists(st.sampled_from(["a", "b", "c"]), max_size=7).map(" ".join), min_size=1, max_size=12)


@settings(max_examples=60)
@given(TEXTS, st.integers(1, 6))
def test_found_are_exactly_those_that_a_comparison_of_all_pairs_finds(texts: list[str], number: int):
    shingler = Shingler(3)
    sets = [shingler.shingles(text) for text in texts]
    chosen = texts[:number]
    expected = [
        any(
            one != other and sets[one] and len(sets[one] & sets[other]) >= NEAR_DUPLICATE * len(sets[one] | sets[other])
            for other in range(len(texts))
        )
        for one in range(len(chosen))
    ]
    assert near_duplicates(chosen, texts) == expected


def test_case_and_marks_make_no_difference_and_other_questions_do():
    asked = ["How hot is the kiln today?", "how hot is the kiln, today", "What colours a glaze green?"]
    assert near_duplicates(asked, asked) == [True, True, False]
