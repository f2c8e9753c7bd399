"""What one question of menu 1 is told: the session, the configuration as it began, and the answers before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from src.cli.prompts import Prompter
from src.cli.session import Session
from src.core.config import RunConfig, with_values


@dataclass(frozen=True, slots=True)
class Asked:
    """``changes`` are the answers so far, by dotted key."""

    session: Session
    prompter: Prompter
    start: RunConfig
    changes: dict[str, Any]

    @property
    def config(self) -> RunConfig:
        """The configuration as the answers so far would make it. Raises ConfigError when they cannot stand together."""
        return with_values(self.start, self.changes)


Question = Callable[[Asked], dict[str, Any] | None]
"""Gives its answer by dotted key; None when there was nothing to ask."""
