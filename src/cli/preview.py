"""What a run may cost, said before it begins, and whether a person agrees to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.core.config import RunConfig
from src.core.secrets import Secrets
from src.core.wording import dollars

if TYPE_CHECKING:
    from src.pipeline import Estimate


def estimate_lines(estimate: Estimate) -> list[tuple[str, str]]:
    """Labels and values for the screen. The figures are estimates: answers that are in the journal already cost
    nothing, which is not known before."""
    calls = f"about {estimate.requests:,}, at most {estimate.most_requests:,}"
    tokens = f"about {estimate.usage.tokens:,}, at most {estimate.most_usage.tokens:,}"
    cost = "no price is known for this model"
    if estimate.usd is not None and estimate.most_usd is not None:
        cost = f"about {dollars(estimate.usd)}, at most {dollars(estimate.most_usd)} (estimate)"
    who = "Model" if len(estimate.teachers) == 1 else "Models"
    lines = [(who, ", ".join(estimate.teachers)), ("Calls", calls), ("Tokens", tokens), ("Cost", cost)]
    return [*lines, ("Time", _time_text(estimate.minutes))]


def writer_text(config: RunConfig, secrets: Secrets) -> str:
    """Who writes, in a few words."""
    from src.pipeline import find_teachers

    writers = [teacher.writer for teacher in find_teachers(config, secrets)]
    if not writers:
        return "no model is needed"
    names = ", ".join(f"{writer.provider} {writer.model.id}" for writer in writers)
    demo = " (demo quality)" if any(writer.demo_quality for writer in writers) else ""
    return f"{'writer' if len(writers) == 1 else 'writers'}: {names}{demo}"


def _time_text(minutes: float | None) -> str:
    if minutes is None:
        return "up to a day for each batch"
    return "about a minute or less" if minutes <= 1 else f"about {minutes:,.0f} minutes"
