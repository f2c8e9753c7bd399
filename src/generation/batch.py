"""Requests that can wait a day, for less money: gathered from all workers, sent as batches, answered when done.

A BatchChannel stands in the place of a Channel, so whoever asks does not know: every worker waits for its answer, and
what the waiting ones have asked is the next batch. Re-asks of one batch go into the next.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from src.core.errors import BuilderError, ProviderError, RunStoppedError
from src.core.types import ChatRequest, GenerationResult
from src.core.wording import counted
from src.generation.batch_asks import Asks
from src.generation.batch_parts import Part, divide
from src.generation.batch_sending import BatchSender, Pace, QueueIsFullError
from src.generation.breaker import Breaker
from src.generation.channel import CallRules, Keep
from src.generation.limiter import Sleep
from src.generation.retry import call_with_retry
from src.persistence.batches import Batches, OpenBatch
from src.persistence.journal import Entry
from src.providers.batch_api import BatchAnswer, BatchApi, BatchState

_Answer = TypeVar("_Answer")

DEFAULT_WINDOW = 10_000
"""Requests that wait at a time, in all batches together: 20 KB of memory each (measured, prompts of 5,000 letters)."""
MAX_BATCH_BYTES = 16_000_000
"""One batch is put together and taken apart in memory; the vendors would take more."""
STORED_AT_ONCE = 500
TELL_EVERY_SHARE = 0.1


class BatchChannel:
    """Answers requests through one vendor's batches. What was sent is remembered, and collected by a later run."""

    def __init__(
        self, api: BatchApi, stored: Batches, keep: Keep, rules: CallRules, *, pace: Pace | None = None
    ) -> None:
        self.ended: ProviderError | None = None
        self._api = api
        self._name = api.provider.spec.title
        self._stored = stored
        self._keep = keep
        self._rules = rules
        self._pace = pace or Pace()
        self._breaker = Breaker(rules.clock)
        self._most = api.offer.max_requests
        self._most_bytes = min(MAX_BATCH_BYTES, api.offer.max_mb * 1_000_000)
        self._asks = Asks()
        self._sender = BatchSender(api, stored, rules, self._retry, self._pace)
        self._sent: set[str] = set()
        self._at_work = 0
        self._begun: set[str] = set()
        self._one_is_done = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: asyncio.Task[None] | None = None
        self._loader: asyncio.Task[None] | None = None
        self._submission: asyncio.Task[OpenBatch] | None = None

    async def call(self, key: str, request: ChatRequest) -> GenerationResult:
        """The vendor's answer, already kept under ``key``, which may take a day. Raises as Channel.call does; when the
        user asks to stop, batches that were sent go on at the vendor, and the next run collects them."""
        try:
            # without a pause: a batch takes its time, and what goes out again shall go out together
            return await self._retry(lambda: self._answer(key, request), key, sleep=self._go_on)
        except ProviderError as error:
            if error.ends_run:
                self.ended = error
            raise

    async def aclose(self) -> None:
        """Look at no batch any more. One that is just being sent is remembered first: it may be paid for."""
        if self._submission is not None:
            await asyncio.gather(self._submission, return_exceptions=True)
        tasks = [task for task in (*self._tasks, self._sending, self._loader) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _retry(self, call: Callable[[], Awaitable[_Answer]], name: str, sleep: Sleep | None = None) -> _Answer:
        return await call_with_retry(
            call,
            self._breaker,
            max_retries=self._rules.max_retries,
            rng=random.Random(name),  # noqa: S311 - spreads retries only
            sleep=sleep or self._rules.stop.sleep,
        )

    async def _go_on(self, _seconds: float) -> None:
        self._rules.stop.check()

    async def _answer(self, key: str, request: ChatRequest) -> GenerationResult:
        self._rules.stop.check()
        if self.ended is not None:
            raise self.ended
        if self._loader is None or (self._loader.done() and self._loader.exception()):
            self._loader = asyncio.create_task(self._load())
        await asyncio.shield(self._loader)
        early = self._asks.take_early(key)
        if early is not None:
            return early
        if key not in self._asks:
            self._asks.add(key, request)
            if key not in self._sent:
                self._wait([key])
        return await self._asks.wait_for(key)

    async def _load(self) -> None:
        """Go on with the batches of a run that was ended before they were done."""
        provider = self._api.provider
        for noted in await asyncio.to_thread(self._stored.open, provider.name, provider.endpoint):
            if noted.tag in self._begun:
                continue
            batch = noted if noted.id else await self._sender.find(noted)
            if batch is None:
                await asyncio.to_thread(self._stored.close, noted)
                continue
            self._rules.on_note(
                f"Collecting a batch of {counted(len(batch.keys), 'request')} sent to {self._name} by an earlier run."
            )
            self._begin(batch, first_look_s=0.0)

    # sending

    def _wait(self, keys: Sequence[str]) -> None:
        """Let requests wait for the next batch."""
        self._asks.unsent.update(dict.fromkeys(keys))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._guard(self._send_all, self._asks.unsent))

    async def _send_all(self) -> None:
        while self._asks.unsent:
            await self._settle()
            asked = self._asks.unsent_requests()
            for part in divide(asked, self._api.encode, most=self._most, most_bytes=self._most_bytes):
                if not await self._send(part):
                    break

    async def _settle(self) -> None:
        """Until nobody has asked anything for a while, or there is enough for a batch."""
        seen = -1
        while seen < len(self._asks.unsent) < self._most:
            seen = len(self._asks.unsent)
            await self._rules.stop.sleep(self._pace.settle_s)

    async def _send(self, part: Part) -> bool:
        """Send one batch; False when the vendor takes no more now, and whatever waits has to be divided anew."""
        self._submission = asyncio.create_task(self._sender.send(part))
        try:
            batch = await asyncio.shield(self._submission)
        except QueueIsFullError as full:
            await self._make_room(len(part.keys), full.error)
            return False
        for key in part.keys:
            self._asks.unsent.pop(key, None)
        self._rules.on_note(
            f"{counted(len(part.keys), 'request')} sent to {self._name} as a batch, to be answered within a day. "
            "You may end the program: the next run collects them."
        )
        self._begin(batch, first_look_s=self._pace.first_look_s)
        return True

    async def _make_room(self, refused: int, error: ProviderError) -> None:
        """Wait until a batch at work is done; where none is, the next one is half as large."""
        if self._at_work:
            self._one_is_done.clear()
            await self._one_is_done.wait()
        elif refused > 1:
            self._most = refused // 2
            await self._rules.stop.sleep(error.retry_after or self._pace.first_look_s)
        else:
            raise error

    # collecting

    def _begin(self, batch: OpenBatch, *, first_look_s: float) -> None:
        self._at_work += 1
        self._begun.add(batch.tag)
        self._sent.update(set(batch.keys) - batch.answered)
        task = asyncio.create_task(self._guard(lambda: self._follow(batch, first_look_s), batch.keys))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, batch: OpenBatch, pause_s: float) -> None:
        """Look at a batch until it is done, store what it brought, and only then wake those who wait for it."""
        answers: list[BatchAnswer] = []
        try:
            state = await self._until_done(batch, pause_s)
            if state.failure is None:
                answers = await self._collect(batch)
        except ProviderError as error:
            if error.kind != "not_found":
                raise
            # deleted, too old, or of another account: it will never be found, so its requests are asked anew
            self._rules.on_note(f"{self._name} does not know the batch {batch.id} any more: its requests go out again.")
            state = BatchState(is_done=True)
        finally:
            self._at_work -= 1
            self._one_is_done.set()
        await asyncio.to_thread(self._stored.close, batch)
        self._sent.difference_update(batch.keys)
        for answer in answers:
            self._asks.resolve(answer.key, answer.outcome)
        await self._settle_rest(batch, state.failure)

    async def _settle_rest(self, batch: OpenBatch, failure: ProviderError | None) -> None:
        """What to do with the requests of a batch that it did not answer."""
        rest = [key for key in batch.keys if key in self._asks]
        if failure is not None and failure.kind == "rate_limit":
            await self._make_room(len(batch.keys), failure)
            self._wait(rest)
            return
        missing = self._api.provider.failure("server", "the batch came back without an answer to this request")
        for key in rest:
            self._asks.resolve(key, failure or missing)

    async def _until_done(self, batch: OpenBatch, pause_s: float) -> BatchState:
        told = 0.0
        while True:
            await self._rules.stop.sleep(pause_s)
            state = await self._retry(lambda: self._api.poll(batch.id), batch.id)
            if state.is_done:
                return state
            if state.share >= told + TELL_EVERY_SHARE:
                told = state.share
                self._rules.on_note(
                    f"{self._name} has done {told:.0%} of a batch of {counted(len(batch.keys), 'request')}."
                )
            pause_s = min(self._pace.longest_look_s, max(self._pace.first_look_s, 1.5 * pause_s))

    async def _collect(self, batch: OpenBatch) -> list[BatchAnswer]:
        """The answers of a batch, those that were paid for in the journal."""
        answers = await self._retry(lambda: self._api.collect(batch.id, batch.model, batch.keys), batch.id)
        wanted = set(batch.keys) - batch.answered
        ours = [answer for answer in answers if answer.key in wanted]
        for start in range(0, len(ours), STORED_AT_ONCE):
            await asyncio.gather(*(self._store(batch.model, one) for one in ours[start : start + STORED_AT_ONCE]))
        return ours

    async def _store(self, model: str, answer: BatchAnswer) -> None:
        if not isinstance(answer.outcome, ProviderError) or answer.outcome.usage is not None:
            request = self._asks.request_of(answer.key) or ChatRequest(model, ())
            await self._keep(Entry(answer.key, request, answer.outcome))

    async def _guard(self, work: Callable[[], Awaitable[None]], keys: Iterable[str]) -> None:
        """Do ``work``; when it fails, so do the requests that depend on it, and nobody waits for ever."""
        try:
            await work()
        except RunStoppedError as error:
            self._asks.fail(
                keys, RunStoppedError(str(error), fix=f"Batches at {self._name} go on: run again to collect them.")
            )
        except BuilderError as error:
            self._asks.fail(keys, error)
        except BaseException as error:
            self._asks.fail(keys, error)
            raise
