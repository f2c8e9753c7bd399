"""The first wish to stop lets finish what is in flight, the second leaves at once."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from src.core.errors import ProviderError, RunStoppedError
from src.core.types import ChatRequest, GenerationResult, Message
from src.generation.engine import Engine
from src.generation.stopping import GO_ON, StopSwitch, stop_on_interrupt
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S


class Held(FakeProvider):
    """Answers when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        await self.gate.wait()
        return GenerationResult(f"re: {request.messages[0].content}", "m")


def make_engine(provider: FakeProvider, store: Store) -> Engine:
    return Engine(provider, Journal(store), max_retries=3, timeout_s=PATIENCE_S, concurrency=2)


async def ask(engine: Engine, number: int) -> str:
    return (await engine.ask(ChatRequest("m", (Message("user", str(number)),)), str(number))).text


def test_the_first_wish_finishes_what_is_in_flight_and_starts_nothing(tmp_path: Path) -> None:
    async def run(store: Store) -> None:
        provider = Held()
        engine = make_engine(provider, store)
        seen: list[str] = []

        async def consume() -> None:
            async for text in engine.map_ordered(range(20), lambda number: ask(engine, number)):
                seen.append(text)  # noqa: PERF401 - what came before the stop counts

        run_task = asyncio.create_task(consume())
        while len(provider.requests) < 2:
            await asyncio.sleep(0.001)
        engine.stop.turn_on()
        engine.stop.turn_on()
        provider.gate.set()
        with pytest.raises(RunStoppedError) as caught:
            await run_task
        await engine.aclose()
        assert caught.value.fix == GO_ON
        assert seen == ["re: 0", "re: 1"]
        assert len(provider.requests) == 2

    with Store(tmp_path / "memory.db") as store:
        asyncio.run(run(store))
        again = make_engine(FakeProvider(["fresh"], forever=True), store)
        assert asyncio.run(ask(again, 1)) == "re: 1"
        assert asyncio.run(ask(again, 2)) == "fresh"


def test_a_stop_ends_the_wait_for_a_retry(tmp_path: Path) -> None:
    async def run(store: Store) -> None:
        waits = ProviderError("wait", kind="rate_limit", retry_after=200)
        engine = make_engine(FakeProvider([waits]), store)
        asked = asyncio.create_task(ask(engine, 1))
        await asyncio.sleep(0.05)
        engine.stop.turn_on()
        with pytest.raises(RunStoppedError):
            await asked

    with Store(tmp_path / "memory.db") as store:
        asyncio.run(run(store))


def test_answers_in_the_journal_come_even_after_a_stop(tmp_path: Path) -> None:
    async def run(store: Store) -> str:
        engine = make_engine(FakeProvider(["paid"]), store)
        await ask(engine, 1)
        engine.stop.turn_on()
        return await ask(engine, 1)

    with Store(tmp_path / "memory.db") as store:
        assert asyncio.run(run(store)) == "paid"


def test_ctrl_c_turns_the_switch_on_and_a_second_one_leaves_at_once() -> None:
    told: list[str] = []
    events: list[str] = []

    async def run() -> None:
        switch = StopSwitch()
        with stop_on_interrupt(switch, told.append):
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(0.01)
            events.append(f"on: {switch.is_on}")
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(30)
            events.append("not reached")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(RunStoppedError, match="at once") as caught:
        asyncio.run(run())
    assert events == ["on: True"]
    assert len(told) == 1
    assert caught.value.fix == GO_ON
    assert signal.getsignal(signal.SIGINT) is before


def test_a_cancellation_that_is_no_ctrl_c_stays_one() -> None:
    async def run() -> None:
        async def work() -> None:
            with stop_on_interrupt(StopSwitch(), print):
                await asyncio.sleep(30)

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_the_switch_sleeps_until_the_time_is_over_or_it_is_turned_on() -> None:
    async def run() -> None:
        switch = StopSwitch()
        await switch.sleep(0.01)
        switch.turn_on("The cap of 5 USD is reached.")
        switch.turn_on()
        with pytest.raises(RunStoppedError):
            await switch.sleep(30)
        with pytest.raises(RunStoppedError, match="cap of 5 USD"):
            switch.check()

    asyncio.run(run())
