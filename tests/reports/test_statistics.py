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

from src.core.types import DatasetRecord, Issue, Message, RunFacts, Sample, SplitName, Usage, ValidationReport
from src.reports.statistics import (
    MAX_ISSUES,
    OTHERS_LABEL,
    build_statistics,
    describe_counts,
    keep_largest,
)
from src.reports.tally import sum_sides, tally
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
RECORD = DatasetRecord(
    id="d1",
    name="pots",
    provider="google",
    model="gemini-3.5-flash-lite",
    mode="hybrid",
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
    requested=9,
    proposed=7,
    rejected={"too_long": 1, "duplicate": 2},
    run=RunFacts(
        "local / smollm2", Usage(100, 50), 0.0123456789, 4, 2, 3.14159, ("one.txt is short",), ("one group only",)
    ),
)
REPORT = ValidationReport(4, 101, exact=False)


def statistics_of(rows, record=RECORD, report=REPORT):
    return build_statistics(record, tally(rows), report)


def test_counts_tokens_and_turns_are_those_of_the_samples():
    found = statistics_of(iter(ROWS))
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
    assert found["warnings"] == ["one.txt is short", "one group only"]
    assert found["validation"]["ok"] is True
    assert "quality" not in found


def test_what_differs_between_equal_runs_stands_under_run_only():
    first = statistics_of(ROWS)
    run = replace(RECORD.run, seconds=99.0, calls=0, cached_calls=6)
    second = statistics_of(ROWS, replace(RECORD, id="d2", name="pots-2", run=run))
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
    assert json.dumps(statistics_of(ROWS)) == json.dumps(statistics_of(ROWS[::-1]))


def test_the_demo_quality_is_told_where_it_applies():
    assert "demo quality" in statistics_of([*ROWS[1:], Row(make_sample(quality="demo"), 10, "train")])["quality"]


def test_a_sample_lost_without_a_reason_is_an_error():
    with pytest.raises(ValueError, match=r"proposed 8 is not kept 4 \+ rejected 3"):
        statistics_of(ROWS, replace(RECORD, proposed=8))


def test_an_empty_dataset_has_figures_without_values():
    found = statistics_of([], replace(RECORD, proposed=0, rejected={}))
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
    found = statistics_of(ROWS, report=report)["validation"]
    assert (found["ok"], found["rows"], found["errors"], found["warnings"]) == (False, 4, 1, 149)
    assert found["issues_by_code"] == {"estimate": 149, "too_few": 1}
    assert len(found["first_issues"]) == MAX_ISSUES
    assert found["first_issues"][0] == {
        "severity": "error",
        "code": "too_few",
        "row": 0,
        "field": "",
        "found": "",
        "allowed": "",
        "source": "",
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


def test_one_pass_counts_labels_by_side_and_tokens_by_source():
    counts = tally(iter(ROWS))
    assert counts.sources == {("one.txt", "train"): 2, ("(none)", "validation"): 1, ("(none)", "(none)"): 1}
    assert sum_sides(counts.keywords) == {"clay": 1, "(none)": 2, "kiln": 1}
    assert counts.source_tokens == {"one.txt": 30, "(none)": 71}
    assert counts.side_tokens == {"train": 30, "validation": 40, "(none)": 31}
