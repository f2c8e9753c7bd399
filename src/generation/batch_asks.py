"""Who waits for which answer: what the workers have asked until a batch answers it, and answers that came too early."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult


@dataclass(frozen=True, slots=True)
class _Ask:
    request: ChatRequest
    answer: asyncio.Future[GenerationResult]


class Asks:
    """The requests that nobody has answered yet, by key. ``unsent`` are the keys that wait for the next batch, in their
    order."""

    def __init__(self) -> None:
        self.unsent: dict[str, None] = {}
        self._asks: dict[str, _Ask] = {}
        self._early: dict[str, GenerationResult | ProviderError] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._asks

    def add(self, key: str, request: ChatRequest) -> None:
        """Somebody asks for ``key``, and is going to wait."""
        self._asks[key] = _Ask(request, asyncio.get_running_loop().create_future())

    def request_of(self, key: str) -> ChatRequest | None:
        """What was asked under ``key``; None where nobody waits."""
        return self._asks[key].request if key in self._asks else None

    def unsent_requests(self) -> dict[str, ChatRequest]:
        """What waits for the next batch."""
        return {key: self._asks[key].request for key in self.unsent}

    async def wait_for(self, key: str) -> GenerationResult:
        """The answer, when it is there. Raises what ``key`` is resolved with where that is an error."""
        return await asyncio.shield(self._asks[key].answer)

    def take_early(self, key: str) -> GenerationResult | None:
        """An answer that came before anybody asked; given away once. Raises ProviderError when it is a failure."""
        outcome = self._early.pop(key, None)
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    def resolve(self, key: str, outcome: GenerationResult | BaseException) -> None:
        """Wake whoever waits for ``key``; what was paid for and nobody has asked for yet is kept for who will."""
        self.unsent.pop(key, None)
        ask = self._asks.pop(key, None)
        if ask is None:
            if isinstance(outcome, GenerationResult) or (isinstance(outcome, ProviderError) and outcome.usage):
                self._early[key] = outcome
            return
        if ask.answer.done():
            return
        if isinstance(outcome, BaseException):
            ask.answer.set_exception(outcome)
            ask.answer.exception()  # seen: whoever asked may have been cancelled
        else:
            ask.answer.set_result(outcome)

    def fail(self, keys: Iterable[str], error: BaseException) -> None:
        """Let ``error`` be the answer to all of ``keys``."""
        for key in list(keys):
            self.resolve(key, error)
