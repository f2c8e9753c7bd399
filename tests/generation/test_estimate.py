"""What a run will cost, said before it begins, and the engine that a configuration opens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from src.core.config import RunConfig, with_values
from src.core.errors import ConfigError, RunStoppedError
from src.core.secrets import Secrets
from src.core.types import ChatRequest, Message, Section, SourceDocument
from src.core.workspace import Workspace
from src.generation import reask
from src.generation.batch import DEFAULT_WINDOW
from src.generation.estimate import Estimate, estimate_run
from src.generation.opening import connect_team, open_engine, run_notices
from src.generation.planning.refill import ROUNDS
from src.generation.writer import find_judge, find_teachers
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.stub_server import StubServer

KEYS = Secrets({"OPENAI_API_KEY": "o", "MISTRAL_API_KEY": "m"})
TWO = [{"provider": "openai", "model": "gpt-6-luna", "weight": 3}, {"provider": "mistral", "model": "", "weight": 1}]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "memory.db") as store:
        yield store


def config(**changes: object) -> RunConfig:
    return with_values(RunConfig(), {key.replace("__", "."): value for key, value in changes.items()})


def document(paragraphs: int) -> SourceDocument:
    text = "A kiln is an oven that fires clay until it is hard and will not turn to mud again.\n\n" * paragraphs
    return SourceDocument(Path("kiln.txt"), "kiln.txt", (Section(text),), "0")


def estimate(workspace: Workspace, documents: list[SourceDocument], **changes: object) -> Estimate:
    made = config(**changes)
    found = estimate_run(made, find_teachers(made, KEYS), documents, workspace.prompts)
    assert found is not None
    return found


@pytest.mark.parametrize(("mode", "requests"), [("create", 24), ("free", 24), ("hybrid", 12), ("identify", 0)])
def test_requests_follow_the_plan_and_the_most_follows_the_loops(
    workspace: Workspace, mode: str, requests: int
) -> None:
    found = estimate(workspace, [document(300)], mode=mode)
    windows = -(-len(document(300).text) // 12_000) if mode in {"hybrid", "identify"} else 0
    written = 24 if requests else 0
    assert found.requests == requests
    assert found.most_requests == written * ROUNDS * reask.ATTEMPTS + windows * reask.ATTEMPTS
    assert found.most_usage.tokens >= found.usage.tokens


def test_judge_is_asked_about_every_draft_and_paid_for(workspace: Workspace) -> None:
    made = config(mode="create", agent__create__judge="mistral/mistral-small-2603")
    alone = estimate(workspace, [document(9)], mode="create")
    judge = find_judge(made, KEYS)
    judged = estimate_run(made, find_teachers(made, KEYS), [document(9)], workspace.prompts, judge=judge)
    assert judged is not None
    assert (judged.requests, judged.most_requests > 2 * alone.most_requests) == (2 * alone.requests, True)
    assert judged.usage.tokens > alone.usage.tokens
    assert judged.usd is not None
    assert alone.usd is not None
    assert judged.usd > alone.usd
    assert find_judge(config(mode="free", agent__create__judge="mistral/mistral-small-2603"), KEYS) is None


def test_prompts_and_passages_are_counted(workspace: Workspace) -> None:
    short = estimate(workspace, [document(1)], mode="create")
    long = estimate(workspace, [document(50)], mode="create")
    assert long.usage.input_tokens > short.usage.input_tokens
    prompt = workspace.prompts / "system/create_mode.txt"
    prompt.write_text(prompt.read_text(encoding="utf-8") * 2, encoding="utf-8")
    assert estimate(workspace, [document(1)], mode="create").usage.input_tokens > 1.5 * short.usage.input_tokens


def test_money_follows_price_discount_and_share(workspace: Workspace) -> None:
    alone = estimate(workspace, [document(9)], mode="create")
    halved = estimate(workspace, [document(9)], mode="create", generation__batch=True)
    shared = estimate(workspace, [document(9)], mode="create", generation__teachers=TWO)
    assert alone.usd is not None
    assert halved.usd == pytest.approx(alone.usd / 2)
    assert shared.usd is not None
    assert shared.usd > alone.usd
    assert (alone.minutes is None, halved.minutes is None) == (False, True)
    assert alone.is_above(alone.usd / 2)
    assert not alone.is_above(alone.usd)


def test_time_follows_the_requests_in_flight(workspace: Workspace) -> None:
    one = estimate(workspace, [document(9)], mode="create", generation__concurrency=1)
    many = estimate(workspace, [document(9)], mode="create", generation__concurrency=24)
    assert one.minutes == pytest.approx(24 * many.minutes)


def test_an_unknown_price_is_unknown_and_nobody_asks(workspace: Workspace) -> None:
    made = config(mode="create", system__agentic_llm="llama", endpoints__llama="huggingface")
    teachers = find_teachers(made, Secrets({"LLAMA_API_KEY": "hf-0123456789"}))
    found = estimate_run(made, teachers, [document(1)], workspace.prompts)
    assert found is not None
    assert (found.usd, found.most_usd, found.is_above(0)) == (None, None, False)


def test_the_embedded_model_is_no_work_to_estimate(workspace: Workspace) -> None:
    made = config(mode="create")
    assert estimate_run(made, find_teachers(made, Secrets({})), [document(1)], workspace.prompts) is None
    assert estimate_run(made, (), [document(1)], workspace.prompts) is None


def test_concurrency_is_the_users_or_what_suits() -> None:
    def of(**changes: object) -> int:
        made = config(mode="create", **changes)
        return connect_team(made, find_teachers(made, KEYS))[0].concurrency

    assert of() == 16
    assert of(generation__concurrency=3) == 3
    assert of(generation__batch=True) == DEFAULT_WINDOW
    assert of(system__agentic_llm="local", generation__concurrency=9) == 1


def test_batches_of_who_has_none_are_refused_before_anything_is_asked(store: Store) -> None:
    made = config(mode="create", system__agentic_llm="local", generation__batch=True)
    with pytest.raises(ConfigError, match="no batch API for local"):
        open_engine(made, find_teachers(made, KEYS), Journal(store))


def test_an_opened_engine_asks_its_teachers_within_the_caps(stub: StubServer, store: Store) -> None:
    made = config(
        mode="create",
        generation__teachers=TWO,
        generation__max_requests=6,
        endpoints__openai=stub.url("openai"),
        endpoints__mistral=stub.url("mistral"),
    )

    async def run() -> int:
        engine = open_engine(made, find_teachers(made, KEYS), Journal(store))
        request = ChatRequest("gpt-6-luna", (Message("user", "Why?"),))
        for slot in range(6):
            await engine.ask(request, str(slot))
        with pytest.raises(RunStoppedError, match="cap of 6 requests"):
            await engine.ask(request, "one more")
        await engine.aclose()
        assert engine.cost_usd is not None
        return engine.calls

    assert asyncio.run(run()) == 6
    assert {call.provider for call in stub.calls} == {"openai", "mistral"}


def test_what_the_user_should_know_is_said() -> None:
    made = config(mode="create", generation__max_cost_usd=5.0)
    assert run_notices(made, find_teachers(made, KEYS)) == ()
    demo = find_teachers(config(mode="create"), Secrets({}))
    assert "demo quality" in run_notices(config(mode="create"), demo)[0]
    teacher = find_teachers(made, KEYS)[0]
    unpriced = replace(teacher, writer=replace(teacher.writer, model=replace(teacher.writer.model, input_price=None)))
    with pytest.raises(ConfigError, match="max_cost_usd"):
        run_notices(made, [unpriced])
    bounded = config(mode="create", generation__max_cost_usd=5.0, generation__max_tokens=9)
    assert "The other caps hold." in run_notices(bounded, [unpriced])[0]
