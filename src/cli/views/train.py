"""A training run as lines on the screen: what it will take, and what came of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from src.cli.screens import counted, duration_text, pairs

if TYPE_CHECKING:
    from src.training.datasets import TrainingSet
    from src.training.outcome import TrainPlan, TrainReport

_DEVICES = {"cpu": "CPU", "cuda": "GPU", "mps": "Apple GPU"}


def plan_lines(plan: TrainPlan, found: TrainingSet, *, width: int) -> list[str]:
    """What is about to be done, and how long it takes here."""
    held_out = f"{plan.held_out:,} ({found.held_out_from})" if plan.held_out else "none"
    threads = f", {counted(plan.threads, 'thread')}" if plan.device == "cpu" else ""
    done = f", {plan.resumed_at:,} of them done before" if plan.resumed_at else ""
    return pairs(
        [
            ("Trained", f"{plan.trainable:,} of {plan.parameters:,} parameters ({plan.share:.2%}), {plan.dtype}"),
            ("Rows", f"{plan.rows:,} with {plan.tokens:,} tokens, of which {plan.learnt:,} are learnt"),
            ("Held out", held_out),
            ("Steps", f"{plan.steps:,}{done}"),
            ("Machine", f"{_DEVICES[plan.device]}{threads}"),
            ("Time", f"about {duration_text(plan.seconds)}, as one batch took here"),
        ],
        width=width,
    )


def report_lines(report: TrainReport, *, width: int) -> list[str]:
    """What came of it."""
    entries = [
        ("Loss", f"{report.first_loss:.2f} at first, {report.final_loss:.2f} at last, over {report.steps:,} steps"),
    ]
    if len(report.held_out) > 1:
        first, last = report.held_out[0].loss, report.kept_loss
        entries.append(
            (
                "Held out",
                f"perplexity {_perplexity(first)} before, {_perplexity(last)} after ({last / first - 1:+.0%} loss)",
            )
        )
    if report.stopped_early:
        entries.append(("Stopped", f"after {report.steps:,} of {report.plan.steps:,} steps: no better any more"))
    entries.append(("Time", f"{duration_text(report.seconds)}, {report.tokens_per_second:,.0f} tokens a second"))
    if report.peak_memory_mb:
        entries.append(("Memory", f"{report.peak_memory_mb / 1000:.1f} GB at most"))
    return pairs(entries, width=width)


def _perplexity(loss: float) -> str:
    return f"{math.exp(loss):.2f}" if loss < 20 else "above a million"
