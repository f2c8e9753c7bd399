"""Requests that can wait a day, for less money: gathered from all workers, sent as batches, answered when done.

A BatchChannel stands in the place of a Channel, so whoever asks does not know: every worker waits for its answer, and
what the waiting ones have asked is the next batch. Re-asks of one batch go into the next.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from src.core.errors import BuilderError, ProviderError, RunStoppedError
from src.core.types import ChatRequest, GenerationResult
from src.core.wording import counted
from src.generation.batch_parts import Part, divide
from src.generation.breaker import Breaker
from src.generation.channel import CallRules, Keep
from src.generation.limiter import Sleep
from src.generation.retry import call_with_retry
from src.persistence.batches import Batches, OpenBatch
from src.persistence.journal import Entry
from src.providers.batch_api import BatchAnswer, BatchApi, BatchState, SentBatch, is_unsure

_Answer = TypeVar("_Answer")

DEFAULT_WINDOW = 10_000
"""Requests that wait at a time, in all batches together: 20 KB of memory each (measured, prompts of 5,000 letters)."""
MAX_BATCH_BYTES = 16_000_000
"""One batch is put together and taken apart in memory; the vendors would take more."""
STORED_AT_ONCE = 500
TELL_EVERY_SHARE = 0.1


class Pace(NamedTuple):
    """How long to wait for further requests before a batch is sent, and between two looks at it, in seconds; and how
    long after it was sent a vendor may still show a batch in its list for the first time."""

    settle_s: float = 2.0
    first_look_s: float = 5.0
    longest_look_s: float = 60.0
    listed_s: float = 60.0


@dataclass(frozen=True, slots=True)
class _Ask:
    request: ChatRequest
    answer: asyncio.Future[GenerationResult]


class _QueueIsFullError(Exception):
    """The vendor takes no further batch for now, or none as large."""

    def __init__(self, error: ProviderError) -> None:
        super().__init__(str(error))
        self.error = error


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
        self._asks: dict[str, _Ask] = {}
        self._waiting: dict[str, None] = {}
        self._sent: set[str] = set()
        self._at_work = 0
        self._begun: set[str] = set()
        self._unasked: dict[str, GenerationResult | ProviderError] = {}
        self._one_is_done = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sender: asyncio.Task[None] | None = None
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
        tasks = [task for task in (*self._tasks, self._sender, self._loader) if task is not None]
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
        if key in self._unasked:
            return _unpack(self._unasked.pop(key))
        if key not in self._asks:
            self._asks[key] = _Ask(request, asyncio.get_running_loop().create_future())
            if key not in self._sent:
                self._wait([key])
        return await asyncio.shield(self._asks[key].answer)

    async def _load(self) -> None:
        """Go on with the batches of a run that was ended before they were done."""
        provider = self._api.provider
        for noted in await asyncio.to_thread(self._stored.open, provider.name, provider.endpoint):
            if noted.tag in self._begun:
                continue
            batch = noted if noted.id else await self._find(noted)
            if batch is None:
                await asyncio.to_thread(self._stored.close, noted)
                continue
            self._rules.on_note(
                f"Collecting a batch of {counted(len(batch.keys), 'request')} sent to {self._name} by an earlier run."
            )
            self._begin(batch, first_look_s=0.0)

    async def _find(self, noted: OpenBatch) -> OpenBatch | None:
        """A batch that an earlier run was just sending, if the vendor has it; asked for until it would be there."""
        self._rules.on_note(f"Looking whether {self._name} has the batch of a run that broke off.")
        waited_s = 0.0
        while True:
            name = await self._retry(lambda: self._look_for(noted), noted.tag)
            if name:
                return await asyncio.to_thread(self._stored.accept, noted, name)
            if waited_s >= self._pace.listed_s:
                return None
            await self._rules.stop.sleep(self._pace.first_look_s)
            waited_s += self._pace.first_look_s

    async def _look_for(self, noted: OpenBatch) -> str:
        """The vendor's name of a batch that was sent, "" when it shows none such."""
        known = await asyncio.to_thread(self._stored.names, noted.provider)
        return await self._api.find(SentBatch(noted.tag, len(noted.keys), noted.sent_at, known))

    # sending

    def _wait(self, keys: Sequence[str]) -> None:
        """Let requests wait for the next batch."""
        self._waiting.update(dict.fromkeys(keys))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._guard(self._send_all, self._waiting))

    async def _send_all(self) -> None:
        while self._waiting:
            await self._settle()
            asked = {key: self._asks[key].request for key in self._waiting}
            for part in divide(asked, self._api.encode, most=self._most, most_bytes=self._most_bytes):
                if not await self._send(part):
                    break

    async def _settle(self) -> None:
        """Until nobody has asked anything for a while, or there is enough for a batch."""
        seen = -1
        while seen < len(self._waiting) < self._most:
            seen = len(self._waiting)
            await self._rules.stop.sleep(self._pace.settle_s)

    async def _send(self, part: Part) -> bool:
        """Send one batch; False when the vendor takes no more now, and whatever waits has to be divided anew."""
        self._submission = asyncio.create_task(self._submit_and_remember(part))
        try:
            batch = await asyncio.shield(self._submission)
        except _QueueIsFullError as full:
            await self._make_room(len(part.keys), full.error)
            return False
        for key in part.keys:
            self._waiting.pop(key, None)
        self._rules.on_note(
            f"{counted(len(part.keys), 'request')} sent to {self._name} as a batch, to be answered within a day. "
            "You may end the program: the next run collects them."
        )
        self._begin(batch, first_look_s=self._pace.first_look_s)
        return True

    async def _submit_and_remember(self, part: Part) -> OpenBatch:
        provider, tag = self._api.provider, secrets.token_hex(16)
        noted = await asyncio.to_thread(
            self._stored.begin, tag, provider.name, provider.endpoint, part.model, part.keys
        )
        is_first = True

        async def submit() -> str:
            # an error of the service may come after it has taken the batch
            nonlocal is_first
            name = "" if is_first else await self._look_for(noted)
            is_first = False
            return name or await self._submit(part, tag)

        try:
            name = await self._retry(submit, part.keys[0])
        except (BuilderError, _QueueIsFullError) as error:
            if not (isinstance(error, ProviderError) and is_unsure(error)):
                await asyncio.to_thread(self._stored.close, noted)
            raise
        return await asyncio.to_thread(self._stored.accept, noted, name)

    async def _submit(self, part: Part, tag: str) -> str:
        try:
            return await self._api.submit(part.lines, part.model, tag)
        except ProviderError as error:
            if error.kind == "rate_limit":
                raise _QueueIsFullError(error) from error
            raise

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
            self._resolve(answer.key, answer.outcome)
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
            self._resolve(key, failure or missing)

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
            ask = self._asks.get(answer.key)
            await self._keep(Entry(answer.key, ask.request if ask else ChatRequest(model, ()), answer.outcome))

    def _resolve(self, key: str, outcome: GenerationResult | BaseException) -> None:
        """Wake whoever waits for ``key``; an answer that nobody has asked for yet is kept for who will."""
        self._waiting.pop(key, None)
        ask = self._asks.pop(key, None)
        if ask is None:
            if isinstance(outcome, GenerationResult) or (isinstance(outcome, ProviderError) and outcome.usage):
                self._unasked[key] = outcome
            return
        if ask.answer.done():
            return
        if isinstance(outcome, BaseException):
            ask.answer.set_exception(outcome)
            ask.answer.exception()  # seen: whoever asked may have been cancelled
        else:
            ask.answer.set_result(outcome)

    async def _guard(self, work: Callable[[], Awaitable[None]], keys: Iterable[str]) -> None:
        """Do ``work``; when it fails, so do the requests that depend on it, and nobody waits for ever."""
        try:
            await work()
        except RunStoppedError as error:
            self._fail(
                keys, RunStoppedError(str(error), fix=f"Batches at {self._name} go on: run again to collect them.")
            )
        except BuilderError as error:
            self._fail(keys, error)
        except BaseException as error:
            self._fail(keys, error)
            raise

    def _fail(self, keys: Iterable[str], error: BaseException) -> None:
        for key in list(keys):
            self._resolve(key, error)


def _unpack(outcome: GenerationResult | ProviderError) -> GenerationResult:
    if isinstance(outcome, ProviderError):
        raise outcome
    return outcome
