"""The three screens of menu 3: token counts, sample distribution, source breakdown of a stored dataset."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import cast

from src.cli.console import DEFAULT_WIDTH
from src.core.types import ProviderName
from src.core.workspace import Workspace
from src.persistence.models import DatasetRecord
from src.persistence.sqlite_client import Store
from src.providers.limits import find_model
from src.reports.statistics import describe_counts, keyword_label, source_label
from src.reports.tables import SideCount, bar_table, count_sides, side_table, text_histogram
from src.utils.token_counter import TokenCounter

_KEYWORDS = 10
_SOURCES = 20


@dataclass(frozen=True, slots=True)
class StoredStatistics:
    """Counts over the samples of one dataset."""

    record: DatasetRecord
    exact: bool
    sources: tuple[SideCount, ...]
    tokens: Counter[int] = field(default_factory=Counter)
    side_tokens: Counter[str] = field(default_factory=Counter)
    sides: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    keywords: Counter[str] = field(default_factory=Counter)
    source_tokens: Counter[str] = field(default_factory=Counter)


def gather_statistics(workspace: Workspace, name: str) -> StoredStatistics:
    """Count in one pass over the stored samples of a dataset. Raises DatasetError when there is no such dataset."""
    with Store(workspace.database) as store:
        record = store.find(name)
        found = StoredStatistics(record, _counts_exactly(record), count_sides(store.samples(record.id), "source"))
        for row in store.samples(record.id):
            side = row.split or "not split"
            found.tokens[row.token_length] += 1
            found.side_tokens[side] += row.token_length
            found.sides[side] += 1
            found.origins[row.sample.origin] += 1
            found.turns[sum(message.role != "system" for message in row.sample.messages)] += 1
            found.keywords[keyword_label(row.sample)] += 1
            found.source_tokens[source_label(row.sample)] += row.token_length
    return found


def token_lines(statistics: StoredStatistics, width: int = DEFAULT_WIDTH) -> list[str]:
    """Screen 3.1: sums, the usual figures, and how long the samples are."""
    figures = describe_counts(statistics.tokens)
    kind = "exact" if statistics.exact else "estimate"
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
    lines += [f"  {side:<10}{tokens:>12,}" for side, tokens in sorted(statistics.side_tokens.items())]
    lines += ["", "Samples by tokens"]
    return lines + [f"  {line}" for line in text_histogram(statistics.tokens.elements(), width=width - 2)]


def distribution_lines(statistics: StoredStatistics, width: int = DEFAULT_WIDTH) -> list[str]:
    """Screen 3.2: sides, origins, lengths in turns, first keywords."""
    turns = Counter({f"{number} turns": count for number, count in statistics.turns.items()})
    lines: list[str] = []
    for title, counts in (
        ("By side", statistics.sides),
        ("By origin", statistics.origins),
        ("By length", turns),
        ("By first keyword", statistics.keywords),
    ):
        lines += ["", title, *(f"  {line}" for line in bar_table(counts, limit=_KEYWORDS, width=width - 2))]
    return lines


def source_lines(statistics: StoredStatistics, width: int = DEFAULT_WIDTH) -> list[str]:
    """Screen 3.3: samples per side and tokens of each source file."""
    lines = ["", "Source breakdown"]
    lines += [f"  {line}" for line in side_table(statistics.sources, "source file", limit=_SOURCES)]
    lines += ["", "Tokens by source"]
    return lines + [f"  {line}" for line in bar_table(statistics.source_tokens, limit=_SOURCES, width=width - 2)]


def _counts_exactly(record: DatasetRecord) -> bool:
    limits = find_model(cast("ProviderName", record.provider), record.model)
    return TokenCounter(limits.tokenizer).exact
