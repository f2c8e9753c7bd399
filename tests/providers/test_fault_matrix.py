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
HANG = Case("slow_60x1", "answer", 2, 0)
"""Asked apart and with little patience: on a busy machine, the others need theirs."""


async def ask(engine: Engine, fault: str) -> str:
    """What a question to the model with that fault comes to; every failure tells what to do."""
    try:
        result = await engine.ask(ChatRequest(f"fault-{fault}", (Message("user", "How hot is a kiln?"),)), fault)
    except ProviderError as error:
        assert str(error)
        assert error.ends_run == next(case.ends_run for case in (*CASES, HANG) if case.fault == fault)
        return error.kind
    assert result.text
    return "answer" if result.finish_reason == "stop" else "cut answer"


async def run_matrix(provider: BaseProvider, hasty: BaseProvider, store: Store) -> dict[str, str]:
    """One engine for each case, so that one that ends its run does not end the others; one client for all."""

    def make_engine(asked: BaseProvider) -> Engine:
        return Engine(asked, Journal(store), max_retries=1, timeout_s=60, concurrency=2)

    outcomes = await asyncio.gather(*(ask(make_engine(provider), case.fault) for case in CASES))
    outcomes.append(await ask(make_engine(hasty), HANG.fault))
    return {case.fault: outcome for case, outcome in zip((*CASES, HANG), outcomes, strict=True)}


@pytest.mark.parametrize("name", ["openai", "anthropic", "google", "mistral", "llama"])
def test_every_fault_ends_as_its_rule_says_and_nothing_is_paid_twice(
    stub: StubServer, tmp_path: Path, name: ProviderName
) -> None:
    async def story(store: Store) -> None:
        provider, hasty = (
            load_provider(name)(Connection(api_key="k", base_url=stub.url(name), timeout_s=patience_s))
            for patience_s in (60.0, 1.2)
        )
        cases = (*CASES, HANG)
        try:
            for one in (provider, hasty):  # the SDK's import and its client take time
                warm = await one.generate(ChatRequest("any", (Message("user", "hello"),)))
                assert isinstance(warm, GenerationResult)
            stub.calls.clear()
            assert await run_matrix(provider, hasty, store) == {case.fault: case.outcome for case in cases}
            assert count(stub) == {case.fault: case.calls for case in cases}
            stub.calls.clear()
            assert await run_matrix(provider, hasty, store) == {case.fault: case.outcome for case in cases}
            assert count(stub) == {case.fault: case.calls_again for case in cases if case.calls_again}
        finally:
            await provider.aclose()
            await hasty.aclose()

    with Store(tmp_path / "memory.db") as store:
        asyncio.run(story(store))


def count(stub: StubServer) -> dict[str, int]:
    return dict(Counter(call.model.removeprefix("fault-") for call in stub.calls))
