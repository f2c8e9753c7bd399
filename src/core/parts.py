"""What a run needs from outside: its folder, its keys, and whoever watches or answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from src.core.secrets import Secrets
from src.core.types import ProgressEvent
from src.core.workspace import Workspace


def _ignore(_event: ProgressEvent) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Parts:
    """``ask_instructions`` asks a person for the instructions of free mode; None where nobody is there to answer."""

    workspace: Workspace
    secrets: Secrets
    on_event: Callable[[ProgressEvent], None] = _ignore
    ask_instructions: Callable[[], str] | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
