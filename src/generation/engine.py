"""The one way to a model: journal first, then the provider with retries, by a bounded number of workers."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Usage
from src.generation import worker_pool
from src.generation.channel import Channel
from src.generation.journal_queue import JournalQueue
from src.generation.progress import Progress
from src.generation.stopping import StopSwitch
from src.persistence.journal import Entry, Journal, journal_key
from src.providers.base_provider import BaseProvider

_Item = TypeVar("_Item")
_Outcome = TypeVar("_Outcome")


class Engine:
    """Asks one provider. Counts what was paid: ``usage`` and ``calls`` leave out answers from the journal.

    One engine per run, used within one event loop; ``aclose`` ends it.
    """

    def __init__(
        self,
        provider: BaseProvider,
        journal: Journal,
        *,
        max_retries: int,
        timeout_s: float,
        concurrency: int,
        stop: StopSwitch | None = None,
        progress: Progress | None = None,
    ) -> None:
        """``max_retries`` and ``timeout_s`` are the user's; ``concurrency`` calls are in flight at most. ``progress``
        hears of every answer the moment it is stored."""
        self.provider = provider
        self.concurrency = max(1, concurrency)
        self.stop = stop or StopSwitch()
        self.usage = Usage()
        self.calls = 0
        self.cached_calls = 0
        self._progress = progress
        self._journal = JournalQueue(journal)
        self._channel = Channel(
            provider,
            max_retries=max_retries,
            timeout_s=timeout_s,
            concurrency=self.concurrency,
            stop=self.stop,
            on_note=self._note,
        )

    async def ask(self, request: ChatRequest, slot: str, attempt: int = 0) -> GenerationResult:
        """The answer to ``request`` for one slot of a plan, from the journal when it was ever paid for.

        ``slot`` and ``attempt`` tell equal requests apart: two samples with one prompt get two answers, a re-ask is a
        new attempt. An answer is in the journal before this returns, and so is one that was paid for and cannot be
        used (refused, empty): the journal raises its ProviderError again. Raises ProviderError when no try succeeded;
        RunStoppedError when the user asked to stop and the answer is not in the journal.
        """
        key = journal_key(self.provider.name, request, slot, attempt, endpoint=self.provider.endpoint)
        stored = await self._journal.find(key)
        if stored is not None:
            self.cached_calls += 1
            if isinstance(stored, ProviderError):
                raise stored
            return replace(stored, cached=True)

        async def keep(outcome: GenerationResult | ProviderError) -> None:
            await self._journal.record(Entry(key, request, outcome))
            self._count(outcome.usage or Usage())

        return await self._channel.call(request, random.Random(key), keep)  # noqa: S311 - spreads retries only

    def map_ordered(
        self, items: Iterable[_Item], work: Callable[[_Item], Awaitable[_Outcome]]
    ) -> AsyncGenerator[_Outcome, None]:
        """``await work(item)`` for every item, many at a time, results in the order of the items; see worker_pool.

        There are more workers than calls in flight: one that waits after a refusal leaves its place to another.
        """
        return worker_pool.map_ordered(items, work, 2 * self.concurrency - 1)

    async def aclose(self) -> None:
        """Wait for the journal and release the provider's connections. Safe to call twice."""
        await self._journal.aclose()
        await self.provider.aclose()

    def _count(self, usage: Usage) -> None:
        self.calls += 1
        self.usage = Usage(self.usage.input_tokens + usage.input_tokens, self.usage.output_tokens + usage.output_tokens)
        if self._progress is not None:
            self._progress.paid(usage)

    def _note(self, line: str) -> None:
        if self._progress is not None:
            self._progress.note(line)
