"""The statistics of a dataset: figures that add up, and nothing that differs between equal runs outside of ``run``."""

from __future__ import annotations

import json
import statistics as reference
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import Issue, Message, Sample, SplitName, Usage, ValidationReport
from src.reports.statistics import (
    MAX_ISSUES,
    OTHERS_LABEL,
    DatasetFacts,
    RunFacts,
    build_statistics,
    describe_counts,
    keep_largest,
)
from tests.fakes import make_sample


@dataclass(frozen=True)
class Row:
    sample: Sample
    token_length: int
    split: SplitName | None


ROWS = [
    Row(make_sample("a", "b", source="one.txt", keywords=("clay", "kiln")), 10, "train"),
    Row(make_sample("c", "d", source="one.txt", keywords=()), 20, "train"),
    Row(replace(make_sample("e", "f", source=""), origin="extracted"), 40, "validation"),
    Row(Sample((Message("system", "s"), *make_sample("g", "h").messages * 2), "generated"), 31, None),
]
FACTS = DatasetFacts(
    provider="google",
    model="gemini-3.5-flash-lite",
    mode="hybrid",
    requested=9,
    proposed=7,
    rejected={"too_long": 1, "duplicate": 2},
    warnings=("one.txt is short",),
)
RUN = RunFacts(
    "pots", "d1", datetime(2026, 3, 1, tzinfo=UTC), 3.14159, "local / smollm2", Usage(100, 50), 0.0123456789, 4, 2
)


def test_counts_tokens_and_turns_are_those_of_the_samples():
    found = build_statistics(iter(ROWS), FACTS, RUN)
    assert found["samples"] == {
        "requested": 9,
        "proposed": 7,
        "kept": 4,
        "rejected": 3,
        "rejected_by_reason": {"duplicate": 2, "too_long": 1},
    }
    assert found["tokens"] == {
        "total": 101,
        "min": 10,
        "mean": 25.25,
        "median": 25.5,
        "p95": 40,
        "max": 40,
        "exact": False,
    }
    assert found["splits"] == {"(none)": 1, "train": 2, "validation": 1}
    assert found["sources"] == {"(none)": 2, "one.txt": 2}
    assert found["first_keywords"] == {"(none)": 2, "clay": 1, "kiln": 1}
    assert found["origins"] == {"extracted": 1, "generated": 3}
    assert found["turns"] == {"2": 3, "4": 1}
    assert found["warnings"] == ["one.txt is short"]
    assert found["validation"] is None
    assert "quality" not in found


def test_what_differs_between_equal_runs_stands_under_run_only():
    first = build_statistics(ROWS, FACTS, RUN)
    second = build_statistics(ROWS, FACTS, RunFacts("pots-2", "d2", seconds=99.0, calls=0, cached_calls=6))
    assert first["run"] == {
        "name": "pots",
        "dataset_id": "d1",
        "created_at": "2026-03-01T00:00:00+00:00",
        "seconds": 3.14,
        "writer": "local / smollm2",
        "input_tokens": 100,
        "output_tokens": 50,
        "cost_usd": 0.012346,
        "calls": 4,
        "cached_calls": 2,
    }
    assert first["run"] != second["run"]
    del first["run"], second["run"]
    assert json.dumps(first) == json.dumps(second)


def test_labels_come_in_the_same_order_whatever_the_order_of_the_samples():
    assert json.dumps(build_statistics(ROWS, FACTS, RUN)) == json.dumps(build_statistics(ROWS[::-1], FACTS, RUN))


def test_the_demo_quality_is_told_where_it_applies():
    assert "demo quality" in build_statistics(ROWS, replace(FACTS, demo_quality=True), RUN)["quality"]


def test_a_sample_lost_without_a_reason_is_an_error():
    with pytest.raises(ValueError, match=r"proposed 8 is not kept 4 \+ rejected 3"):
        build_statistics(ROWS, replace(FACTS, proposed=8), RUN)


def test_an_empty_dataset_has_figures_without_values():
    found = build_statistics([], replace(FACTS, proposed=0, rejected={}), RUN)
    assert found["tokens"] == {
        "total": 0,
        "min": None,
        "mean": None,
        "median": None,
        "p95": None,
        "max": None,
        "exact": False,
    }
    assert found["samples"]["kept"] == 0


def test_the_findings_of_the_validator_are_counted_by_code_and_the_first_are_listed():
    issues = tuple(Issue("warning", "estimate", f"row {row}", row) for row in range(1, 150))
    report = ValidationReport(4, 101, False, (Issue("error", "too_few", "10 are needed", fix="Add more."), *issues))
    found = build_statistics(ROWS, replace(FACTS, validation=report), RUN)["validation"]
    assert (found["ok"], found["rows"], found["errors"], found["warnings"]) == (False, 4, 1, 149)
    assert found["issues_by_code"] == {"estimate": 149, "too_few": 1}
    assert len(found["first_issues"]) == MAX_ISSUES
    assert found["first_issues"][0] == {
        "severity": "error",
        "code": "too_few",
        "row": 0,
        "message": "10 are needed",
        "fix": "Add more.",
    }


@given(values=st.lists(st.integers(0, 10**6), min_size=1))
def test_figures_agree_with_the_plain_list_of_values(values):
    found = describe_counts(Counter(values))
    assert found["total"] == sum(values)
    assert (found["min"], found["max"]) == (min(values), max(values))
    assert found["median"] == reference.median(values)
    assert found["mean"] == round(sum(values) / len(values), 2)
    assert sum(value <= found["p95"] for value in values) >= 0.95 * len(values)
    assert sum(value < found["p95"] for value in values) < 0.95 * len(values)


@given(counts=st.dictionaries(st.text(max_size=3), st.integers(1, 9)), limit=st.integers(1, 5))
def test_leaving_out_small_counts_keeps_the_total(counts, limit):
    kept = keep_largest(counts, limit)
    assert sum(kept.values()) == sum(counts.values())
    assert len(kept) <= limit + 1
    assert (OTHERS_LABEL in kept) == (len(counts) > limit or OTHERS_LABEL in counts)
