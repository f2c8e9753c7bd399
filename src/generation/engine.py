"""The one way to a model: journal first, then the provider with retries, by a bounded number of workers."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import islice
from typing import Generic, TypeVar

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Usage
from src.generation.retry import Sleep, call_with_retry
from src.persistence.journal import Journal, journal_key
from src.providers.base_provider import BaseProvider

READ_AHEAD = 4
"""Items per worker that may be started or finished before the consumer has taken the first of them: a slow head does
not idle the others, and memory stays flat however long the list is."""

_Item = TypeVar("_Item")
_Outcome = TypeVar("_Outcome")


class Engine:
    """Asks one provider. Counts what was paid: ``usage`` and ``calls`` leave out answers from the journal."""

    def __init__(
        self,
        provider: BaseProvider,
        journal: Journal,
        *,
        max_retries: int,
        timeout_s: float,
        concurrency: int,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.provider = provider
        self.concurrency = max(1, concurrency)
        self.usage = Usage()
        self.calls = 0
        self.cached_calls = 0
        self._journal = journal
        self._max_retries = max_retries
        self._timeout_s = timeout_s
        self._sleep = sleep

    async def ask(self, request: ChatRequest, slot: str, attempt: int = 0) -> GenerationResult:
        """The answer to ``request`` for one slot of a plan, from the journal when it was ever paid for.

        ``slot`` and ``attempt`` tell equal requests apart: two samples with one prompt get two answers, a re-ask is a
        new attempt. An answer is in the journal before this returns. Raises ProviderError when no try succeeded.
        """
        key = journal_key(self.provider.name, request, slot, attempt)
        stored = self._journal.find(key)
        if stored is not None:
            self.cached_calls += 1
            return replace(stored, cached=True)
        rng = random.Random(key)  # noqa: S311 - spreads retries, protects nothing
        result = await call_with_retry(
            lambda: self._call(request), max_retries=self._max_retries, rng=rng, sleep=self._sleep
        )
        self._journal.record(key, request, result)
        self.calls += 1
        self.usage = Usage(
            self.usage.input_tokens + result.usage.input_tokens, self.usage.output_tokens + result.usage.output_tokens
        )
        return result

    async def map_ordered(
        self, items: Iterable[_Item], work: Callable[[_Item], Awaitable[_Outcome]]
    ) -> AsyncGenerator[_Outcome, None]:
        """``await work(item)`` for every item, ``concurrency`` at a time, results in the order of the items.

        Items are drawn as results are taken, a bounded number ahead. When a work fails, nothing later is started or
        kept running, the results before it still come, then its exception is raised. Closing the iterator cancels
        what is in flight and waits for it.
        """
        window = _Window(work, self.concurrency)
        source = iter(items)
        try:
            while True:
                room = self.concurrency * READ_AHEAD - len(window.tasks)
                for item in islice(source, 0 if window.failed else room):
                    window.start(item)
                if not window.tasks:
                    return
                await asyncio.wait((window.tasks[0],))
                yield window.tasks.popleft().result()
        finally:
            await window.cancel()

    async def _call(self, request: ChatRequest) -> GenerationResult:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self.provider.generate(request)
        except TimeoutError as error:
            raise ProviderError(
                f"{self.provider.name} did not answer within {self._timeout_s:g} s.",
                kind="timeout",
                fix="Raise system.timeout, or choose a faster system.agentic_model.",
            ) from error


class _Window(Generic[_Item, _Outcome]):
    """Tasks in the order of their items, a limited number of them at work. When one fails, the later ones are
    cancelled before any of them can take its place."""

    def __init__(self, work: Callable[[_Item], Awaitable[_Outcome]], concurrency: int) -> None:
        self.tasks: deque[asyncio.Task[_Outcome]] = deque()
        self.failed = False
        self._work = work
        self._workers = asyncio.Semaphore(concurrency)

    def start(self, item: _Item) -> None:
        self.tasks.append(asyncio.create_task(self._run(item)))

    async def cancel(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _run(self, item: _Item) -> _Outcome:
        async with self._workers:
            try:
                return await self._work(item)
            except BaseException:
                self._cancel_later_ones()
                raise

    def _cancel_later_ones(self) -> None:
        self.failed = True
        current = asyncio.current_task()
        for task in reversed(self.tasks):
            if task is current:
                return
            task.cancel()
