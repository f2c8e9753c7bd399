"""Bins with round edges, and plots that show what they are given."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.reports.pages.svg_plots import bar, histogram, nice_bins, share_bins, stacked_bar, strip

COUNTS = st.dictionaries(st.integers(0, 10**7), st.integers(1, 50), min_size=1, max_size=40)


def rects(svg: str) -> list[dict[str, str]]:
    return [dict(element.attrib) for element in ElementTree.fromstring(svg).iter("rect")]


@given(COUNTS)
def test_bins_hold_everything_side_by_side(counts: dict[int, int]):
    bins = nice_bins(counts)
    assert sum(one.rows for one in bins) == sum(counts.values())
    assert len(bins) <= 26
    assert all(before.high == after.low for before, after in pairwise(bins))
    assert bins[0].low <= min(counts)
    assert bins[-1].high > max(counts) or bins[-1].is_open


def test_one_giant_does_not_flatten_the_others():
    bins = nice_bins({**dict.fromkeys(range(20, 60), 10), 100_000: 1})
    assert bins[-1].high <= 100
    assert bins[-1].is_open
    assert "+" in histogram(bins, "words")


def test_shares_fall_into_twenty_bins_and_one_belongs_to_the_last():
    bins = share_bins([0, 0.05, 0.999, 1])
    assert [one.rows for one in bins[:2]] == [1, 1]
    assert bins[-1].rows == 2


def test_histogram_has_a_bar_per_filled_bin_and_a_mark_for_the_middle():
    plot = histogram(nice_bins({1: 4, 2: 8, 5: 2}), "A title", middle=2)
    found = rects(plot)
    assert len(found) == 3
    heights = [float(one["height"]) for one in found]
    assert heights[1] == max(heights) == pytest.approx(2 * heights[0])
    assert 'class="middle"' in plot
    assert 'aria-label="A title"' in plot


def test_nothing_to_plot_is_said():
    assert nice_bins({}) == []
    assert "Nothing to plot" in histogram([], "words")


def test_bars_are_in_proportion_and_never_vanish():
    assert rects(bar(5, 10))[0]["width"] == "50.0"
    assert float(rects(bar(1, 10**6))[0]["width"]) > 0
    assert rects(bar(0, 0))[0]["width"] == "0"
    widths = [float(one["width"]) for one in rects(stacked_bar(((30, "a"), (10, "b"), (0, "c")), "kept"))]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.05)
    assert rects(stacked_bar(((0, "a"),), "none")) == []


def test_strip_shades_passages_by_their_samples():
    shades = [one["class"][-1] for one in rects(strip([0, 1, 2, 3, 4, 9], "used"))]
    assert shades == ["0", "1", "2", "3", "3", "4"]
    assert rects(strip([], "none")) == []


def test_strip_of_many_passages_stays_small():
    assert len(rects(strip([1] * 5000, "used"))) == 120
