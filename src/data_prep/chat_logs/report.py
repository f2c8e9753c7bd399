"""What became of chat logs, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class FormatCounts:
    """What was found in one format; ``conversations = kept + rejected``."""

    files: int = 0
    conversations: int = 0
    kept: int = 0
    rows: int = 0


@dataclass(slots=True)
class LogReport:
    """What a run did. ``rejected`` counts conversations, ``left_out`` exchanges of those that were kept, ``private``
    the places that were found, all by reason or label. ``skipped`` counts files that hold no chats."""

    formats: dict[str, FormatCounts] = field(default_factory=dict)
    topics: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    private: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)
    broken_lines: int = 0
    skipped: int = 0
    rows: int = 0
    follow_up_rows: int = 0
    tokens_exact: bool = True
    first_row: dict[str, Any] | None = None

    @property
    def conversations(self) -> int:
        """All that were found."""
        return sum(counts.conversations for counts in self.formats.values())

    @property
    def kept(self) -> int:
        """Those of which at least one row was made."""
        return sum(counts.kept for counts in self.formats.values())
