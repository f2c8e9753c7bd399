"""The account of a run: what is paid is counted, what is not told is estimated, and caps hold under any concurrency."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from src.core.errors import ProviderError, RunStoppedError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Message, Usage
from src.generation.budget import Budget, Caps, Price, billed, count_prompt
from src.generation.engine import Engine
from src.generation.team import Member
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S

DEAR = WriterModel("gpt-4o-mini", 8000, 500, input_price=1000.0, output_price=1000.0)
UNKNOWN = WriterModel("nobody-knows", 8000, 500)


class Slow(FakeProvider):
    """Takes a moment for every answer, so that many are in flight; each costs 15 tokens."""

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        await asyncio.sleep(0.001)
        return GenerationResult("an answer", request.model, Usage(10, 5))


def request(text: str = "How hot is it?", model: str = "gpt-4o-mini") -> ChatRequest:
    return ChatRequest(model, (Message("user", text),))


def run_until_capped(tmp_path: Path, caps: Caps, *, model: WriterModel = DEAR, workers: int = 8) -> tuple[Engine, int]:
    provider = Slow()
    kept = 0

    async def run() -> Engine:
        nonlocal kept
        with Store(tmp_path / "memory.db") as store:
            engine = Engine(
                [Member(provider, workers, model)],
                Journal(store),
                max_retries=0,
                timeout_s=PATIENCE_S,
                budget=Budget(caps),
            )

            async def work(item: int) -> str:
                return (await engine.ask(request(), str(item))).text

            try:
                async for _ in engine.map_ordered(range(200), work):
                    kept += 1
            except RunStoppedError as error:
                assert "is reached" in str(error)
                assert "run again" in error.fix
            await engine.aclose()
            assert len(provider.requests) == engine.calls
            return engine

    return asyncio.run(run()), kept


def test_a_cap_on_requests_holds_exactly(tmp_path: Path) -> None:
    engine, kept = run_until_capped(tmp_path, Caps(requests=50))
    assert (engine.calls, kept) == (50, 50)


def test_a_cap_on_tokens_is_used_up_and_not_crossed(tmp_path: Path) -> None:
    engine, _ = run_until_capped(tmp_path, Caps(tokens=1000))
    assert 1000 - 2 * 15 <= engine.usage.tokens <= 1000


@pytest.mark.parametrize("workers", [1, 16])
def test_a_cap_in_usd_is_used_up_and_not_crossed(tmp_path: Path, workers: int) -> None:
    engine, _ = run_until_capped(tmp_path, Caps(usd=1.0), workers=workers)
    assert engine.cost_usd is not None
    assert 1.0 - 2 * 0.015 <= engine.cost_usd <= 1.0


def test_an_unknown_price_leaves_the_other_caps_and_no_usd(tmp_path: Path) -> None:
    engine, _ = run_until_capped(tmp_path, Caps(usd=0.01, requests=20), model=UNKNOWN)
    assert engine.calls == 20
    assert engine.cost_usd is None


def test_without_caps_nothing_is_held_back(tmp_path: Path) -> None:
    engine, kept = run_until_capped(tmp_path, Caps())
    assert (engine.calls, kept) == (200, 200)
    assert engine.cost_usd == pytest.approx(200 * 0.015)


def test_what_came_from_the_journal_costs_nothing_and_passes_every_cap(tmp_path: Path) -> None:
    run_until_capped(tmp_path, Caps(requests=50))
    engine, kept = run_until_capped(tmp_path, Caps(requests=10))
    assert (engine.calls, engine.cached_calls, kept) == (10, 50, 60)


def test_a_failed_call_gives_back_what_was_held_for_it() -> None:
    async def run() -> None:
        budget = Budget(Caps(requests=1))
        await budget.hold("a", request(), None)
        waiting = asyncio.create_task(budget.hold("b", request(), None))
        await asyncio.sleep(0)
        assert not waiting.done()
        budget.release("a")
        await waiting
        budget.charge("b", Usage(1, 1), None)
        budget.release("b")
        with pytest.raises(RunStoppedError, match=r"cap of 1 request is reached \(paid so far: 1 request, 2 tokens"):
            await budget.hold("c", request(), None)

    asyncio.run(run())


def test_who_gives_up_while_waiting_holds_nothing() -> None:
    async def run() -> None:
        budget = Budget(Caps(requests=1))
        await budget.hold("a", request(), None)
        gone = asyncio.create_task(budget.hold("b", request(), None))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        budget.release("a")
        await budget.hold("c", request(), None)

    asyncio.run(run())


def test_a_discount_is_taken_off_the_price() -> None:
    assert Price(DEAR).of(Usage(500, 500)) == 1.0
    assert Price(DEAR, discount=0.5).of(Usage(500, 500)) == 0.5
    assert Price(UNKNOWN).of(Usage(1, 1)) is None


def test_what_a_provider_does_not_tell_is_counted_and_marked() -> None:
    told = GenerationResult("x", "gpt-4o-mini", Usage(3, 4))
    assert billed(told, request()) == Usage(3, 4)
    silent = billed(GenerationResult("It is very hot.", "gpt-4o-mini"), request())
    assert silent.estimated
    assert silent.input_tokens == count_prompt(request())
    assert silent.output_tokens == 5
    half = billed(GenerationResult("It is very hot.", "gpt-4o-mini", Usage(3, 0)), request())
    assert (half.input_tokens, half.output_tokens, half.estimated) == (3, 5, True)
    refusal = ProviderError("no", kind="refused")
    refusal.usage = Usage()
    assert billed(refusal, request()).estimated
    assert billed(GenerationResult("Hm.", "nobody-knows"), request(model="nobody-knows")).input_tokens > 0


def test_an_estimated_usage_is_journalled_and_the_sum_says_so(tmp_path: Path) -> None:
    with Store(tmp_path / "memory.db") as store:
        provider = FakeProvider([GenerationResult("It is very hot.", "gpt-4o-mini"), "told"])
        engine = Engine(provider, Journal(store), max_retries=0, timeout_s=PATIENCE_S)
        fresh = asyncio.run(engine.ask(request(), "1"))
        asyncio.run(engine.ask(request(), "2"))
        later = Engine(FakeProvider(), Journal(store), max_retries=0, timeout_s=PATIENCE_S)
        again = asyncio.run(later.ask(request(), "1"))
    assert (engine.budget.estimated_requests, engine.usage.estimated) == (1, True)
    assert fresh.usage.tokens == again.usage.tokens > 5
