"""Shows what models.yaml and models.local.yaml say: a table of all models, or everything about one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from src.cli.console import Console
from src.cli.screens import fold, pairs, table
from src.cli.views.models import LEGEND, model_rows, show_models
from src.core.specs import ModelLimits, ProviderSpec, WriterModel
from src.providers.describe_model import describe

_WRITER_HEADS = ("model", "context", "$/M in", "$/M out", "checked")


def show_catalogue(console: Console, specs: Sequence[ProviderSpec]) -> None:
    """The models of every provider that can be trained, then those that write."""
    for spec in specs:
        console.heading(f"{spec.title}: models to train")
        show_models(console, model_rows(spec.models), with_source=True)
        console.heading(f"{spec.title}: models that write samples")
        rows = [_writer_row(writer) for writer in spec.writers]
        console.lines(table(_WRITER_HEADS, rows, width=console.width, right=frozenset({1, 2, 3})))
    console.say()
    console.lines(fold(LEGEND, console.width, limit=3), "quiet")
    console.say("Everything about one: python -m src.main models MODEL", "quiet")


def show_model(console: Console, limits: ModelLimits) -> None:
    """Everything known about one model."""
    console.heading(f"{limits.title} ({limits.provider} {limits.id})")
    console.lines(pairs(describe(limits), width=console.width))


def model_facts(limits: ModelLimits) -> dict[str, Any]:
    """A model as plain JSON values; None where no figure is published."""
    return asdict(limits)


def _writer_row(writer: WriterModel) -> tuple[str, ...]:
    name = f"{writer.id} ({writer.preset})" if writer.preset else writer.id
    return (name, f"{writer.context_window:,}", _usd(writer.input_price), _usd(writer.output_price), writer.checked)


def _usd(price: float | None) -> str:
    return "-" if price is None else f"{price:.2f}"
