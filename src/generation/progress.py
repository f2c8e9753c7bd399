"""What a run says of itself while it works: counts that become typed events, for bars, ``--json`` and front ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from src.core.types import ProgressEvent, Stage, Usage

Tell = Callable[[ProgressEvent], None]


@dataclass(slots=True)
class Progress:
    """The counts of one stage. Every change is told at once as a ProgressEvent that holds all of them.

    ``total`` is None where it cannot be known; ``price`` gives the USD of a usage, None where no price is known.
    """

    stage: Stage
    total: int | None
    tell: Tell
    price: Callable[[Usage], float | None]
    kept: int = 0
    rejected: int = 0
    usage: Usage = field(default_factory=Usage)

    def paid(self, usage: Usage) -> None:
        """An answer was paid for: ``on_paid`` of an Engine."""
        self.usage = Usage(self.usage.input_tokens + usage.input_tokens, self.usage.output_tokens + usage.output_tokens)
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
                cost_usd=self.price(self.usage),
                note=note,
            )
        )
