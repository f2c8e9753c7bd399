"""A training run with its figures and the verdicts on them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from src.training.evaluation.measures import Measure, measure_perplexity, measure_replies
from src.training.evaluation.verdicts import Verdict, find_missing, judge, judge_targets
from src.training.findings import Evaluation


class Measured(NamedTuple):
    """A run with its figures."""

    run: Evaluation
    figures: tuple[Measure, ...]

    def figure(self, name: str) -> Measure | None:
        return next((one for one in self.figures if one.name == name), None)


def measure_untouched(run: Evaluation) -> tuple[Measure, ...]:
    """The figures of the prompts that nothing was chosen by; none where none were asked."""
    return measure_replies(run.prompts.untouched, run.base.replies, run.tuned.replies, run.report.settings.seed)


class Judged(NamedTuple):
    """The verdicts on a run: the aims of the project, and the aims in figures."""

    criteria: tuple[Verdict, ...]
    targets: tuple[Verdict, ...]


def measure_run(run: Evaluation) -> Measured:
    """Every figure of a run, perplexity first where rows were held out."""
    seed = run.report.settings.seed
    found = measure_replies(run.prompts.measured, run.base.replies, run.tuned.replies, seed)
    if run.base.losses:
        found = (measure_perplexity(run.base.losses, run.tuned.losses, seed), *found)
    return Measured(run, found)


def judge_run(measured: Measured, folder: Path, report_folder: Path) -> Judged:
    """``folder`` is the run's; beside the report the files of the project are looked for."""
    missing = find_missing(folder, report_folder)
    losses = measured.run.report.losses
    return Judged(judge(losses, measured.figures, missing), judge_targets(measured.figures))
