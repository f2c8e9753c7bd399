"""The four ways in which a dataset is too large for its provider, as the program says them: shown in README."""

from __future__ import annotations

from dataclasses import replace

from src.core.types import Issue, TokenCount
from src.providers.limits import cap_size, check_tokens, check_volume
from src.providers.lookup import find_model
from src.utils.formats.registry import FORMATS


def limits_examples() -> str:
    """One line per case: more samples than the model takes, a long example, too many tokens, a large file."""
    haiku, mini = find_model("anthropic", "claude-3-haiku"), find_model("openai", "gpt-4o-mini")
    budget = replace(mini, max_training_tokens=2_000_000)
    cases = (
        ("# dataset_size: 20000, model: claude-3-haiku", cap_size(20_000, haiku).lines),
        ("# an example of 70,012 tokens", _lines(check_tokens(_exact(70_012), mini, 7, lambda: _exact(65_000)))),
        ("# max_training_tokens: 2000000 in models.local.yaml", _lines(check_volume(_exact(2_400_000), 9, budget))),
        ("# a file of 600 MB", _lines(check_volume(_exact(9), 600_000_000, mini))),
    )
    return "```\n" + "\n".join("\n".join((title, *lines)) for title, lines in cases) + "\n```"


def formats_table() -> str:
    """One row per training format: its name, what it is for, its keys, and what it can hold."""
    rows = ["| format | for | keys of a row | holds, beside one question and one answer |", "| --- | --- | --- | --- |"]
    for form in FORMATS.values():
        held = [name.replace("_", " ") for name, holds in form.holds._asdict().items() if holds and name != "pair"]
        pair = ["two answers, better and worse"] if form.holds.pair else []
        keys = ", ".join(f"`{key}`" for key in form.keys)
        rows.append(f"| `{form.name}` | {form.title} | {keys} | {', '.join([*pair, *held]) or 'nothing'} |")
    return "\n".join(rows)


def _exact(tokens: int) -> TokenCount:
    return TokenCount(tokens, exact=True)


def _lines(issues: tuple[Issue, ...]) -> tuple[str, ...]:
    row = [f"row {issue.row} " if issue.row else "" for issue in issues]
    return tuple(
        f"{where}{issue.severity}: {issue.message} {issue.fix}" for where, issue in zip(row, issues, strict=True)
    )
