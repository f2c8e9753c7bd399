"""Measures of variety, beside figures by hand and a plain computation."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.reports.metrics.diversity import compression_ratio, distinct, ngrams, opening_entropy, self_bleu, vendi

TEXTS = st.lists(st.lists(st.sampled_from("abcde"), max_size=9), min_size=2, max_size=6)


def plain_self_bleu(texts: list[list[str]]) -> float:
    """BLEU-4 of each against all others, straight from the definition."""
    spoken = [text for text in texts if text]
    scores = []
    for number, text in enumerate(spoken):
        others = spoken[:number] + spoken[number + 1 :]
        logs = []
        for size in range(1, 5):
            counts = Counter(ngrams(text, size))
            if not counts:
                continue
            most = {gram: max(Counter(ngrams(other, size))[gram] for other in others) for gram in counts}
            matches = sum(min(count, most[gram]) for gram, count in counts.items())
            smooth = 1 if size > 1 else 0
            share = (matches + smooth) / (counts.total() + smooth)
            logs.append(math.log(share) if share else -math.inf)
        nearest = min((abs(len(other) - len(text)), len(other)) for other in others)[1]
        brevity = 1.0 if len(text) >= nearest else math.exp(1 - nearest / len(text))
        scores.append(math.exp(sum(logs) / len(logs)) * brevity)
    return sum(scores) / len(scores)


def test_distinct_is_different_ngrams_by_all():
    texts = [["a", "b", "a"], ["a", "b"]]
    assert distinct(texts, 1) == pytest.approx(2 / 5)
    assert distinct(texts, 2) == pytest.approx(2 / 3)
    assert distinct(texts, 3) == 1
    assert distinct(texts, 4) is None


def test_self_bleu_is_one_for_copies_and_nothing_for_strangers():
    assert self_bleu([["who", "fires", "the", "kiln"]] * 3) == pytest.approx(1)
    assert self_bleu([["a", "b", "c"], ["d", "e", "f"]]) == 0
    assert self_bleu([["a"], []]) is None


@given(TEXTS)
def test_self_bleu_is_what_its_definition_says(texts: list[list[str]]):
    found = self_bleu(texts)
    if sum(map(bool, texts)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(plain_self_bleu(texts))


def test_repetition_compresses():
    repeated, varied = compression_ratio(["the same words again"] * 40), compression_ratio(["clay", "wheel", "glaze"])
    assert repeated is not None
    assert varied is not None
    assert repeated > 5 > varied
    assert compression_ratio([]) is None


def test_entropy_of_openings_is_in_bits():
    assert opening_entropy([["what"], ["what", "is"]]) == 0
    assert opening_entropy([["what"], ["how"], ["who"], ["when"], []]) == pytest.approx(2)
    assert opening_entropy([[]]) is None


def test_vendi_counts_different_texts_among_the_first_hundred():
    assert vendi(["same text"] * 500) == pytest.approx(1)
    assert vendi([]) is None
