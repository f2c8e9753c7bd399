"""All four modes for each of the five providers: the real agents, the real engine and the real SDKs over loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any, get_args

import pytest

from src.agents import load_agent
from src.agents.base_agent import AgentTools
from src.core.config import RunConfig, with_values
from src.core.errors import ProviderError
from src.core.types import Mode, ProviderName, Rejection, Sample, SourceDocument
from src.generation.engine import Engine
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.providers import load_provider
from src.providers.base_provider import Connection
from src.providers.lookup import default_writer
from tests.agents.makers import CHAT, FAQ, GUIDE, PROMPTS, answer_from, make_document, reasons, samples
from tests.patience import PATIENCE_S
from tests.stub_server import StubServer

REMOTE: tuple[ProviderName, ...] = ("openai", "anthropic", "google", "mistral", "llama")
MODES: tuple[Mode, ...] = get_args(Mode)
KEY = "sk-loopback-0123456789"
DOCUMENTS = [
    make_document(GUIDE, "guide.md"),
    make_document(FAQ, "faq.txt"),
    make_document(f"{GUIDE.replace('mill', 'weir')}\n{CHAT}", "both.md"),
]

every_provider = pytest.mark.parametrize("provider", REMOTE)


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with StubServer(lambda request: answer_from(request.prompt, request.schema or {})) as server:
        yield server


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def run(
    stub: StubServer,
    journal: Journal,
    provider: ProviderName,
    mode: Mode,
    documents: list[SourceDocument],
    concurrency: int = 4,
) -> list[Sample | Rejection]:
    async def propose() -> list[Sample | Rejection]:
        adapter = load_provider(provider)(Connection(api_key=KEY, base_url=stub.url(provider), timeout_s=PATIENCE_S))
        engine = Engine(adapter, journal, max_retries=2, timeout_s=PATIENCE_S, concurrency=concurrency)
        config = with_values(RunConfig(), {"mode": mode})
        agent = load_agent(mode, AgentTools(config, PROMPTS, engine, default_writer(provider)))
        try:
            async with aclosing(agent.run(documents, 6)) as proposals:
                return [proposal async for proposal in proposals]
        finally:
            await adapter.aclose()

    return asyncio.run(propose())


@every_provider
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_reaches_its_size_with_every_provider(
    stub: StubServer, journal: Journal, provider: ProviderName, mode: Mode
) -> None:
    found = samples(run(stub, journal, provider, mode, DOCUMENTS))
    # identify has five conversations to take: four of the questions and one dialogue
    assert len(found) == (5 if mode == "identify" else 6)
    assert {sample.origin for sample in found} == {
        "create": {"generated"},
        "free": {"generated"},
        "identify": {"extracted"},
        "hybrid": {"extracted", "generated"},
    }[mode]
    assert bool(stub.calls) == (mode != "identify")
    assert all(call.schema is not None for call in stub.calls)


@every_provider
def test_an_interrupted_run_pays_only_for_what_is_missing(
    stub: StubServer, journal: Journal, provider: ProviderName
) -> None:
    stub.script("ok", "ok", "ok", "401")
    with pytest.raises(ProviderError) as caught:
        run(stub, journal, provider, "create", DOCUMENTS, concurrency=1)
    assert caught.value.kind == "auth"
    assert "run again" in caught.value.fix
    assert KEY not in f"{caught.value} {caught.value.fix}"
    assert len(samples(run(stub, journal, provider, "create", DOCUMENTS))) == 6
    asked = [call.prompt for call in stub.calls]
    assert len(asked) == len(set(asked)) + 1  # only what failed is asked for twice


@every_provider
def test_faults_of_the_way_are_overcome_and_faults_of_an_answer_cost_one_slot(
    stub: StubServer, journal: Journal, provider: ProviderName
) -> None:
    stub.script("429_0.01", "500", "close", "refusal", "length")
    items = run(stub, journal, provider, "create", DOCUMENTS)
    assert len(samples(items)) == 6
    assert {reason: reasons(items)[reason] for reason in ("refused", "truncated_answer")} == {
        "refused": 1,
        "truncated_answer": 1,
    }


@every_provider
def test_answers_in_prose_are_asked_for_again(stub: StubServer, journal: Journal, provider: ProviderName) -> None:
    seen: set[str] = set()

    def answer(prompt: str, schema: Mapping[str, Any]) -> str:
        if "cannot be used" in prompt or json.dumps(prompt) in seen:
            return answer_from(prompt, schema)
        seen.add(json.dumps(prompt))
        return "Here is what I think about the mill."

    stub.responder = lambda request: answer(request.prompt, request.schema or {})
    items = run(stub, journal, provider, "create", DOCUMENTS)
    assert len(samples(items)) == 6
    assert len(stub.calls) == 2 * len(items)
