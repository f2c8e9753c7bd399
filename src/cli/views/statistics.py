"""The three screens of menu 3: token counts, sample distribution, source breakdown of a stored dataset."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from src.cli.console import DEFAULT_WIDTH
from src.cli.screens import table
from src.core.types import NO_LABEL
from src.core.wording import JUDGEMENTS
from src.reports.quotas import axis_title, find_quotas
from src.reports.statistics import describe_counts
from src.reports.tables import bar_table, side_counts, side_table, text_histogram
from src.reports.tally import sum_sides

if TYPE_CHECKING:
    from src.publish.figures import Described

_KEYWORDS = 10
_SOURCES = 20


def token_lines(described: Described, width: int = DEFAULT_WIDTH) -> list[str]:
    """Screen 3.1: sums, the usual figures, and how long the samples are."""
    figures = describe_counts(described.counts.tokens)
    kind = "exact" if described.validation.exact else "estimate"
    lines = ["", f"Token counts ({kind})"]
    lines += [
        f"  {label:<8}  {figures[name]:>12,.0f}"
        for name, label in (
            ("total", "total"),
            ("mean", "mean"),
            ("median", "median"),
            ("min", "shortest"),
            ("p95", "95 %"),
            ("max", "longest"),
        )
        if figures[name] is not None
    ]
    lines += [f"  {side:<10}{tokens:>12,}" for side, tokens in _by_side(described.counts.side_tokens)]
    lines += ["", "Samples by tokens"]
    return lines + [f"  {line}" for line in text_histogram(described.counts.tokens, width=width - 2)]


def distribution_lines(described: Described, width: int = DEFAULT_WIDTH) -> list[str]:
    """Screen 3.2: sides, origins, lengths in turns, first keywords."""
    turns = Counter({f"{number} turns": count for number, count in described.counts.turns.items()})
    judged = {JUDGEMENTS.get(state, state): count for state, count in described.counts.judged.items()}
    lines: list[str] = []
    for title, counts in (
        ("By side", dict(_by_side(described.counts.sides))),
        ("By origin", described.counts.origins),
        ("By length", turns),
        ("By first keyword", sum_sides(described.counts.keywords)),
        ("By score", described.counts.scores),
        ("By verdict of the judge", judged),
    ):
        if not counts:
            continue
        lines += ["", title, *(f"  {line}" for line in bar_table(counts, limit=_KEYWORDS, width=width - 2))]
    for axis, quotas in find_quotas(described.record.run.plan, described.counts).items():
        rows = [
            (name.replace("_", " "), "-" if one.planned is None else f"{one.planned:,}", f"{one.kept:,}")
            for name, one in quotas.items()
        ]
        heads = (f"By {axis_title(axis)}", "planned", "kept")
        lines += ["", *(f"  {line}" for line in table(heads, rows, width=width - 2, right=frozenset({1, 2})))]
    return lines


def source_lines(described: Described, width: int = DEFAULT_WIDTH) -> list[str]:
    """Screen 3.3: samples per side and tokens of each source file."""
    lines = ["", "Source breakdown"]
    table = side_table(side_counts(described.counts.sources), "source file", limit=_SOURCES, width=width - 2)
    lines += [f"  {line}" for line in table]
    lines += ["", "Tokens by source"]
    return lines + [f"  {line}" for line in bar_table(described.counts.source_tokens, limit=_SOURCES, width=width - 2)]


def _by_side(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(("not split" if side == NO_LABEL else side, count) for side, count in counts.items())
