"""Who waits for an answer gets it, once; what comes too early is kept where it was paid for."""

from __future__ import annotations

import asyncio

import pytest

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Usage
from src.generation.batch_asks import Asks

REQUEST = ChatRequest("m", ())
ANSWER = GenerationResult("Yes.", "m")
FREE = ProviderError("down", kind="server")
PAID = ProviderError("not usable", kind="malformed")
PAID.usage = Usage(3, 4)


def test_who_waits_is_woken_and_forgotten() -> None:
    async def ask() -> GenerationResult:
        asks = Asks()
        asks.add("k", REQUEST)
        asks.unsent["k"] = None
        assert asks.unsent_requests() == {"k": REQUEST}
        assert asks.request_of("k") == REQUEST
        waiting = asyncio.create_task(asks.wait_for("k"))
        await asyncio.sleep(0)
        asks.resolve("k", ANSWER)
        assert "k" not in asks
        assert not asks.unsent
        assert asks.request_of("k") is None
        return await waiting

    assert asyncio.run(ask()) == ANSWER


def test_a_failure_reaches_all_who_depend_on_it() -> None:
    async def ask() -> list[object]:
        asks = Asks()
        for key in "ab":
            asks.add(key, REQUEST)
        waiting = [asyncio.create_task(asks.wait_for(key)) for key in "ab"]
        await asyncio.sleep(0)
        asks.fail("ab", FREE)
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    assert asyncio.run(ask()) == [FREE, FREE]


def test_an_early_answer_is_given_away_once() -> None:
    asks = Asks()
    asks.resolve("k", ANSWER)
    assert asks.take_early("k") == ANSWER
    assert asks.take_early("k") is None


def test_of_early_failures_only_those_that_cost_something_are_kept() -> None:
    asks = Asks()
    asks.resolve("free", FREE)
    asks.resolve("paid", PAID)
    assert asks.take_early("free") is None
    with pytest.raises(ProviderError, match="not usable"):
        asks.take_early("paid")
