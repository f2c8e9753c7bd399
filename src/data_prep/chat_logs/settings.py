"""What is wanted of chat logs, and which files are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from src.data_prep.chat_logs.topic import TOPICS, Topic
from src.data_prep.quality.broken import DEFAULT_MODEL
from src.data_prep.rows import SYSTEM_PROMPT

Privacy = Literal["off", "report", "redact", "drop"]
"""What happens to private details: nobody looks, they are counted, replaced, or their conversation is left out."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is wanted. ``topics`` empty: whatever they are about. ``follow_ups`` 0: no file of them is written."""

    source: Path
    out: Path
    max_len: int = 4_096
    model: str = DEFAULT_MODEL
    topics: tuple[Topic, ...] = TOPICS
    follow_ups: int = 0
    privacy: Privacy = "redact"
    system: str = SYSTEM_PROMPT

    @property
    def rejects(self) -> Path:
        """The file of what was left out, with the reasons."""
        return self.out.with_name(f"{self.out.name.removesuffix('.jsonl')}.rejects.jsonl")

    @property
    def follow_up_out(self) -> Path:
        """The file of the follow-up conversations: ``train.clean.jsonl`` gives ``train.follow3m.clean.jsonl``."""
        stem, dot, rest = self.out.name.partition(".")
        return self.out.with_name(f"{stem}.follow{self.follow_ups}m{dot}{rest}")

    @property
    def written(self) -> tuple[Path, ...]:
        """Every file that a run writes."""
        return (self.out, self.rejects, *((self.follow_up_out,) if self.follow_ups else ()))
