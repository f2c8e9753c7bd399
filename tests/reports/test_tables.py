"""Tables and histograms: aligned in any script, honest in their totals, harmless to a terminal."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.reports.tables import (
    BAR_WIDTH,
    LABEL_WIDTH,
    SideCount,
    bar_table,
    clip,
    display_width,
    pad,
    side_counts,
    side_table,
    text_histogram,
)


def test_sides_are_counted_by_label_the_largest_first():
    counts = Counter({("a", "train"): 1, ("b", "train"): 1, ("b", "validation"): 1, ("c", "(none)"): 1})
    assert side_counts(counts) == (SideCount("b", 1, 1), SideCount("a", 1, 0), SideCount("c", 0, 0, 1))


def test_a_side_table_shows_counts_per_side_and_their_totals():
    lines = side_table((SideCount("bread.md", 8, 2), SideCount("词汇.txt", 3, 1)), "source")
    assert lines == (
        "source         train  validation       total",
        "bread.md           8           2          10",
        "词汇.txt           3           1           4",
        "total             11           3          14",
    )


def test_a_side_table_sums_up_what_it_leaves_out_and_shows_unsplit_samples():
    sides = tuple(SideCount(f"file{number}", 2, 1, number % 2) for number in range(30))
    lines = side_table(sides, "source", limit=3)
    assert lines[0].split() == ["source", "train", "validation", "not", "split", "total"]
    assert lines[4].split() == ["(27", "others)", "54", "27", "14", "95"]
    assert lines[5].split() == ["total", "60", "30", "15", "105"]
    assert len(lines) == 6


def test_a_side_table_without_labels_still_has_its_total():
    assert side_table((), "source")[-1].split() == ["total", "0", "0", "0"]


def test_a_bar_table_shows_count_share_and_bar_the_largest_first():
    lines = bar_table({"small": 1, "big": 3})
    assert lines == (f"big    3   75.0 %  {'#' * BAR_WIDTH}", f"small  1   25.0 %  {'#' * (BAR_WIDTH // 3)}")
    assert bar_table({}) == ()
    assert bar_table({"nothing": 0}) == ()


def test_a_bar_table_sums_up_what_it_leaves_out():
    lines = bar_table({f"word{number}": 1 for number in range(25)}, limit=20)
    assert len(lines) == 21
    assert lines[-1].split()[:2] == ["(others)", "5"]


def test_a_histogram_counts_values_in_equal_ranges():
    lines = text_histogram([1, 2, 3, 10, 20], bins=2)
    assert lines == (f" 1 - 10 | {'#' * BAR_WIDTH} 4", f"11 - 20 | {'#' * 8:<{BAR_WIDTH}} 1")
    assert text_histogram([]) == ()
    assert text_histogram([7, 7]) == (f"7 - 7 | {'#' * BAR_WIDTH} 2",)


@given(values=st.lists(st.integers(0, 10**5), min_size=1, max_size=60), bins=st.integers(1, 20))
def test_a_histogram_counts_every_value_once(values, bins):
    lines = text_histogram(iter(values), bins=bins)
    assert len(lines) <= bins
    assert sum(int(line.rpartition(" ")[2]) for line in lines) == len(values)
    assert len({line.index("|") for line in lines}) == 1


@given(label=st.text(), width=st.integers(4, LABEL_WIDTH))
def test_a_label_never_takes_more_than_its_width_nor_steers_the_terminal(label, width):
    shown = clip(label, width)
    assert display_width(shown) <= width
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in shown)
    assert "\x1b" not in shown
    assert "\n" not in shown
    shown.encode("utf-8")


@given(label=st.text())
def test_a_padded_label_has_exactly_its_width(label):
    assert display_width(pad(label, LABEL_WIDTH)) == LABEL_WIDTH


def test_wide_and_combining_characters_are_measured_as_terminals_show_them():
    assert display_width("abc") == 3
    assert display_width("词汇") == 4
    assert display_width("e\u0301") == 1
    assert clip("词汇表词汇表", 8) == "词汇..."


@pytest.mark.parametrize("width", [50, 58, 80])
def test_bars_stay_within_a_narrow_screen(width: int) -> None:
    lines = bar_table({"a_file_with_a_long_name.txt": 90, "b.txt": 30}, width=width)
    lines += text_histogram(range(5, 900), width=width)
    assert all("#" in line and display_width(line) <= width for line in lines)


def test_labels_are_cut_on_a_narrow_screen_only():
    name = "handbook_of_the_pottery_studio_second_edition.pdf"
    sides = [SideCount(name, 8, 2)]
    assert side_table(sides, "source file", width=200)[1].startswith(f"{name} ")
    assert bar_table({name: 1}, width=200)[0].startswith(f"{name} ")
    assert side_table(sides, "source file", width=80)[1].startswith(f"{name[: LABEL_WIDTH - 3]}... ")


@pytest.mark.parametrize("width", [40, 52, 80])
def test_tables_with_long_and_wide_labels_fit_the_screen(width):
    labels = ("陶器と釉薬についての長いノート.txt", "handbook of the pottery studio, second edition.pdf", "a")
    sides = [SideCount(label, 1_234_567, 12, 0) for label in labels]
    lines = (*side_table(sides, "source file", width=width), *bar_table(dict.fromkeys(labels, 1_234_567), width=width))
    assert [line for line in lines if display_width(line) > width] == []
    assert all("1,234,567" in line for line in lines[1:4])
