"""Datasets side by side: equal numbers of rows, and no verdict on noise."""

from __future__ import annotations

import random

import pytest

from src.core.types import Message, Sample
from src.reports.metrics.comparison import LEAST_ROWS, Comparison, Contender, compare, describe_comparison
from tests.reports.makers import measure

WORDS = [
    f"{first}{second}" for first in "bdfgklmprst" for second in ("and", "ell", "ink", "ope", "ust", "ear", "ail", "ome")
]


def varied(number: int, seed: int) -> list[Sample]:
    source = random.Random(seed)
    return [
        Sample(
            (
                Message("user", " ".join(source.choices(WORDS, k=8))),
                Message("assistant", " ".join(source.choices(WORDS, k=20))),
            ),
            "generated",
        )
        for _ in range(number)
    ]


def monotonous(number: int) -> list[Sample]:
    return [
        Sample(
            (
                Message("user", f"What is clay number {count} for?"),
                Message("assistant", f"Clay number {count} is for pots."),
            ),
            "generated",
        )
        for count in range(number)
    ]


def metric_of(comparison: Comparison, key: str):
    return next(metric for metrics in comparison.groups.values() for metric in metrics if metric.key == key)


@pytest.fixture(scope="module")
def unequal() -> Comparison:
    return compare([Contender("varied", measure(varied(60, 1)), 0.9, 0.0), Contender("flat", measure(monotonous(40)))])


def test_more_varied_dataset_is_better_beyond_noise(unequal: Comparison):
    assert unequal.rows == 40
    for key in ("distinct_2", "self_bleu", "compression_ratio", "vendi", "opening_entropy_bits"):
        metric = metric_of(unequal, key)
        assert metric.best == 0, key
        assert metric.verdict("AB") == "A is better"


def test_lengths_differ_without_a_better_one(unequal: Comparison):
    metric = metric_of(unequal, "answer_words")
    assert metric.best is None
    assert metric.verdict("AB") == "they differ"


def test_figure_that_only_one_has_is_not_judged(unequal: Comparison):
    assert metric_of(unequal, "kept_share").values == (0.9, None)
    assert metric_of(unequal, "kept_share").verdict("AB") == "not known"
    titles = [metric.key for metrics in unequal.measured_groups().values() for metric in metrics]
    assert "kept_share" in titles
    assert "answer_words_found" not in titles


def test_two_draws_from_one_source_do_not_differ():
    comparison = compare([Contender("one", measure(varied(30, 1))), Contender("other", measure(varied(30, 2)))])
    found = [metric.best for metrics in comparison.groups.values() for metric in metrics]
    assert sum(best is not None for best in found) <= 1  # one in twenty may pass for a difference


def test_third_contender_must_be_beaten_too():
    sets = [measure(varied(24, 1)), measure(varied(24, 2)), measure(monotonous(24))]
    metric = metric_of(compare([Contender(str(number), quality) for number, quality in enumerate(sets)]), "self_bleu")
    assert metric.best is None
    assert metric.verdict("ABC") == "no clear best"


def test_few_rows_say_nothing_about_noise():
    few = LEAST_ROWS - 1
    comparison = compare([Contender("a", measure(varied(few, 1))), Contender("b", measure(monotonous(few)))])
    assert metric_of(comparison, "distinct_1").margins == (None, None)
    assert metric_of(comparison, "distinct_1").verdict("AB") == "not known"


def test_exact_figures_need_no_margin():
    quality = measure(varied(3, 1))
    comparison = compare([Contender("a", quality, 0.5, 0.02), Contender("b", quality, 0.5, 0.01)])
    assert metric_of(comparison, "kept_share").verdict("AB") == "no difference"
    assert metric_of(comparison, "cost_per_row").verdict("AB") == "B is better"


def test_description_names_everything_and_is_the_same_every_time(unequal: Comparison):
    found = describe_comparison(unequal)
    assert found["datasets"] == [{"name": "varied", "rows": 60}, {"name": "flat", "rows": 40}]
    assert found["metrics"]["vendi"]["best"] == "varied"
    first, again = (compare([Contender(name, measure(varied(20, 1))) for name in "ab"]) for _ in range(2))
    assert describe_comparison(first) == describe_comparison(again)
