"""Groups of texts that share a name or are alike; code as similarity sees it; repeats; the fill of evaluation."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.utils.similarity.code_text import spell_marks
from src.utils.similarity.linked_groups import Linked, link_groups
from src.utils.similarity.repeats import Example, find_repeats
from src.utils.similarity.shingles import tokenize
from src.utils.stratified_fill import fill_evaluation
from tests.data_prep.making import words_of


def test_names_and_likeness_connect_whatever_they_connect() -> None:
    long = words_of(1)
    items = [Linked(long, ("a",)), Linked("x y", ("b",)), Linked(f"{long} more", ("b",)), Linked("z", ("c", "a"))]
    assert link_groups([*items, Linked("alone")], 0.8) == [[0, 1, 2, 3], [4]]
    assert link_groups([], 0.8) == []
    with pytest.raises(ValueError, match="between 0 and 1"):
        link_groups(items, 0)


def test_marks_of_code_are_tokens_and_words_stay_as_they_are() -> None:
    assert len(tokenize(spell_marks("x_1 += y[0]"))) == 7
    assert tokenize(spell_marks("no marks_here")) == ["no", "marks_here"]
    assert spell_marks("a + b") != spell_marks("a - b")
    assert len(tokenize(spell_marks("│ é_1 │→x…"))) == 6
    assert len(set(tokenize(spell_marks("┌─┐→←✅")))) == 6


def test_only_rows_that_ask_and_answer_alike_are_repeats() -> None:
    context = words_of(1, 100)
    examples = [
        Example(f"{context} the first answer has some more words", "the first answer has some more words"),
        Example(f"{context} something else that is said of it", "something else that is said of it"),
        Example(f"{context} the first answer has some other words", "the first answer has some other words"),
        Example("", ""),
        Example("", ""),
    ]
    repeats = find_repeats(examples, examples.__getitem__, 0.8)
    assert {number: (repeat.witness, repeat.exact) for number, repeat in repeats.items()} == {
        2: (0, False),
        4: (3, True),
    }


LABELS = st.dictionaries(st.sampled_from("abc"), st.integers(1, 5), min_size=1, max_size=2)


@settings(deadline=None, max_examples=60)
@given(st.lists(LABELS, max_size=40), st.sampled_from([0.1, 0.15, 0.3, 0.5]))
def test_evaluation_is_near_its_share_and_never_all_or_nothing(groups, share) -> None:
    sizes = [sum(labels.values()) for labels in groups]
    chosen = fill_evaluation(groups, sizes, share)
    assert chosen <= set(range(len(groups)))
    assert chosen == fill_evaluation(groups, sizes, share)
    if len(groups) > 1:
        assert 0 < len(chosen) < len(groups)
        counts = Counter()
        for number in chosen:
            counts.update(groups[number])
        assert abs(counts.total() - share * sum(sizes)) <= 1.5 * max(sizes)


def test_many_small_groups_meet_every_share() -> None:
    groups = [{("source", "logs"): 1, ("lang", "go"): 1} for _ in range(60)]
    groups += [{("source", "code"): 2, ("lang", "rust" if number % 3 else "go"): 2} for number in range(60)]
    chosen = fill_evaluation(groups, [sum(labels.values()) // 2 for labels in groups], 0.15)
    counts: Counter = Counter()
    for number in chosen:
        counts.update(groups[number])
    assert counts == {("source", "logs"): 9, ("source", "code"): 18, ("lang", "go"): 15, ("lang", "rust"): 12}
