"""What can be learnt from the figures of training runs, in sentences and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from src.training.evaluation import measures
from src.training.evaluation.answer_table import markdown_table
from src.training.evaluation.figure_text import signed, value_text
from src.training.evaluation.lengths import TIMES_LONGER
from src.training.measured import Measured


def lessons_text(shown: Measured, others: Sequence[Measured]) -> str:
    """What the figures of ``shown`` teach, and the ``others`` beside it."""
    lessons = [*_loss_and_behaviour(shown), _sizes(shown)]
    text = "\n".join(f"- {lesson}" for lesson in lessons)
    if others:
        heads = [
            "Run",
            "Rows",
            "Rate",
            "Epochs",
            "Final loss",
            "Perplexity",
            "Polite",
            "Right",
            "Refused",
            "Falsely",
            "Length",
        ]
        rows = [_base_line(shown), *(_run_line(one) for one in (shown, *others))]
        text += "\n\nThe runs beside each other, on the same prompts:\n\n" + markdown_table(heads, rows)
    return text


def _loss_and_behaviour(shown: Measured) -> list[str]:
    report = shown.run.report
    fall = 1 - report.final_loss / report.first_loss if report.losses else 0.0
    settled = [one for one in shown.figures if one.verdict in {"better", "worse"} and one.name != measures.PERPLEXITY]
    if not settled:
        return [
            (
                f"The training loss changed by {signed(-fall)} %, and no figure of the answers changed beyond chance: "
                "a loss is no proof that a model behaves otherwise."
            )
        ]
    better, worse = ([one.name for one in settled if one.verdict == which] for which in ("better", "worse"))
    said = f"The training loss changed by {signed(-fall)} %."
    if better:
        said += f" Beyond chance it improved: {'; '.join(better)}."
    if worse:
        said += f" It was paid for with: {'; '.join(worse)}."
    return [said]


def _sizes(shown: Measured) -> str:
    smallest = min(shown.figures, key=lambda one: one.count)
    return (
        f"These are small tests: {smallest.name} rests on {smallest.count} items, so one answer moves it by "
        f"{100 / smallest.count:.0f} points. A pair of length prompts counts as followed when the detailed answer has "
        f"at least {TIMES_LONGER} times the words of the brief one."
    )


def _base_line(shown: Measured) -> list[str]:
    return ["before any training", "", "", "", "", *_line_figures(shown, "base")]


def _run_line(measured: Measured) -> list[str]:
    report = measured.run.report
    return [
        measured.run.name,
        str(report.plan.rows),
        f"{report.settings.learning_rate:g}",
        str(report.settings.epochs),
        f"{report.final_loss:.2f}",
        *_line_figures(measured, "tuned"),
    ]


def _line_figures(measured: Measured, which: str) -> list[str]:
    names = (
        measures.PERPLEXITY,
        measures.POLITE,
        measures.RIGHT,
        measures.REFUSED,
        measures.FALSELY_REFUSED,
        measures.LENGTH,
    )
    found = [measured.figure(name) for name in names]
    return [value_text(getattr(one, which), one, with_bounds=False) if one else "" for one in found]
