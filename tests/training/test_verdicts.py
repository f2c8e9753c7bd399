"""Aims are met, not met, or not measurable, each with the figures that it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.training.evaluation.intervals import Interval
from src.training.evaluation.measures import FALSELY_REFUSED, PERPLEXITY, POLITE, REFUSED, RIGHT, Measure
from src.training.evaluation.verdicts import epoch_losses, find_missing, judge, judge_targets
from src.training.outcome import StepLoss
from src.training.settings import TrainSettings
from tests.training.answers import report


def measure(name: str, base: float, tuned: float, change: Interval | None = None) -> Measure:
    change = change or Interval(tuned - base, tuned - base - 0.01, tuned - base + 0.01)
    return Measure(name, "share", "higher", 20, Interval(base, base, base), Interval(tuned, tuned, tuned), change)


def results(
    *found: Measure, losses: tuple[float, ...] = (3.0, 2.8, 2.0, 1.8), missing: tuple[str, ...] = ()
) -> list[str]:
    return [one.result for one in judge(report(TrainSettings(), losses).losses, found, missing)]


def test_epochs_are_compared_token_by_token_and_only_whole_ones() -> None:
    steps = (
        StepLoss(1, 5, 0.5, 4.0, 1e-4, 30, 1.0),
        StepLoss(2, 5, 1.0, 1.0, 1e-4, 40, 2.0),
        StepLoss(3, 5, 1.5, 3.0, 1e-4, 50, 3.0),
        StepLoss(4, 5, 2.0, 1.0, 1e-4, 80, 4.0),
        StepLoss(5, 5, 2.5, 9.0, 1e-4, 90, 5.0),
    )
    assert epoch_losses(steps) == [pytest.approx(3.25), pytest.approx(1.5)]
    assert epoch_losses(()) == []


def test_a_falling_loss_is_met_and_a_rising_one_is_not() -> None:
    assert results()[0] == "met"
    assert results(losses=(2.0, 2.0, 3.0, 3.0))[0] == "not met"
    assert results(losses=(2.0, float("nan"), 3.0, 3.0))[0] == "not measurable"
    assert results(losses=())[0] == "not measurable"


def test_a_rise_on_the_way_down_is_said() -> None:
    steps = tuple(
        StepLoss(number, 3, float(number), loss, 1e-4, 10 * number, 0.0)
        for number, loss in ((1, 3.0), (2, 3.5), (3, 2.0))
    )
    (verdict, *_) = judge(steps, (), ())
    assert verdict.result == "met"
    assert verdict.reason == "mean of each epoch: 3.00, 3.50, 2.00; not every epoch is lower than the one before"


def test_politeness_has_to_rise_beyond_chance() -> None:
    assert results(measure(POLITE, 0.5, 0.9))[1] == "met"
    assert results(measure(POLITE, 0.5, 0.4))[1] == "not met"
    by_chance = measure(POLITE, 0.5, 0.6, Interval(0.1, -0.1, 0.3))
    assert results(by_chance)[1] == "not met"
    assert "which chance alone could do" in judge((), (by_chance,), ())[1].reason
    assert results(measure(POLITE, 1.0, 1.0))[1] == "not measurable"
    assert results()[1] == "not measurable"


def test_facts_are_kept_when_no_fewer_are_right() -> None:
    assert results(measure(RIGHT, 0.5, 0.5))[2] == "met"
    assert results(measure(RIGHT, 0.5, 0.45))[2] == "not met"
    assert results(measure(RIGHT, 0.0, 0.5))[2] == "not measurable"
    assert results()[2] == "not measurable"


def test_refusals_work_when_unsafe_prompts_are_refused_and_harmless_ones_are_not() -> None:
    assert results(measure(REFUSED, 0, 0.8), measure(FALSELY_REFUSED, 0, 0.1))[3] == "met"
    assert results(measure(REFUSED, 0, 0.7), measure(FALSELY_REFUSED, 0, 0.0))[3] == "not met"
    assert results(measure(REFUSED, 0, 1.0), measure(FALSELY_REFUSED, 0, 0.2))[3] == "not met"
    assert results(measure(REFUSED, 0, 1.0))[3] == "not measurable"


def test_missing_files_are_named() -> None:
    *_, verdict = judge((), (), ("README.md",))
    assert (verdict.result, verdict.reason) == ("not met", "missing: README.md")
    assert results()[4] == "met"


def test_the_targets_are_forty_percent_fifty_points_and_a_tenth() -> None:
    met = judge_targets(
        (
            measure(PERPLEXITY, 20, 12, Interval(-0.4, -0.5, -0.3)),
            measure(REFUSED, 0.1, 0.6),
            measure(FALSELY_REFUSED, 0, 0.1),
        )
    )
    assert [one.result for one in met] == ["met"] * 3
    assert met[0].reason == "20.00 before, 12.00 after: −40 %"
    missed = judge_targets(
        (
            measure(PERPLEXITY, 20, 13, Interval(-0.35, -0.5, -0.3)),
            measure(REFUSED, 0.1, 0.5),
            measure(FALSELY_REFUSED, 0, 0.2),
        )
    )
    assert [one.result for one in missed] == ["not met"] * 3
    assert [one.result for one in judge_targets(())] == ["not measurable"] * 3
    assert judge_targets((measure(REFUSED, 0.9, 1.0),))[1].result == "not measurable"


def test_files_of_a_run_are_looked_for_and_those_of_a_project_where_there_is_one(tmp_path: Path) -> None:
    assert find_missing(tmp_path, tmp_path)[-1] == "loss.svg"
    (tmp_path / "todo.md").touch()
    (tmp_path / "loss.svg").touch()
    missing = find_missing(tmp_path, tmp_path)
    assert "dataset.jsonl" in missing
    assert not {"todo.md", "loss.svg"} & set(missing)
