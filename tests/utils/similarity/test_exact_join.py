"""Near-duplicates: exactly the pairs that brute force finds, in every script."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.utils.similarity.exact_join import near_duplicate_clusters, near_duplicate_pairs
from src.utils.similarity.shingles import Shingler, tokenize
from src.utils.similarity.union_find import UnionFind

ROOT = Path(__file__).resolve().parents[3]

BASE = (
    "A glaze is a thin layer of glass that melts onto the clay in the kiln and makes the pot hold water. "
    "Potters mix it from silica, a flux and some clay, and they test every new recipe on small tiles first."
)


def grams(text, size):
    tokens = tokenize(text)
    if not tokens:
        return set()
    if len(tokens) < size:
        return {tuple(tokens)}
    return {tuple(tokens[start : start + size]) for start in range(len(tokens) - size + 1)}


def brute_force(texts, threshold, size):
    sets = [grams(text, size) for text in texts]
    share = Fraction(str(threshold))
    return {
        (i, j)
        for j in range(len(sets))
        for i in range(j)
        if sets[i] and sets[j] and Fraction(len(sets[i] & sets[j]), len(sets[i] | sets[j])) >= share
    }


# Few words, so that sets overlap a lot; small edits of one text, so that similarities crowd around the threshold.
WORDS = st.lists(st.sampled_from("clay kiln pot 釉 薬 wheel".split()), max_size=14).map(" ".join)
EDITS = st.lists(st.integers(0, 39), max_size=3, unique=True).map(
    lambda places: " ".join("x" if number in places else word for number, word in enumerate(BASE.split()))
)


@given(
    texts=st.lists(WORDS | EDITS | st.text(max_size=12), max_size=14),
    threshold=st.sampled_from([0.3, 0.5, 0.55, 0.7, 0.8, 0.9, 1.0]),
    size=st.integers(1, 5),
)
@settings(max_examples=400, deadline=None)
def test_the_pairs_are_those_of_brute_force(texts, threshold, size):
    found = list(near_duplicate_pairs(texts, threshold, size))
    assert len(found) == len(set(found))
    assert set(found) == brute_force(texts, threshold, size)


@given(texts=st.lists(WORDS | EDITS, max_size=14), threshold=st.sampled_from([0.5, 0.8]), size=st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_the_clusters_are_the_components_of_the_pairs(texts, threshold, size):
    together = UnionFind(len(texts))
    for i, j in brute_force(texts, threshold, size):
        together.union(i, j)
    expected = [group for group in together.groups() if len(group) > 1]
    assert near_duplicate_clusters(texts, threshold, size) == expected


def test_a_small_edit_of_a_long_text_is_a_near_duplicate_and_a_rewrite_is_not():
    edited = BASE.replace("first.", "before.")
    rewritten = "Before a recipe is used, tiles are fired with it: silica, clay and a flux become glass on the ware."
    assert list(near_duplicate_pairs([BASE, rewritten, edited])) == [(0, 2)]


def test_case_and_punctuation_do_not_matter():
    assert list(near_duplicate_pairs([BASE, BASE.upper().replace(",", " -")])) == [(0, 1)]


def test_chinese_and_japanese_are_compared_by_characters():
    first = "釉是一层很薄的玻璃，在窑里熔化后附着在陶土上，使陶罐可以盛水，也使颜色更加鲜艳。"
    second = first.replace("鲜艳", "明亮")
    other = "轮盘转动得越快，陶工的手就必须越稳，否则碗壁会变得厚薄不均。"
    assert list(near_duplicate_pairs([first, other, second], 0.8)) == [(0, 2)]
    assert tokenize("Kiln窯です") == ["kiln", "窯", "で", "す"]


def test_short_texts_are_compared_as_a_whole():
    assert list(near_duplicate_pairs(["Thank you!", "thank you", "thank them", "you thank"])) == [(0, 1)]


def test_texts_without_words_are_like_nothing():
    assert list(near_duplicate_pairs(["", "...", "", "?!", "..."])) == []
    assert near_duplicate_clusters(["", "", "   "]) == []


def test_many_identical_texts_are_one_cluster():
    texts = [BASE] * 3000 + ["something else entirely"]
    assert near_duplicate_clusters(texts) == [list(range(3000))]


def test_a_shared_opening_does_not_make_every_pair_a_candidate():
    opening = "You are the careful assistant of a pottery and answer every question in one or two plain sentences. "
    texts = [opening + " ".join(f"w{number}x{place}" for place in range(20)) for number in range(1500)]
    assert list(near_duplicate_pairs(texts)) == []


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, float("nan")])
def test_a_threshold_outside_of_its_range_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        list(near_duplicate_pairs(["a", "b"], threshold))


def test_a_shingle_of_no_tokens_is_refused():
    with pytest.raises(ValueError, match="at least one token"):
        Shingler(0)


def test_lone_surrogates_do_no_harm():
    assert list(near_duplicate_pairs(["\ud800 a b c", "\ud800 a b c"])) == [(0, 1)]


def test_shingles_and_the_order_of_pairs_are_the_same_in_every_process():
    code = f"""
from src.utils.similarity.exact_join import near_duplicate_pairs
from src.utils.similarity.shingles import Shingler
texts = [{BASE!r} + " " + " ".join(str(n % k) for n in range(9)) for k in range(1, 12)]
print(sorted(Shingler().shingles(texts[3])), list(near_duplicate_pairs(texts, 0.6)))
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1


def test_union_find_keeps_the_smallest_member_and_the_order():
    sets = UnionFind(6)
    sets.union(5, 3)
    sets.union(4, 1)
    sets.union(3, 4)
    assert sets.groups() == [[0], [1, 3, 4, 5], [2]]
    assert sets.connected(5, 1)
    assert not sets.connected(0, 2)
    assert sets.find(5) == 1
