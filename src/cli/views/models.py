"""Tables of providers and models: who has a key, what a model takes, what it costs and whether it can be tuned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from src.cli.console import Console
from src.cli.screens import fold, table
from src.core.secrets import Secrets
from src.core.specs import ModelLimits
from src.core.types import PROVIDER_NAMES, ProviderName
from src.providers.describe_model import status_label
from src.providers.lookup import provider_spec

PROVIDER_HEADS = ("#", "provider", "models", "tunable today", "key")
PROVIDER_NUMBERS = frozenset({0, 2, 3})
_HEADS = ("#", "model", "status", "tokens", "examples", "$/M")
LEGEND = (
    "tokens: in the longest example; examples: most in one training set; "
    "$/M: US dollars per million training tokens; dash: not published"
)
_NUMBERS = frozenset({0, 3, 4, 5})


class ModelRow(NamedTuple):
    """One line of the table of models, and what is said below it."""

    cells: tuple[str, ...]
    remarks: tuple[str, ...]
    source: str


def provider_rows(secrets: Secrets) -> tuple[list[ProviderName], list[tuple[str, ...]]]:
    """The providers that train, and one row for each, under PROVIDER_HEADS."""
    names: list[ProviderName] = [name for name in PROVIDER_NAMES if name != "local"]
    rows: list[tuple[str, ...]] = []
    for number, name in enumerate(names, start=1):
        spec = provider_spec(name)
        key = "found" if secrets.api_key(name) else f"no {spec.key_name}"
        tunable = sum(model.tunable for model in spec.models)
        rows.append((str(number), spec.title, str(len(spec.models)), str(tunable), key))
    return names, rows


def model_rows(models: Sequence[ModelLimits]) -> list[ModelRow]:
    """One row per model. A retired one says so, and what to take instead."""
    return [_model_row(number, model) for number, model in enumerate(models, start=1)]


def show_models(console: Console, rows: Sequence[ModelRow], *, with_source: bool = False) -> None:
    """The table, with the remarks of each model below its line; ``with_source`` also says where its figures are from,
    and leaves the legend to the caller."""
    lines = table(_HEADS, [row.cells for row in rows], width=console.width, right=_NUMBERS)
    console.lines(lines[:2], "heading")
    for line, row in zip(lines[2:], rows, strict=True):
        console.say(line)
        for remark in (*row.remarks, row.source) if with_source else row.remarks:
            console.lines((f"   {part}" for part in fold(remark, console.width - 3, limit=3)), "quiet")
    if not with_source:
        console.lines(fold(LEGEND, console.width, limit=3), "quiet")


def _model_row(number: int, model: ModelLimits) -> ModelRow:
    status = _short_status(model)
    label = status_label(model)
    remarks = [model.id if label == status else f"{model.id}: {label}"]
    if model.replacement:
        remarks.append(f"instead: {model.replacement}")
    if model.max_training_tokens:
        remarks.append(f"up to {model.max_training_tokens:,} tokens in all")
    cells = (
        str(number),
        model.title,
        status,
        _number(model.max_example_tokens),
        _number(model.max_examples),
        "-" if model.train_price is None else f"{model.train_price:.2f}",
    )
    prices = f"tuned: {_price(model.input_price)} in, {_price(model.output_price)} out per million tokens; "
    return ModelRow(cells, tuple(remarks), f"{prices}source {model.source}, checked {model.checked or 'never'}")


def _price(value: float | None) -> str:
    return "no price" if value is None else f"${value:.2f}"


def _short_status(model: ModelLimits) -> str:
    """The state of a model in a column: what of its label stands before the first detail."""
    if model.status == "inference only":
        return "format only"
    return re.split(r", since| \(", status_label(model))[0]


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
