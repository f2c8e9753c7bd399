"""How fast one model may be asked: places, the provider's own limits as its headers tell them, and pauses."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from src.core.errors import ProviderError
from src.core.types import GenerationResult, RateLimit

Sleep = Callable[[float], Awaitable[object]]
Clock = Callable[[], float]

CUT = 0.75
"""What a wave of refusals leaves of the calls in flight, at least."""
ROUNDS_TO_RECOVER = 16
"""Full rounds of answers after which the calls in flight have grown from one to the configured number again."""
REFUSALS = 6
REFUSED_SHARE = 1 / 2
"""So many refusals, and such a share of the calls made since the first of them, mean that the limit is met by all
calls and not by a few: everyone pauses. A provider whose headers say that nothing is left is believed at once."""
MAX_NAP_S = 1.0
"""Longest wait before looking again: an answer in flight may bring better news."""


def _ignore(_seconds: float) -> None:
    """Pauses that nobody hears of."""


@dataclass(slots=True)
class Bucket:
    """Units that may be spent: any number until an answer's headers tell; then refilled evenly until their reset."""

    capacity: float = math.inf
    left: float = math.inf
    per_s: float = 0.0
    at: float = 0.0

    def learn(self, told: RateLimit, in_flight: float, now: float) -> None:
        """Take over a header. Calls in flight may or may not be counted in it: the truth lies between. A limit without
        a time says nothing about the pace; then refusals have to tell."""
        spent = told.limit - told.remaining
        if not told.reset_s or spent <= 0:
            return
        self._refill(now)
        self.capacity = max(1.0, told.limit)
        self.left = min(max(self.left, told.remaining - in_flight), told.remaining)
        self.per_s = spent / told.reset_s

    def wait_s(self, units: float, now: float) -> float:
        """Seconds until ``units`` can be taken; never more are waited for than the bucket can hold."""
        self._refill(now)
        missing = min(units, self.capacity) - self.left
        return max(0.0, missing / self.per_s) if self.per_s else 0.0

    def take(self, units: float) -> None:
        self.left -= units

    def _refill(self, now: float) -> None:
        if math.isfinite(self.capacity):
            self.left = min(self.capacity, self.left + (now - self.at) * self.per_s)
        self.at = now


@dataclass(slots=True)
class _Refusals:
    """The refusals since the last answer to a call that was made after the first of them."""

    since: float = math.inf
    count: int = 0
    calls: int = 0


class Limiter:
    """Hands out turns for one model of one provider, first come, first served.

    Without headers and refusals it is a plain limit of calls in flight: all that a server of one's own needs. Only
    an explicit refusal for the rate narrows it (additive increase, multiplicative decrease, never below one).
    """

    def __init__(
        self,
        concurrency: int,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time.monotonic,
        on_pause: Callable[[float], None] = _ignore,
    ) -> None:
        """``on_pause`` hears the seconds of every pause that concerns all calls."""
        self.requests = Bucket()
        self.tokens = Bucket()
        self.in_flight = 0
        self._most = float(concurrency)
        self._allowed = float(concurrency)
        self._sleep = sleep
        self._clock = clock
        self._on_pause = on_pause
        self._queue = asyncio.Lock()
        self._room = asyncio.Event()
        self._open_at = -math.inf
        self._cut_at = -math.inf
        self._least = 1.0
        self._refusals = _Refusals()
        self._answers = 0
        self._answer_tokens = 0

    @property
    def allowed(self) -> int:
        """How many calls may be in flight now."""
        return int(self._allowed)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Wait until a call may be made and hold its place; the value is the time at which it began."""
        async with self._queue:
            await self._wait()
            began = self._clock()
            self.in_flight += 1
            self._refusals.calls += 1
            self.requests.take(1)
            self.tokens.take(self._tokens_per_call())
        try:
            yield began
        finally:
            self.in_flight -= 1
            self._room.set()

    def answered(self, began: float, result: GenerationResult) -> None:
        """A call that began at ``began`` got an answer."""
        if began > self._refusals.since:
            self._refusals = _Refusals()
        self._answers += 1
        self._answer_tokens += result.usage.input_tokens + result.usage.output_tokens
        self._allowed = min(self._most, self._allowed + max(1.0, self._most / ROUNDS_TO_RECOVER) / self._allowed)
        told = result.rate_limits
        if told is not None:
            others = self.in_flight - 1
            now = self._clock()
            if told.requests is not None:
                self.requests.learn(told.requests, others, now)
            if told.tokens is not None:
                self.tokens.learn(told.tokens, others * self._tokens_per_call(), now)

    def refused(self, began: float, error: ProviderError, pause_s: float) -> None:
        """A call that began at ``began`` was refused for the rate; ``pause_s`` is how long the provider wants calls
        to wait. One that is refused alone waits alone; when all are, nobody calls before the pause is over."""
        now = self._clock()
        if self._refusals.count == 0:
            self._refusals = _Refusals(now, 1, 0)
        elif began > self._refusals.since:
            self._refusals.count += 1
        if not self._concerns_all(error):
            return
        if now + pause_s > self._open_at:
            self._open_at = now + pause_s
            self._on_pause(pause_s)
        if began > self._cut_at:  # the refusals of one wave are one signal, as strong as they are many
            self._least = max(1.0, self._allowed * CUT)
            self._cut_at = now
        self._allowed = max(self._least, self._allowed - 1)

    def _concerns_all(self, error: ProviderError) -> bool:
        told = error.rate_limits
        if told is not None and any(limit is not None and limit.remaining <= 0 for limit in told):
            return True
        return self._refusals.count >= max(REFUSALS, REFUSED_SHARE * self._refusals.calls)

    async def _wait(self) -> None:
        while True:
            pause_s = self._pause_s()
            if pause_s > 0:
                await self._sleep(min(pause_s, MAX_NAP_S))
            elif self.in_flight >= self.allowed:
                self._room.clear()
                await self._room.wait()
            else:
                return

    def _pause_s(self) -> float:
        now = self._clock()
        tokens_s = self.tokens.wait_s(self._tokens_per_call(), now)
        return max(self._open_at - now, self.requests.wait_s(1, now), tokens_s)

    def _tokens_per_call(self) -> float:
        """What a call will cost: the mean of the answers so far (limits are learned from answers, so there are)."""
        return self._answer_tokens / self._answers if self._answers else 0.0
