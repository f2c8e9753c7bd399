"""Which passages carry samples, and how evenly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import Span
from src.reports.metrics.coverage import SourceCoverage, SpanLog, count_samples, gini
from tests.fakes import make_sample

PASSAGES = [Span(0, 100), Span(110, 200), Span(200, 300)]


def test_sample_stands_on_the_passages_it_shares_half_with():
    assert list(count_samples(PASSAGES, [Span(0, 100), Span(20, 60)])) == [2, 0, 0]
    assert list(count_samples(PASSAGES, [Span(0, 300)])) == [1, 1, 1]
    assert list(count_samples(PASSAGES, [Span(90, 200)])) == [0, 1, 0]


def test_sample_across_three_stands_on_the_one_it_shares_most_with():
    thirds = [Span(0, 40), Span(40, 80), Span(80, 120)]
    assert list(count_samples([Span(0, 1000), Span(1000, 2000)], [Span(995, 1015)])) == [0, 1]
    assert list(count_samples(thirds, [Span(25, 96)])) == [0, 1, 0]


def test_sample_between_passages_stands_on_none():
    assert list(count_samples(PASSAGES, [Span(101, 109), Span(400, 500)])) == [0, 0, 0]
    assert list(count_samples([], [Span(0, 5)])) == []


def test_gini_of_known_counts():
    assert gini([3, 3, 3]) == 0
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([0, 0]) is None
    assert gini([]) is None


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_gini_is_the_mean_difference_of_all_pairs(counts: list[int]):
    total = sum(counts)
    if not total:
        assert gini(counts) is None
        return
    pairs = sum(abs(one - other) for one in counts for other in counts)
    assert gini(counts) == pytest.approx(pairs / (2 * len(counts) * total))


def test_log_remembers_spans_by_source_and_skips_samples_without_one():
    log = SpanLog()
    sample = replace(make_sample(source="b.txt"), span=Span(3, 9))
    for one in (
        sample,
        replace(sample, source_file="a.txt"),
        sample,
        replace(sample, span=None),
        replace(sample, source_file=""),
    ):
        log.add(one)
    assert log.sources() == ["a.txt", "b.txt"]
    assert log.of("b.txt") == [Span(3, 9), Span(3, 9)]
    assert log.of("c.txt") == []


def test_used_passages_are_counted():
    assert SourceCoverage("a.txt", [0, 2, 1]).used == 2
