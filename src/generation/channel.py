"""The way to one provider: a turn for the model, one call within its time, retries, and the end when it is down."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult
from src.generation.breaker import Breaker
from src.generation.limiter import Clock, Limiter
from src.generation.retry import BASE_DELAY_S, call_with_retry
from src.generation.stopping import StopSwitch
from src.providers.base_provider import BaseProvider

WORTH_A_NOTE_S = 5.0
"""A shorter pause is over before anybody has read about it."""
Keep = Callable[[GenerationResult | ProviderError], Awaitable[None]]
"""Stores what was paid for: an answer, or a failure with its ``usage``."""


class Channel:
    """Calls one provider for all workers of a run; every model has a limiter of its own."""

    def __init__(
        self,
        provider: BaseProvider,
        *,
        max_retries: int,
        timeout_s: float,
        concurrency: int,
        stop: StopSwitch,
        on_note: Callable[[str], None],
        clock: Clock = time.monotonic,
    ) -> None:
        self.provider = provider
        self.ended: ProviderError | None = None
        self._max_retries = max_retries
        self._timeout_s = timeout_s
        self._concurrency = concurrency
        self._stop = stop
        self._on_note = on_note
        self._clock = clock
        self._breaker = Breaker(clock)
        self._limiters: dict[str, Limiter] = {}

    def limiter(self, model: str) -> Limiter:
        """The limiter of a model: one bucket for all who ask it in this run."""
        if model not in self._limiters:
            self._limiters[model] = Limiter(
                self._concurrency, sleep=self._stop.sleep, clock=self._clock, on_pause=self._tell_pause
            )
        return self._limiters[model]

    async def call(self, request: ChatRequest, rng: random.Random, keep: Keep) -> GenerationResult:
        """The provider's answer, already kept. Raises ProviderError when there is none, and from then on at once when
        it is one that ends the run; RunStoppedError when the user asks to stop before the call is made."""
        limiter = self.limiter(request.model)
        try:
            return await call_with_retry(
                lambda: self._take_turn(limiter, request, keep),
                self._breaker,
                max_retries=self._max_retries,
                rng=rng,
                sleep=self._stop.sleep,
            )
        except ProviderError as error:
            if error.ends_run:
                self.ended = error
            raise

    def _tell_pause(self, seconds: float) -> None:
        if seconds >= WORTH_A_NOTE_S:
            self._on_note(f"{self.provider.name} asks to slow down: waiting {seconds:.0f} s.")

    async def _take_turn(self, limiter: Limiter, request: ChatRequest, keep: Keep) -> GenerationResult:
        self._stop.check()
        async with limiter.turn() as began:
            self._stop.check()
            if self.ended is not None:
                raise self.ended
            try:
                result = await self._send(request)
            except ProviderError as error:
                if error.kind == "rate_limit":
                    limiter.refused(began, error, BASE_DELAY_S if error.retry_after is None else error.retry_after)
                if error.usage is not None:
                    await keep(error)
                raise
            limiter.answered(began, result)
            # within the turn: what is paid and not yet stored is never more than the places
            await keep(result)
            return result

    async def _send(self, request: ChatRequest) -> GenerationResult:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self.provider.generate(request)
        except TimeoutError as error:
            raise ProviderError(
                f"{self.provider.name} did not answer within {self._timeout_s:g} s.",
                kind="timeout",
                fix="Raise system.timeout, or choose a faster system.agentic_model.",
            ) from error
