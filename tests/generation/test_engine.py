"""The engine: journal before provider, bounded workers, results in order, nothing left running."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Message, Usage
from src.generation.engine import READ_AHEAD, Engine
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.fakes import FakeProvider


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


async def no_sleep(_seconds: float) -> None:
    return


def make_engine(provider: FakeProvider, journal: Journal, **settings: float) -> Engine:
    return Engine(
        provider,
        journal,
        max_retries=int(settings.get("max_retries", 2)),
        timeout_s=settings.get("timeout_s", 5.0),
        concurrency=int(settings.get("concurrency", 4)),
        sleep=no_sleep,
    )


def request(text: str = "hello") -> ChatRequest:
    return ChatRequest("m", (Message("user", text),))


async def collect(results: AsyncIterator[int]) -> list[int]:
    return [result async for result in results]


def test_an_answer_is_paid_once_and_read_from_the_journal_afterwards(journal: Journal) -> None:
    provider = FakeProvider(["first"])
    engine = make_engine(provider, journal)
    fresh = asyncio.run(engine.ask(request(), "slot"))
    again = asyncio.run(make_engine(FakeProvider(), journal).ask(request(), "slot"))
    assert (fresh.text, fresh.cached) == ("first", False)
    assert (again.text, again.cached) == ("first", True)
    assert again.usage == fresh.usage


def test_slots_and_attempts_get_answers_of_their_own(journal: Journal) -> None:
    engine = make_engine(FakeProvider(["a", "b", "c"]), journal)

    async def ask_all() -> list[str]:
        return [(await engine.ask(request(), slot, attempt)).text for slot, attempt in [("1", 0), ("2", 0), ("1", 1)]]

    assert asyncio.run(ask_all()) == ["a", "b", "c"]


def test_counters_leave_out_what_came_from_the_journal(journal: Journal) -> None:
    engine = make_engine(FakeProvider(["a", "b"]), journal)
    for slot in ("1", "2", "1"):
        asyncio.run(engine.ask(request(), slot))
    assert (engine.calls, engine.cached_calls, engine.usage) == (2, 1, Usage(20, 10))


def test_an_answer_that_was_cut_off_is_journalled_too(journal: Journal) -> None:
    cut = GenerationResult("half", "m", Usage(3, 2), finish_reason="length")
    asyncio.run(make_engine(FakeProvider([cut]), journal).ask(request(), "s"))
    stored = asyncio.run(make_engine(FakeProvider(), journal).ask(request(), "s"))
    assert stored.finish_reason == "length"


def test_a_failed_call_is_retried_and_not_journalled(journal: Journal) -> None:
    provider = FakeProvider([ProviderError("down", kind="server"), "up"])
    engine = make_engine(provider, journal)
    assert asyncio.run(engine.ask(request(), "s")).text == "up"
    assert len(provider.requests) == 2
    assert engine.calls == 1


def test_an_answer_that_takes_too_long_is_a_timeout_with_a_fix(journal: Journal) -> None:
    class Slow(FakeProvider):
        async def generate(self, request: ChatRequest) -> GenerationResult:
            self.requests.append(request)
            await asyncio.sleep(10)
            raise AssertionError

    provider = Slow()
    with pytest.raises(ProviderError, match=r"within 0\.02 s") as caught:
        asyncio.run(make_engine(provider, journal, timeout_s=0.02, max_retries=1).ask(request(), "s"))
    assert caught.value.kind == "timeout"
    assert "system.timeout" in caught.value.fix
    assert len(provider.requests) == 2


def test_results_come_in_the_order_of_the_items_whatever_finishes_first(journal: Journal) -> None:
    rng = random.Random(3)

    async def work(item: int) -> int:
        await asyncio.sleep(rng.random() / 200)
        return item

    engine = make_engine(FakeProvider(), journal, concurrency=7)
    assert asyncio.run(collect(engine.map_ordered(range(100), work))) == list(range(100))


def test_no_more_than_the_allowed_number_works_at_once(journal: Journal) -> None:
    running, most = 0, 0

    async def work(item: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return item

    asyncio.run(collect(make_engine(FakeProvider(), journal, concurrency=3).map_ordered(range(30), work)))
    assert most == 3


def test_a_slow_first_item_does_not_idle_the_other_workers(journal: Journal) -> None:
    done: list[int] = []

    async def work(item: int) -> int:
        if item == 0:
            while len(done) < 2 * READ_AHEAD - 1:
                await asyncio.sleep(0)
        done.append(item)
        return item

    engine = make_engine(FakeProvider(), journal, concurrency=2)
    assert asyncio.run(collect(engine.map_ordered(range(20), work))) == list(range(20))
    assert done[0] == 1


def test_items_are_drawn_only_a_bounded_number_ahead(journal: Journal) -> None:
    drawn = 0

    def endless() -> Iterator[int]:
        nonlocal drawn
        while True:
            drawn += 1
            yield drawn

    async def work(item: int) -> int:
        return item

    async def take_five() -> list[int]:
        taken: list[int] = []
        async with aclosing(
            make_engine(FakeProvider(), journal, concurrency=2).map_ordered(endless(), work)
        ) as results:
            async for result in results:
                taken.append(result)
                if len(taken) == 5:
                    break
        return taken

    assert asyncio.run(take_five()) == [1, 2, 3, 4, 5]
    assert drawn <= 5 + 2 * READ_AHEAD


def test_closing_the_results_cancels_what_is_in_flight_and_waits_for_it(journal: Journal) -> None:
    cancelled: list[int] = []

    async def work(item: int) -> int:
        if item == 0:
            return item
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.append(item)
            raise
        return item

    async def take_one() -> None:
        async with aclosing(make_engine(FakeProvider(), journal, concurrency=3).map_ordered(range(9), work)) as results:
            async for _ in results:
                await asyncio.sleep(0.01)
                break
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(take_one())
    assert sorted(cancelled) == [1, 2, 3]


def test_a_failure_lets_earlier_results_through_and_starts_nothing_later(journal: Journal) -> None:
    started: list[int] = []

    async def work(item: int) -> int:
        started.append(item)
        if item == 3:
            raise ProviderError("no", kind="auth")
        await asyncio.sleep(0.01)
        return item

    seen: list[int] = []

    async def run() -> None:
        async for result in make_engine(FakeProvider(), journal, concurrency=4).map_ordered(range(100), work):
            seen.append(result)  # noqa: PERF401 - a comprehension would lose what came before the failure

    with pytest.raises(ProviderError, match="no"):
        asyncio.run(run())
    assert seen == [0, 1, 2]
    assert started == [0, 1, 2, 3]


def test_no_items_give_no_results(journal: Journal) -> None:
    async def work(item: int) -> int:
        return item

    assert asyncio.run(collect(make_engine(FakeProvider(), journal).map_ordered([], work))) == []


def test_a_run_stopped_at_any_point_pays_only_for_what_is_missing(journal: Journal) -> None:
    class Counting(FakeProvider):
        async def generate(self, request: ChatRequest) -> GenerationResult:
            self.requests.append(request)
            if len(self.requests) > 6:
                raise ProviderError("key revoked", kind="auth")
            return GenerationResult(f"re: {request.messages[0].content}", "m")

    async def run(provider: FakeProvider) -> list[str]:
        engine = make_engine(provider, journal, concurrency=2)

        async def work(item: int) -> str:
            return (await engine.ask(request(str(item)), str(item))).text

        return [text async for text in engine.map_ordered(range(12), work)]

    with pytest.raises(ProviderError):
        asyncio.run(run(Counting()))
    second = FakeProvider(["later"], forever=True)
    texts = asyncio.run(run(second))
    assert texts[:6] == [f"re: {number}" for number in range(6)]
    assert len(second.requests) == 6
