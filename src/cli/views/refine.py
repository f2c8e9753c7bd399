"""Shows a refinement: what it would do, and how the dataset stands after each round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from src.cli.preview import estimate_lines
from src.cli.screens import counted, pairs, table

if TYPE_CHECKING:
    from src.stored.refining import Preview, RoundFigures

_CAUSES = {
    "uncovered": "planned passages without a sample",
    "dropped": "samples that you dropped",
    "borderline": "borderline samples (kept unless a better one is written)",
    "rejected": "rejected samples",
}
_HEADS = ("round", "asked", "kept", "rejected", "samples", "coverage", "word pairs", "self-BLEU")
_NUMBERS = frozenset(range(len(_HEADS)))


def preview_lines(preview: Preview, *, width: int) -> list[str]:
    """What goes over, what is written anew and why, where that ends, and what it may cost."""
    rows = [("Goes over", counted(preview.kept, "sample"))]
    rows += [
        ("Anew" if number == 0 else "", f"{count:,} for {_CAUSES[cause]}")
        for number, (cause, count) in enumerate(preview.causes.items())
    ]
    end = f"at {counted(preview.wished, 'sample')}, after {counted(preview.rounds, 'round')} at the latest"
    rows += [("First round", counted(preview.first_round, "example")), ("Ends", end)]
    rows += estimate_lines(preview.estimate) if preview.estimate else [("Cost", "nothing is paid")]
    return pairs(rows, width=width)


def preview_facts(preview: Preview) -> dict[str, Any]:
    """What ``refine --plan --json`` prints."""
    estimate = preview.estimate
    return {
        "parent": preview.name,
        "goes_over": preview.kept,
        "written_anew": dict(preview.causes),
        "first_round": preview.first_round,
        "wished": preview.wished,
        "rounds": preview.rounds,
        "calls": {"expected": estimate.requests, "most": estimate.most_requests} if estimate else None,
        "cost_usd": {"expected": estimate.usd, "most": estimate.most_usd} if estimate else None,
    }


def round_line(figures: RoundFigures) -> str:
    """One round while it is news."""
    if figures.number == 0:
        return f"Before: {counted(figures.samples, 'sample')}, {figures.coverage:.0%} of the passages."
    kept = f"Round {figures.number}: {figures.kept:,} of {figures.asked:,} kept"
    return f"{kept}, {counted(figures.samples, 'sample')} now, {figures.coverage:.0%} of the passages."


def round_lines(rounds: Sequence[RoundFigures], *, width: int) -> list[str]:
    """A table of all rounds, and below it what the rejected ones were rejected for."""
    rows = [
        (
            "before" if figures.number == 0 else str(figures.number),
            f"{figures.asked:,}",
            f"{figures.kept:,}",
            f"{sum(figures.rejected.values()):,}",
            f"{figures.samples:,}",
            f"{figures.coverage:.0%}",
            _share(figures.distinct_2),
            _share(figures.self_bleu),
        )
        for figures in rounds
    ]
    lines = table(_HEADS, rows, width=width, right=_NUMBERS)
    for figures in rounds:
        if figures.rejected:
            ordered = sorted(figures.rejected.items(), key=lambda item: (-item[1], item[0]))
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in ordered)
            lines += pairs([(f"Rejected in {figures.number}", reasons)], width=width)
    return lines


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"
