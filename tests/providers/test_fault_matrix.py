"""Every fault of a wire, through every vendor's real SDK and the engine: what comes of it, and what it cost."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from src.core.errors import ProviderError
from src.core.types import ChatRequest, GenerationResult, Message, ProviderName
from src.generation.engine import Engine
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.providers import load_provider
from src.providers.base_provider import BaseProvider, Connection
from tests.stub_server import StubServer


class Case(NamedTuple):
    """``fault`` as the stub knows it; ``calls`` reach the server; asked again, ``calls_again`` more do."""

    fault: str
    outcome: str
    calls: int
    calls_again: int
    ends_run: bool = False


CASES = (
    Case("401", "auth", 1, 1, ends_run=True),
    Case("403", "auth", 1, 1, ends_run=True),
    Case("404", "not_found", 1, 1, ends_run=True),
    Case("429_0.05x1", "answer", 2, 0),
    Case("429_900", "rate_limit", 1, 1, ends_run=True),
    Case("quota", "auth", 1, 1, ends_run=True),
    Case("toolong", "too_long", 1, 1),
    Case("500x1", "answer", 2, 0),
    Case("500", "server", 2, 2, ends_run=True),
    Case("529x1", "answer", 2, 0),
    Case("slow_1.5x1", "answer", 2, 0),
    Case("closex1", "answer", 2, 0),
    Case("badjsonx1", "answer", 2, 0),
    Case("badjson", "malformed", 2, 2),
    Case("htmlx1", "answer", 2, 0),
    Case("emptyx1", "answer", 2, 0),
    Case("refusal", "refused", 1, 0),
    Case("nochoice", "malformed", 1, 0),
    Case("length", "cut answer", 1, 0),
    Case("nousage", "answer", 1, 0),
)


async def ask(engine: Engine, fault: str) -> str:
    """What a question to the model with that fault comes to; every failure tells what to do."""
    try:
        result = await engine.ask(ChatRequest(f"fault-{fault}", (Message("user", "How hot is a kiln?"),)), fault)
    except ProviderError as error:
        assert str(error)
        assert error.ends_run == next(case.ends_run for case in CASES if case.fault == fault)
        return error.kind
    assert result.text
    return "answer" if result.finish_reason == "stop" else "cut answer"


async def run_matrix(provider: BaseProvider, store: Store) -> dict[str, str]:
    """One engine for each case, so that one that ends its run does not end the others; one client for all."""

    def make_engine() -> Engine:
        return Engine(provider, Journal(store), max_retries=1, timeout_s=10, concurrency=2)

    outcomes = await asyncio.gather(*(ask(make_engine(), case.fault) for case in CASES))
    return {case.fault: outcome for case, outcome in zip(CASES, outcomes, strict=True)}


@pytest.mark.parametrize("name", ["openai", "anthropic", "google", "mistral", "llama"])
def test_every_fault_ends_as_its_rule_says_and_nothing_is_paid_twice(
    stub: StubServer, tmp_path: Path, name: ProviderName
) -> None:
    async def story(store: Store) -> None:
        provider = load_provider(name)(Connection(api_key="k", base_url=stub.url(name), timeout_s=0.9))
        warm = await provider.generate(ChatRequest("any", (Message("user", "hello"),)))  # the SDK's import takes time
        assert isinstance(warm, GenerationResult)
        try:
            stub.calls.clear()
            assert await run_matrix(provider, store) == {case.fault: case.outcome for case in CASES}
            assert count(stub) == {case.fault: case.calls for case in CASES}
            stub.calls.clear()
            assert await run_matrix(provider, store) == {case.fault: case.outcome for case in CASES}
            assert count(stub) == {case.fault: case.calls_again for case in CASES if case.calls_again}
        finally:
            await provider.aclose()

    with Store(tmp_path / "memory.db") as store:
        asyncio.run(story(store))


def count(stub: StubServer) -> dict[str, int]:
    return dict(Counter(call.model.removeprefix("fault-") for call in stub.calls))
