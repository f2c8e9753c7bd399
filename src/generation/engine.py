"""The one way to a model: journal first, then a provider with retries, by a bounded number of workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Usage
from src.generation import worker_pool
from src.generation.batch import BatchChannel
from src.generation.budget import Budget, billed
from src.generation.channel import CallRules, Channel, Keep
from src.generation.journal_queue import JournalQueue
from src.generation.progress import Progress
from src.generation.stopping import StopSwitch
from src.generation.team import Member, rank
from src.persistence.batches import Batches
from src.persistence.journal import Entry, Journal, Stored, journal_key
from src.providers.base_provider import BaseProvider

READ_AHEAD_IN_BATCHES = 2
"""As many requests again may be prepared as wait in batches: there are tens of thousands of them."""

_Item = TypeVar("_Item")
_Outcome = TypeVar("_Outcome")


class _Ask(NamedTuple):
    """One question as one member of the team would be asked it."""

    seat: _Seat
    key: str
    request: ChatRequest


class _FirstGaveUpError(Exception):
    """Who asked first was cancelled: the next one in line asks."""


class _Seat(NamedTuple):
    member: Member
    channel: Channel | BatchChannel


class Engine:
    """Asks one provider, or a team of them. ``usage``, ``calls`` and ``cost_usd`` are what this run has paid: answers
    from the journal are left out, and counted as ``cached_calls``.

    One engine per run, used within one event loop; ``aclose`` ends it.
    """

    def __init__(  # noqa: PLR0913 what a caller does not name has a good default
        self,
        team: BaseProvider | Sequence[Member],
        journal: Journal,
        *,
        max_retries: int,
        timeout_s: float,
        concurrency: int = 1,
        stop: StopSwitch | None = None,
        progress: Progress | None = None,
        budget: Budget | None = None,
    ) -> None:
        """``max_retries`` and ``timeout_s`` are the user's; ``concurrency`` calls of a provider without a team are in
        flight at most. ``progress`` hears of every answer the moment it is stored."""
        members = [Member(team, max(1, concurrency))] if isinstance(team, BaseProvider) else list(team)
        self.concurrency = sum(member.concurrency for member in members)
        self.stop = stop or StopSwitch()
        self.budget = budget or Budget()
        self.cached_calls = 0
        self._progress = progress
        self._journal = JournalQueue(journal)
        self._said: set[str] = set()
        self._in_flight: dict[str, asyncio.Future[GenerationResult]] = {}
        rules = CallRules(max_retries, timeout_s, self.stop, self._note)
        self._seats = [_Seat(member, self._open_channel(member, journal, rules)) for member in members]
        self._in_batches = any(member.batch for member in members)

    @property
    def usage(self) -> Usage:
        """The tokens that were paid for."""
        return self.budget.usage

    @property
    def calls(self) -> int:
        """The answers that were paid for."""
        return self.budget.requests

    @property
    def cost_usd(self) -> float | None:
        """What they have cost, batch discounts counted; None where a price is not known."""
        return self.budget.cost_usd

    async def ask(self, request: ChatRequest, slot: str, attempt: int = 0) -> GenerationResult:
        """The answer to ``request`` for one slot of a plan, from the journal when it was ever paid for.

        ``slot`` and ``attempt`` tell equal requests apart: two samples with one prompt get two answers, a re-ask is a
        new attempt. An answer is in the journal before this returns, and so is one that was paid for and cannot be
        used (refused, empty): the journal raises its ProviderError again. Of a team the slot's own member is asked,
        and the next one when that is out of service. Who asks what is being asked already gets that answer, as if from
        the journal. Raises ProviderError when no try succeeded; RunStoppedError when the user asked to stop or a cap is
        reached, and the answer is not in the journal.
        """
        asks = self._asks(request, slot, attempt)
        key = asks[0].key
        while key in self._in_flight:
            try:  # shielded: who gives up waiting takes nothing from the others
                result = await asyncio.shield(self._in_flight[key])
            except _FirstGaveUpError:
                continue
            self.cached_calls += 1
            return replace(result, cached=True)
        first = self._in_flight[key] = asyncio.get_running_loop().create_future()
        try:
            result = await self._find_or_ask(asks)
        except BaseException as error:
            first.set_exception(error if isinstance(error, Exception) else _FirstGaveUpError())
            first.exception()  # looked at, whether or not anybody waits
            raise
        else:
            first.set_result(result)
            return result
        finally:
            del self._in_flight[key]

    async def _find_or_ask(self, asks: Sequence[_Ask]) -> GenerationResult:
        for ask, stored in zip(asks, await self._find(asks), strict=True):
            if stored is not None:
                self.cached_calls += 1
                if isinstance(stored, ProviderError):
                    raise stored
                return replace(self._named(stored, ask, asks), cached=True)
        return await self._ask_first_able(asks)

    def map_ordered(
        self, items: Iterable[_Item], work: Callable[[_Item], Awaitable[_Outcome]]
    ) -> AsyncGenerator[_Outcome, None]:
        """``await work(item)`` for every item, many at a time, results in the order of the items; see worker_pool.

        There are more workers than calls in flight: one that waits after a refusal leaves its place to another.
        """
        if self._in_batches:
            return worker_pool.map_ordered(items, work, self.concurrency, read_ahead=READ_AHEAD_IN_BATCHES)
        return worker_pool.map_ordered(items, work, 2 * self.concurrency - 1)

    async def aclose(self) -> None:
        """Wait for the journal and release the providers' connections. Safe to call twice."""
        for seat in self._seats:
            await seat.channel.aclose()
        await self._journal.aclose()
        for seat in self._seats:
            await seat.member.provider.aclose()

    def _open_channel(self, member: Member, journal: Journal, rules: CallRules) -> Channel | BatchChannel:
        keep = self._keeper(member)
        if member.batch:
            return BatchChannel(member.batch, Batches(journal), keep, rules, pace=member.pace)
        return Channel(member.provider, keep, rules, concurrency=member.concurrency)

    def _asks(self, request: ChatRequest, slot: str, attempt: int) -> list[_Ask]:
        """The question for every member, in the order in which they are asked."""
        names = [seat.member.name for seat in self._seats]
        order = rank(names, [seat.member.weight for seat in self._seats], slot) if len(names) > 1 else [0]
        asks = []
        for seat in (self._seats[index] for index in order):
            own = seat.member.adapt(request)
            provider = seat.member.provider
            asks.append(_Ask(seat, journal_key(provider.name, own, slot, attempt, endpoint=provider.endpoint), own))
        return asks

    async def _find(self, asks: Sequence[_Ask]) -> list[Stored | None]:
        if len(asks) == 1:  # without a task for every question
            return [await self._journal.find(asks[0].key)]
        return await asyncio.gather(*(self._journal.find(ask.key) for ask in asks))

    async def _ask_first_able(self, asks: Sequence[_Ask]) -> GenerationResult:
        for ask in asks:
            channel = ask.seat.channel
            try:
                if channel.ended is not None:
                    raise channel.ended
                return self._named(await self._pay(ask), ask, asks)
            except ProviderError as error:
                if not error.ends_run or ask is asks[-1]:
                    raise
                self._tell_failover(ask.seat.member, error)
        raise AssertionError("a team has members")

    async def _pay(self, ask: _Ask) -> GenerationResult:
        await self.budget.hold(ask.key, ask.request, ask.seat.member.price)
        try:
            result = await ask.seat.channel.call(ask.key, ask.request)
            return replace(result, usage=billed(result, ask.request))
        finally:
            self.budget.release(ask.key)

    def _named(self, result: GenerationResult, ask: _Ask, asks: Sequence[_Ask]) -> GenerationResult:
        if len(asks) == 1:
            return result
        own = asks[0].seat.member
        taker = ask.seat.member
        return replace(result, teacher=taker.name, failover_from="" if taker is own else own.name)

    def _keeper(self, member: Member) -> Keep:
        async def keep(entry: Entry) -> None:
            usage = billed(entry.outcome, entry.request)
            if isinstance(entry.outcome, ProviderError):
                entry.outcome.usage = usage
            else:
                entry = entry._replace(outcome=replace(entry.outcome, usage=usage))
            await self._journal.record(entry)
            self.budget.charge(entry.key, usage, member.price)
            if self._progress is not None:
                self._progress.paid(self.usage, self.cost_usd)

        return keep

    def _tell_failover(self, member: Member, error: ProviderError) -> None:
        if member.name not in self._said:
            self._said.add(member.name)
            self._note(f"{member.name} is out of service, others write its samples: {error}")

    def _note(self, line: str) -> None:
        if self._progress is not None:
            self._progress.note(line)
