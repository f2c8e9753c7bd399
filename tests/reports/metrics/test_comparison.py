"""Datasets side by side: equal numbers of rows, and no verdict on noise."""

from __future__ import annotations

import random

import pytest

from src.core.types import Message, Sample
from src.reports.metrics.comparison import (
    LEAST_ROWS,
    Comparison,
    Contender,
    compare,
    describe_comparison,
    wilson_margin,
)
from src.reports.metrics.quality import Quality
from src.reports.setups import Difference, Setup
from tests.reports.makers import generated, make_document, measure

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
    return compare(
        [Contender("varied", measure(varied(60, 1)), 54, 60, 0.0), Contender("flat", measure(monotonous(40)))]
    )


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
    assert metric_of(comparison, "distinct_1").verdict("AB") == "no interval"


def test_shares_have_intervals_and_nothing_is_better_without_one():
    quality = measure(varied(3, 1))
    few = compare([Contender("a", quality, 5, 10, 0.02), Contender("b", quality, 8, 10, 0.01)])
    assert metric_of(few, "kept_share").verdict("AB") == "no difference"
    many = compare([Contender("a", quality, 500, 1000, 0.02), Contender("b", quality, 800, 1000, 0.01)])
    assert metric_of(many, "kept_share").verdict("AB") == "B is better"
    cost = metric_of(many, "cost_per_row")
    assert cost.values == (0.02, 0.01)
    assert (cost.margins, cost.best, cost.verdict("AB")) == ((None, None), None, "no interval")


def test_the_interval_of_a_share_is_that_of_wilson():
    assert wilson_margin(0, 0) is None
    assert wilson_margin(0, 10) == pytest.approx(0.2775, abs=1e-4)  # 0 to 27.75 %
    assert wilson_margin(10, 10) == pytest.approx(0.2775, abs=1e-4)
    assert wilson_margin(81, 263) == pytest.approx(0.0582, abs=5e-4)  # Newcombe 1998: 25.53 to 36.62 %


def spread_over(passages: int, *rows: int) -> Quality:
    """Rows over a document of so many passages: ``rows`` are the numbers of the passages that they stand on."""
    texts = [
        f"Kiln number {number} heats to {1000 + number} degrees and cools for two days.\n" for number in range(passages)
    ]
    document = make_document(*texts)
    samples = [
        generated(f"How hot is kiln {row} on day {day}?", "Hot.", texts[row], document) for day, row in enumerate(rows)
    ]
    return measure(samples, document)


def test_use_of_passages_has_an_interval_over_passages():
    even, uneven = spread_over(40, *range(40)), spread_over(40, *range(8), *range(8), *range(8), *range(8), *range(8))
    found = compare([Contender("even", even), Contender("uneven", uneven)])
    for key in ("passages_used", "passage_gini"):
        assert None not in metric_of(found, key).margins
        assert metric_of(found, key).verdict("AB") == "A is better"
    near = compare([Contender("a", spread_over(40, *range(38))), Contender("b", spread_over(40, *range(37)))])
    assert metric_of(near, "passages_used").verdict("AB") == "no difference"
    few = compare([Contender("a", spread_over(10, 1, 2, 3)), Contender("b", spread_over(10, 1, 1, 1))])
    assert metric_of(few, "passage_gini").verdict("AB") == "no interval"


def test_what_differs_in_the_making_is_named():
    quality = measure(varied(3, 1))
    first = Setup({"mode": "create", "agent": {"create": {"task_mix": {}}}}, {"system/create_mode.txt": "a" * 64})
    second = Setup(
        {"mode": "create", "agent": {"create": {"task_mix": {"how_to": 1}}}}, {"system/create_mode.txt": "b" * 64}
    )
    found = compare(
        [Contender("a", quality, setup=first), Contender("b", quality, setup=second), Contender("c", quality)]
    )
    assert found.differences == (
        Difference("agent.create.task_mix.how_to", ("-", "1", "-")),
        Difference("prompts/system/create_mode.txt", ("a" * 12, "b" * 12, "-")),
    )
    assert describe_comparison(found)["differences"]["agent.create.task_mix.how_to"] == {"a": "-", "b": "1", "c": "-"}
    assert compare([Contender("a", quality, setup=first), Contender("b", quality, setup=first)]).differences == ()
    older = compare([Contender("a", quality, setup=first), Contender("b", quality, setup=first._replace(prompts={}))])
    assert (older.differences, older.without_prompts) == ((), ("b",))


def test_description_names_everything_and_is_the_same_every_time(unequal: Comparison):
    found = describe_comparison(unequal)
    assert found["datasets"] == [{"name": "varied", "rows": 60}, {"name": "flat", "rows": 40}]
    assert found["metrics"]["vendi"]["best"] == "varied"
    first, again = (compare([Contender(name, measure(varied(20, 1))) for name in "ab"]) for _ in range(2))
    assert describe_comparison(first) == describe_comparison(again)
