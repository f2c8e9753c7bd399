"""Shows the plan of a run: how much of every source is asked for, which tasks, and how many calls that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from src.cli.preview import estimate_lines
from src.cli.screens import counted, pairs, table

if TYPE_CHECKING:
    from src.generation.planning.summary import PlanSummary
    from src.pipeline import Estimate

_SHOWN_SOURCES = 20
NO_PLAN = "Nothing is generated: this run takes what the documents hold as conversations."
_NO_TASKS = "not planned: the instructions of free mode, or the facts that the embedded model finds, decide"


def plan_lines(plan: PlanSummary, estimate: Estimate | None, *, width: int) -> list[str]:
    """Tables of the sources and of the tasks, and below them the figures of the whole; ``estimate`` is None where
    nothing is paid."""
    lines = [*_source_table(plan, width), ""]
    if plan.tasks:
        lines += [*_task_table(plan, width), ""]
    return lines + pairs([*_figures(plan), *(estimate_lines(estimate) if estimate else ())], width=width)


def plan_facts(plan: PlanSummary | None, estimate: Estimate | None) -> dict[str, Any]:
    """What ``generate --plan --json`` prints."""
    calls = None
    if estimate:
        calls = {"expected": estimate.requests, "most": estimate.most_requests}
    return {"plan": plan.as_json() if plan else None, "calls": calls}


def _source_table(plan: PlanSummary, width: int) -> list[str]:
    rows = [
        (share.source, f"{share.passages:,}", f"{share.covered:,}", f"{share.topics:,}", f"{share.samples:,}")
        for share in sorted(plan.sources, key=lambda share: -share.samples)[:_SHOWN_SOURCES]
    ]
    if len(plan.sources) > _SHOWN_SOURCES:
        rows.append((f"({len(plan.sources) - _SHOWN_SOURCES:,} others)", "", "", "", ""))
    return table(
        ("source", "passages", "covered", "topics", "samples"), rows, width=width, right=frozenset({1, 2, 3, 4})
    )


def _task_table(plan: PlanSummary, width: int) -> list[str]:
    rows = [
        (share.task, f"{share.wished:,}", f"{share.planned:,}", f"{share.suited:,}")
        for share in sorted(plan.tasks, key=lambda share: -share.planned)
    ]
    return table(("task", "wished", "planned", "suited passages"), rows, width=width, right=frozenset({1, 2, 3}))


def _figures(plan: PlanSummary) -> list[tuple[str, str]]:
    coverage = f"{plan.covered:,} of {plan.passages:,} passages ({plan.coverage:.0%}), "
    coverage += f"{plan.covered_topics:,} of {plan.topics:,} topics"
    figures = [
        ("Plan", f"{counted(plan.samples, 'sample')}, none of the passages more than {plan.most:,}"),
        ("Coverage", coverage),
    ]
    if plan.too_short:
        names = ", ".join(plan.too_short[:_SHOWN_SOURCES])
        more = len(plan.too_short) - _SHOWN_SOURCES
        figures.append(("Too short", f"nothing is written about {names}{f' and {more:,} more' if more > 0 else ''}"))
    if plan.fallback:
        short = f"{counted(plan.fallback, 'sample')} become question_answer: too few passages suit what was wished"
        figures.append(("Instead", short))
    figures += [(axis.capitalize(), ", ".join(names)) for axis, names in plan.axes.items()]
    return figures if plan.tasks else [*figures, ("Tasks", _NO_TASKS)]
