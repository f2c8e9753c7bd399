"""What a run says of itself while it works: counts that become typed events, for bars, ``--json`` and front ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from src.core.types import ProgressEvent, Stage, Usage

Tell = Callable[[ProgressEvent], None]


@dataclass(slots=True)
class Progress:
    """The counts of one stage. Every change is told at once as a ProgressEvent that holds all of them.

    ``total`` is None where it cannot be known; ``cost_usd`` where no price is known.
    """

    stage: Stage
    total: int | None
    tell: Tell
    kept: int = 0
    rejected: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = 0.0

    def paid(self, usage: Usage, cost_usd: float | None) -> None:
        """An answer was paid for: what all of them have cost until now."""
        self.usage, self.cost_usd = usage, cost_usd
        self._tell()

    def count(self, *, kept: int = 0, rejected: int = 0) -> None:
        """Something was kept or rejected."""
        self.kept += kept
        self.rejected += rejected
        self._tell()

    def note(self, line: str) -> None:
        """Say one line to a person: ``on_note`` of an Engine."""
        self._tell(line)

    def _tell(self, note: str = "") -> None:
        self.tell(
            ProgressEvent(
                self.stage,
                self.kept,
                self.total,
                kept=self.kept,
                rejected=self.rejected,
                usage=self.usage,
                cost_usd=self.cost_usd,
                note=note,
            )
        )
