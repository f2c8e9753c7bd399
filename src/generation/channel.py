"""The way to one provider: a turn for the model, one call within its time, retries, and the end when it is down."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult
from src.generation.breaker import Breaker
from src.generation.limiter import Clock, Limiter
from src.generation.retry import BASE_DELAY_S, call_with_retry
from src.generation.stopping import StopSwitch
from src.persistence.journal import Entry
from src.providers.base_provider import BaseProvider

WORTH_A_NOTE_S = 5.0
"""A shorter pause is over before anybody has read about it."""
Keep = Callable[[Entry], Awaitable[None]]
"""Stores what was paid for: an answer, or a failure with its ``usage``."""


class CallRules(NamedTuple):
    """What holds for every call of a run, whoever is asked. ``on_note`` takes a line for the user."""

    max_retries: int
    timeout_s: float
    stop: StopSwitch
    on_note: Callable[[str], None]
    clock: Clock = time.monotonic


class Channel:
    """Calls one provider for all workers of a run; every model has a limiter of its own."""

    def __init__(self, provider: BaseProvider, keep: Keep, rules: CallRules, *, concurrency: int) -> None:
        self.provider = provider
        self.ended: ProviderError | None = None
        self._keep = keep
        self._rules = rules
        self._concurrency = concurrency
        self._breaker = Breaker(rules.clock)
        self._limiters: dict[str, Limiter] = {}

    def limiter(self, model: str) -> Limiter:
        """The limiter of a model: one bucket for all who ask it in this run."""
        if model not in self._limiters:
            self._limiters[model] = Limiter(
                self._concurrency, sleep=self._rules.stop.sleep, clock=self._rules.clock, on_pause=self._tell_pause
            )
        return self._limiters[model]

    async def call(self, key: str, request: ChatRequest) -> GenerationResult:
        """The provider's answer, already kept under ``key``. Raises ProviderError when there is none, and from then on
        at once when it is one that ends the run; RunStoppedError when the user asks to stop before the call is made."""
        limiter = self.limiter(request.model)
        try:
            return await call_with_retry(
                lambda: self._take_turn(limiter, key, request),
                self._breaker,
                max_retries=self._rules.max_retries,
                rng=random.Random(key),  # noqa: S311 - spreads retries only
                sleep=self._rules.stop.sleep,
            )
        except ProviderError as error:
            if error.ends_run:
                self.ended = error
            raise

    async def aclose(self) -> None:
        """Nothing is left to be done: every call is awaited by who made it."""

    def _tell_pause(self, seconds: float) -> None:
        if seconds >= WORTH_A_NOTE_S:
            self._rules.on_note(f"{self.provider.name} asks to slow down: waiting {seconds:.0f} s.")

    async def _take_turn(self, limiter: Limiter, key: str, request: ChatRequest) -> GenerationResult:
        self._rules.stop.check()
        async with limiter.turn() as began:
            self._rules.stop.check()
            if self.ended is not None:
                raise self.ended
            try:
                result = await self._send(request)
            except ProviderError as error:
                if error.kind == "rate_limit":
                    limiter.refused(began, error, BASE_DELAY_S if error.retry_after is None else error.retry_after)
                if error.usage is not None:
                    await self._keep(Entry(key, request, error))
                raise
            limiter.answered(began, result)
            # within the turn: what is paid and not yet stored is never more than the places
            await self._keep(Entry(key, request, result))
            return result

    async def _send(self, request: ChatRequest) -> GenerationResult:
        try:
            async with asyncio.timeout(self._rules.timeout_s):
                return await self.provider.generate(request)
        except TimeoutError as error:
            raise ProviderError(
                f"{self.provider.name} did not answer within {self._rules.timeout_s:g} s.",
                kind="timeout",
                fix="Raise system.timeout, or choose a faster system.agentic_model.",
            ) from error
