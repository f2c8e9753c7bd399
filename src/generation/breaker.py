"""When a service has failed for so long that a run had better end: told apart from calls that fail alone."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 600.0
"""How long a service that has answered before may stay silent. A longer run is not lost by an outage of minutes."""


class Breaker:
    """Remembers when a service answered last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, patience_s: float = PATIENCE_S) -> None:
        self._clock = clock
        self._patience_s = patience_s
        self._answered_at: float | None = None

    def now(self) -> float:
        """The breaker's time, in seconds."""
        return self._clock()

    def answered(self) -> None:
        """The service gave an answer, good or bad: it lives."""
        self._answered_at = self._clock()

    def has_never_answered(self) -> bool:
        """True when the service has not answered once: then it is not worth waiting for."""
        return self._answered_at is None

    def answered_since(self, moment: float) -> bool:
        """Whether any call got an answer after ``moment``: then only the failing one is to blame."""
        return self._answered_at is not None and self._answered_at > moment

    def is_open(self, since: float) -> bool:
        """True when no call got an answer for longer than anybody should wait; ``since`` is when failures began."""
        silent_since = since if self._answered_at is None else max(since, self._answered_at)
        return self._clock() - silent_since > self._patience_s
