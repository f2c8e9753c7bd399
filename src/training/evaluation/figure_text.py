"""Figures as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable

from src.training.evaluation.intervals import Interval
from src.training.evaluation.measures import PERPLEXITY, Measure
from src.training.evaluation.verdicts import percent


def share_sentence(measure: Measure, things: str, did: str) -> str:
    """How many of all ``things`` did what, before and after."""
    before, after = (round(side.value * measure.count) for side in (measure.base, measure.tuned))
    return f"Of {measure.count} {things}, {before} {did} before and {after} after."


def value_text(interval: Interval, measure: Measure, *, with_bounds: bool = True) -> str:
    """A figure, with the bounds of its interval in brackets."""

    def said(value: float) -> str:
        return percent(value) if measure.unit == "share" else f"{value:.2f}"

    bounds = f" [{said(interval.low)}, {said(interval.high)}]" if with_bounds else ""
    return said(interval.value) + bounds


def change_text(measure: Measure) -> str:
    """How much a figure moved, with bounds: in points for shares, in percent for perplexity."""
    relative = measure.name == PERPLEXITY
    in_hundredths = relative or measure.unit == "share"
    value, low, high = ((f"{100 * one:+.0f}" if in_hundredths else f"{one:+.2f}") for one in measure.change)
    unit = " %" if relative else " points" if in_hundredths else ""
    return f"{value}{unit} [{low}, {high}]".replace("-", "−")


def signed(share: float) -> str:
    """A share as hundredths with its sign."""
    return f"{100 * share:+.0f}".replace("-", "−")


def minutes(seconds: float) -> str:
    """Seconds as minutes."""
    return f"{seconds / 60:.1f} min"


def quoted(texts: Iterable[str]) -> str:
    """Texts in quotation marks, behind each other."""
    return ", ".join(f'"{text}"' for text in texts)
