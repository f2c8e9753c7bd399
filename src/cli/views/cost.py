"""Shows what training would cost with each of several models, the best choice first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from src.cli.console import Console
from src.cli.screens import counted, fold, table
from src.core.wording import dollars

if TYPE_CHECKING:
    from src.reports.costs import ModelCost
    from src.stored.estimating import CostEstimate, WritingCost

_HEADS = ("model", "status", "rows", "tokens", "$/M", "cost")
_NUMBERS = frozenset({3, 4, 5})
_WRITING_HEADS = ("model", "cost", "in batches", "minutes")
_STATUS = {
    "available": "available",
    "deprecated": "closing",
    "self-hosted": "own hardware",
    "inference only": "not tuned",
    "retired": "retired",
}
_SHOWN_WRITERS = 8
_LEGEND = (
    "cost: US dollars for all epochs (tokens x epochs x price per million); dash: no price is published, or nobody "
    "tunes the model. ~: the tokens are an estimate. How long a job takes no vendor publishes."
)


def show_estimate(console: Console, estimate: CostEstimate) -> None:
    """The table of models, what is to be known of each below its line, then what writing the rows anew would cost."""
    held = f", {estimate.held_out:,} more for validation" if estimate.held_out else ""
    console.heading(
        f"{estimate.name}: {counted(estimate.rows, 'training row')}{held}; {counted(estimate.epochs, 'epoch')}"
    )
    for reason, unread in estimate.unread.items():
        console.warning(f"{counted(unread, 'line')} left out: {reason}.")
    lines = table(_HEADS, [_cells(cost) for cost in estimate.models], width=console.width, right=_NUMBERS)
    console.lines(lines[:2], "heading")
    for line, cost in zip(lines[2:], estimate.models, strict=True):
        console.say(line)
        for remark in _remarks(cost):
            console.lines((f"   {part}" for part in fold(remark, console.width - 3, limit=3)), "quiet")
    _show_legend(console, estimate)
    _show_writing(console, estimate)


def estimate_facts(estimate: CostEstimate) -> dict[str, Any]:
    """Everything as plain JSON values."""
    return {
        "name": estimate.name,
        "rows": estimate.rows,
        "held_out": estimate.held_out,
        "unread": dict(estimate.unread),
        "epochs": estimate.epochs,
        "models": [_model_facts(cost) for cost in estimate.models],
        "writing": {
            "rows": estimate.rows + estimate.held_out,
            "input_tokens_each": estimate.asked_tokens,
            "output_tokens_each": estimate.answer_tokens,
            "models": [
                {
                    "provider": cost.provider,
                    "model": cost.writer.id,
                    "preset": cost.writer.preset,
                    "usd": cost.usd,
                    "batch_usd": cost.batch_usd,
                    "minutes": round(cost.minutes, 2),
                }
                for cost in estimate.writing
            ],
        },
    }


def _cells(cost: ModelCost) -> tuple[str, ...]:
    limits = cost.limits
    rows = "ok" if cost.fits else f"{sum(cost.refused.values()):,} refused" if cost.refused else "no"
    tokens = f"{cost.tokens.tokens:,}" if cost.tokens.exact else f"~{cost.tokens.tokens:,}"
    price = "-" if limits.train_price is None else f"{limits.train_price:.2f}"
    return (limits.title, _STATUS[limits.status], rows, tokens, price, _usd(cost.usd) if limits.tunable else "-")


def _remarks(cost: ModelCost) -> list[str]:
    """What is to be known before choosing: why it does not fit, what holds for the model, its price and its tokens."""
    limits = cost.limits
    notes = [f"{limits.provider} {limits.id}", limits.status_note]
    if not limits.tunable:
        since = limits.status == "retired" and limits.retired_on and f"retired {limits.retired_on}"
        notes = [notes[0], since or limits.status_note, limits.replacement and f"instead: {limits.replacement}"]
    elif limits.train_price_note:
        notes.append(f"price: {limits.train_price_note}")
    if cost.counted_by:
        notes.append(f"tokens as {cost.counted_by} counts them")
    elif cost.error:
        notes.append(f"tokens of a row up to {cost.error:.0%} off")
    told = "; ".join(note for note in notes if note)
    return [told, f"does not fit: {cost.why_not}"] if cost.why_not else [told]


def _show_legend(console: Console, estimate: CostEstimate) -> None:
    legend = [_LEGEND]
    packages = sorted({cost.needs for cost in estimate.models if cost.needs})
    if packages:
        legend.append(f"make setup-tokenizers makes the counts exact that need {', '.join(packages)}.")
    console.say()
    for line in legend:
        console.lines(fold(line, console.width, limit=4), "quiet")


def _show_writing(console: Console, estimate: CostEstimate) -> None:
    priced = [cost for cost in estimate.writing if cost.usd is not None][:_SHOWN_WRITERS]
    if not priced:
        return
    rows = counted(estimate.rows + estimate.held_out, "sample")
    console.heading(
        f"Writing {rows} anew ({estimate.asked_tokens:,} tokens asked and {estimate.answer_tokens:,} answered for each)"
    )
    lines = [
        (_writer_name(cost), _usd(cost.usd), _usd(cost.batch_usd), f"{max(1, cost.minutes):,.0f}") for cost in priced
    ]
    console.lines(table(_WRITING_HEADS, lines, width=console.width, right=frozenset({1, 2, 3})))


def _writer_name(cost: WritingCost) -> str:
    return f"{cost.provider} {cost.writer.id}" + (f" ({cost.writer.preset})" if cost.writer.preset else "")


def _usd(usd: float | None) -> str:
    return "-" if usd is None else dollars(usd)


def _model_facts(cost: ModelCost) -> dict[str, Any]:
    return {
        "provider": cost.limits.provider,
        "model": cost.limits.id,
        "status": cost.limits.status,
        "tunable": cost.limits.tunable,
        "fits": cost.fits,
        "why_not": cost.why_not,
        "refused": dict(cost.refused),
        "tokens": cost.tokens.tokens,
        "exact": cost.tokens.exact,
        "error": cost.error,
        "counted_by": cost.counted_by,
        "usd_per_million": cost.limits.train_price,
        "usd": cost.usd,
        "source": cost.limits.source,
        "checked": cost.limits.checked,
    }
