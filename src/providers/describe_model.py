"""What is published about a model, in words for a person."""

from __future__ import annotations

from src.core.specs import ModelLimits


def status_label(limits: ModelLimits) -> str:
    """The status of a model in a few words for a person: what can be done with it today."""
    words = {
        "available": "available",
        "deprecated": "closing",
        "self-hosted": "on your own hardware",
        "inference only": "inference only: format only",
        "retired": "retired: format only",
    }[limits.status]
    when = f", since {limits.retired_on}" if limits.status == "retired" and limits.retired_on else ""
    note = f" ({limits.status_note})" if limits.status_note else ""
    return f"{words}{when}{note}"


def describe(limits: ModelLimits) -> list[tuple[str, str]]:
    """What is published about a model as pairs of a label and a text; what is not published is left out."""
    figures = [
        ("Status", status_label(limits)),
        ("Instead", limits.replacement),
        ("Where", limits.route),
        ("Tokens per example", _number(limits.max_example_tokens, "up to {:,}")),
        ("Tokens in all", _number(limits.max_training_tokens, "up to {:,}")),
        ("Examples", _range(limits.min_examples, limits.max_examples)),
        ("Recommended", _number(limits.recommended_examples, "{:,} or more examples")),
        ("Validation examples", _number(limits.max_validation_examples, "up to {:,}")),
        ("File", _number(limits.max_file_mb, "up to {:,} MB")),
        ("Training price", _priced(limits.train_price, limits.train_price_note)),
        ("Use, in", _number(limits.input_price, "${:.2f} per million tokens, tuned")),
        ("Use, out", _number(limits.output_price, "${:.2f} per million tokens, tuned")),
        ("Context window", _number(limits.context_window, "{:,} tokens")),
        ("Source", limits.source),
        ("Checked", limits.checked),
    ]
    return [(label, text) for label, text in figures if text]


def _number(value: float | None, template: str) -> str:
    return "" if value is None else template.format(value)


def _priced(usd: float | None, note: str) -> str:
    return _number(usd, "${:.2f} per million tokens") + (f" ({note})" if note and usd is not None else "")


def _range(least: int | None, most: int | None) -> str:
    if least is None or most is None:
        return _number(least, "{:,} or more") or _number(most, "up to {:,}")
    return f"{least:,} to {most:,}"
