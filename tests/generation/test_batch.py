"""Batches of every vendor through its real SDK: sent, followed, collected, failed in parts, resumed, cancelled."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from src.core.errors import ConfigError, ProviderError, RunStoppedError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Message, ProviderName, Usage
from src.generation.answer_parser import ParseFailure
from src.generation.batch_sending import Pace
from src.generation.budget import Budget, Caps
from src.generation.engine import Engine
from src.generation.progress import Progress
from src.generation.reask import Question, ask_and_parse
from src.generation.stopping import StopSwitch
from src.generation.team import Member
from src.persistence.batches import list_open_batches
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.providers import load_provider
from src.providers.base_provider import Connection
from src.providers.batch_api import open_batch_api
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S
from tests.stub_server import StubServer

ROOT = Path(__file__).parents[2]
VENDORS: tuple[ProviderName, ...] = ("openai", "anthropic", "google", "mistral", "llama")
MODEL = WriterModel("some-model", 8000, 500, input_price=1.0, output_price=1.0)
FAST = Pace(settle_s=0.01, first_look_s=0.01, longest_look_s=0.02, listed_s=0.05)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "memory.db") as store:
        yield store


def request(text: str) -> ChatRequest:
    return ChatRequest(MODEL.id, (Message("user", text),), json_schema=None, seed=7)


@asynccontextmanager
async def opened(
    vendor: ProviderName, stub: StubServer, store: Store, *, max_requests: int = 1000, edition: str = "", **more: object
) -> AsyncIterator[Engine]:
    provider = load_provider(vendor)(Connection(api_key="k", base_url=stub.url(vendor), timeout_s=PATIENCE_S))
    api = open_batch_api(provider)
    api.offer = replace(api.offer, max_requests=max_requests)
    member = Member(provider, 100, MODEL, batch=api, pace=FAST)
    engine = Engine([member], Journal(store, edition), timeout_s=PATIENCE_S, **{"max_retries": 1, **more})  # type: ignore[arg-type]
    try:
        yield engine
    finally:
        await engine.aclose()


async def ask(engine: Engine, text: str) -> str:
    try:
        result = await engine.ask(request(text), text)
    except ProviderError as error:
        return f"{error.kind}, ends the run" if error.ends_run else error.kind
    return result.text


def taken_batches(store: Store) -> list[str]:
    return [batch.id for batch in list_open_batches(store) if batch.id]


def ask_all(
    vendor: ProviderName, stub: StubServer, store: Store, texts: Sequence[str], **settings: object
) -> tuple[list[str], Engine]:
    async def run() -> tuple[list[str], Engine]:
        async with opened(vendor, stub, store, **settings) as engine:  # type: ignore[arg-type]
            outcomes = [text async for text in engine.map_ordered(texts, lambda text: ask(engine, text))]
            return outcomes, engine

    return asyncio.run(run())


TEXTS = [f"question {number}" for number in range(7)]
ANSWERS = [f"You said: {text}" for text in TEXTS]


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_all_workers_ask_becomes_one_batch_and_is_paid_once(
    vendor: ProviderName, stub: StubServer, store: Store
) -> None:
    outcomes, engine = ask_all(vendor, stub, store, TEXTS)
    assert outcomes == ANSWERS
    assert [len(job.lines) for job in stub.batches.jobs] == [7]
    assert (engine.calls, engine.cached_calls) == (7, 0)
    assert not stub.calls, "nothing was sent one by one"
    assert not list_open_batches(store)
    again, later = ask_all(vendor, stub, store, TEXTS)
    assert again == outcomes
    assert (later.calls, later.cached_calls) == (0, 7)
    assert len(stub.batches.jobs) == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_batch_that_fails_in_parts_keeps_the_rest_and_sends_again_what_may_succeed(
    vendor: ProviderName, stub: StubServer, store: Store
) -> None:
    texts = ["fine", "[500x1] once", "[expiredx1] late", "[missingx1] lost", "[refusal] no", "[500] always"]
    outcomes, engine = ask_all(vendor, stub, store, texts)
    said = [f"You said: {text}" for text in texts]
    assert outcomes == [*said[:4], "refused", "server"]
    assert [len(job.lines) for job in stub.batches.jobs] == [6, 4]
    assert engine.calls == 5, "what failed at the vendor is not billed"


@pytest.mark.parametrize("vendor", VENDORS)
def test_answers_without_usage_are_charged_by_an_estimate(vendor: ProviderName, stub: StubServer, store: Store) -> None:
    outcomes, engine = ask_all(vendor, stub, store, ["[nousage] how many?"])
    assert outcomes == ["You said: [nousage] how many?"]
    assert engine.usage.estimated
    assert engine.usage.input_tokens > 3
    assert engine.usage.output_tokens > 3
    assert engine.budget.estimated_requests == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_program_that_was_closed_collects_its_batch_later(
    vendor: ProviderName, stub: StubServer, store: Store
) -> None:
    stub.batches.looks = 1000
    stop = StopSwitch()

    async def run_until_sent() -> str:
        async with opened(vendor, stub, store, stop=stop) as engine:
            asking = asyncio.gather(*(ask(engine, text) for text in TEXTS), return_exceptions=True)
            while not taken_batches(store):
                await asyncio.sleep(0.005)
            stop.turn_on()
            error = (await asking)[0]
            assert isinstance(error, RunStoppedError)
            return error.fix

    assert "run again to collect" in asyncio.run(run_until_sent())
    assert [batch.requests for batch in list_open_batches(store)] == [7]
    stub.batches.looks = 0
    # another plan asks for less first: what it does not ask for is kept as well
    outcomes, engine = ask_all(vendor, stub, store, TEXTS[:2])
    assert outcomes == ANSWERS[:2]
    assert engine.calls == 7
    outcomes, engine = ask_all(vendor, stub, store, TEXTS)
    assert outcomes == ANSWERS
    assert engine.calls == 0
    assert len(stub.batches.jobs) == 1


def test_a_program_that_is_killed_finds_its_batch_again(stub: StubServer, store: Store) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from types import SimpleNamespace
        from src.persistence.sqlite_client import Store
        from tests.generation.test_batch import TEXTS, ask_all

        with Store(Path(sys.argv[1])) as store:
            ask_all("openai", SimpleNamespace(url=lambda vendor: sys.argv[2]), store, TEXTS)
        """
    )
    stub.batches.looks = 1_000_000  # not done before the kill
    command = [sys.executable, "-c", program, str(store.database.path), stub.url("openai")]
    with subprocess.Popen(command, cwd=ROOT) as process:
        deadline = time.monotonic() + PATIENCE_S
        while not taken_batches(store) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
    stub.batches.looks = 1
    outcomes, engine = ask_all("openai", stub, store, TEXTS)
    assert outcomes == ANSWERS
    assert (len(stub.batches.jobs), engine.calls) == (1, 7)
    assert not list_open_batches(store)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_batch_of_which_nothing_was_heard_is_found_and_not_paid_twice(
    vendor: ProviderName, stub: StubServer, store: Store
) -> None:
    stub.batches.script("lost")
    outcomes, _ = ask_all(vendor, stub, store, TEXTS)
    assert {outcome.rpartition(", ")[2] for outcome in outcomes} == {"ends the run"}
    assert [(batch.id, batch.requests) for batch in list_open_batches(store)] == [("", 7)]
    outcomes, engine = ask_all(vendor, stub, store, TEXTS)
    assert outcomes == ANSWERS
    assert (len(stub.batches.jobs), engine.calls) == (1, 7)
    assert not list_open_batches(store)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_batch_that_was_taken_before_the_service_failed_is_not_sent_again(
    vendor: ProviderName, stub: StubServer, store: Store
) -> None:
    stub.batches.script("late")
    outcomes, engine = ask_all(vendor, stub, store, TEXTS)
    assert outcomes == ANSWERS
    assert (len(stub.batches.jobs), engine.calls) == (1, 7)


def test_a_batch_is_found_although_the_file_of_another_was_deleted(stub: StubServer, store: Store) -> None:
    assert ask_all("llama", stub, store, ["another question"])[0] == ["You said: another question"]
    stub.batches.script("lost")
    ask_all("llama", stub, store, TEXTS)
    stub.batches.names.pop(stub.batches.jobs[0].file)
    with store.database.transaction() as db:
        db.execute("UPDATE batches SET vendor_id = 'forgotten' WHERE closed_at IS NOT NULL")
    outcomes, engine = ask_all("llama", stub, store, TEXTS)
    assert (outcomes, len(stub.batches.jobs), engine.calls) == (ANSWERS, 2, 7)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_batch_that_never_arrived_is_asked_anew(vendor: ProviderName, stub: StubServer, store: Store) -> None:
    stub.batches.script("ok", "page")
    assert ask_all(vendor, stub, store, ["another question"])[0] == ["You said: another question"]
    ask_all(vendor, stub, store, TEXTS)
    assert len(stub.batches.jobs) == 1
    assert [batch.id for batch in list_open_batches(store)] == [""]
    outcomes, engine = ask_all(vendor, stub, store, TEXTS)
    assert outcomes == ANSWERS
    assert (len(stub.batches.jobs), engine.calls) == (2, 7)
    assert not list_open_batches(store)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_cancelled_batch_is_asked_anew(vendor: ProviderName, stub: StubServer, store: Store) -> None:
    stub.batches.looks = 1000

    async def run() -> None:
        async with opened(vendor, stub, store) as engine:
            asking = asyncio.gather(*(ask(engine, text) for text in TEXTS))
            while not taken_batches(store):
                await asyncio.sleep(0.005)
            provider = load_provider(vendor)(Connection(api_key="k", base_url=stub.url(vendor), timeout_s=PATIENCE_S))
            await open_batch_api(provider).cancel(taken_batches(store)[0])
            await provider.aclose()
            await asking

    asyncio.run(run())
    assert stub.batches.jobs[0].is_cancelled
    assert not list_open_batches(store)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_full_queue_means_smaller_batches(vendor: ProviderName, stub: StubServer, store: Store) -> None:
    stub.batches.script("full")
    assert ask_all(vendor, stub, store, TEXTS)[0] == ANSWERS
    assert [len(job.lines) for job in stub.batches.jobs] == [3, 3, 1]


def test_a_full_queue_is_waited_for_while_batches_are_at_work(stub: StubServer, store: Store) -> None:
    stub.batches.script("ok", "full")
    assert ask_all("openai", stub, store, TEXTS, max_requests=3)[0] == ANSWERS
    assert [len(job.lines) for job in stub.batches.jobs] == [3, 3, 1]


def test_a_queue_that_takes_not_even_one_request_ends_the_run_when_nobody_is_answered(
    stub: StubServer, store: Store
) -> None:
    stub.batches.script(*["full"] * 4)
    outcomes, engine = ask_all("openai", stub, store, TEXTS[:1], max_retries=0)
    assert outcomes == ["rate_limit, ends the run"]
    assert engine.calls == 0


def test_a_mistake_of_the_program_reaches_who_asked_and_hangs_nobody(stub: StubServer, store: Store) -> None:
    class OddError(Exception):
        pass

    async def run() -> None:
        async with opened("openai", stub, store) as engine:
            api = engine._seats[0].member.batch
            assert api

            async def poll(_batch: str) -> None:
                raise OddError

            api.poll = poll  # type: ignore[assignment, method-assign]
            with pytest.raises(OddError):
                await engine.ask(request("x"), "x")

    asyncio.run(run())


def test_a_batch_refused_for_the_queue_after_it_was_accepted_is_divided(stub: StubServer, store: Store) -> None:
    stub.batches.script("queue")
    assert ask_all("openai", stub, store, TEXTS)[0] == ANSWERS
    assert [len(job.lines) for job in stub.batches.jobs] == [7, 3, 3, 1]


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor != "anthropic"])
def test_a_batch_that_is_refused_as_a_whole_ends_the_run(vendor: ProviderName, stub: StubServer, store: Store) -> None:
    stub.batches.script("failed")
    outcomes, engine = ask_all(vendor, stub, store, TEXTS[:2])
    assert set(outcomes) == {"bad_request, ends the run"}
    assert engine.calls == 0
    assert not list_open_batches(store)


def test_a_batch_that_the_vendor_has_forgotten_is_sent_again(stub: StubServer, store: Store) -> None:
    stub.batches.script("gone")
    assert ask_all("openai", stub, store, TEXTS[:2])[0] == ANSWERS[:2]
    assert len(stub.batches.jobs) == 2


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_refused_key_ends_the_run_and_a_fault_of_the_service_does_not(
    vendor: ProviderName, stub: StubServer, store: Store
) -> None:
    stub.batches.script("500", "ok", "401")
    assert ask_all(vendor, stub, store, TEXTS[:1])[0] == ANSWERS[:1]
    assert ask_all(vendor, stub, store, TEXTS[1:3])[0] == ["auth, ends the run"] * 2


def test_a_run_with_more_than_a_batch_holds_sends_several(stub: StubServer, store: Store) -> None:
    assert ask_all("openai", stub, store, TEXTS, max_requests=3)[0] == ANSWERS
    assert [len(job.lines) for job in stub.batches.jobs] == [3, 3, 1]


def test_half_the_price_is_counted_and_the_cap_holds_to_the_request(stub: StubServer, store: Store) -> None:
    cheap = Budget(Caps(requests=4))
    texts = [f"q{number}" for number in range(20)]

    async def run() -> int:
        async with opened("openai", stub, store, budget=cheap) as engine:
            done = 0
            try:
                async for _ in engine.map_ordered(texts, lambda text: ask(engine, text)):
                    done += 1
            except RunStoppedError as error:
                assert "cap of 4 requests" in str(error)
            return done

    assert asyncio.run(run()) == 4
    assert [len(job.lines) for job in stub.batches.jobs] == [4]
    assert cheap.cost_usd == pytest.approx(cheap.usage.tokens / 1e6 / 2)


def test_a_program_that_leaves_at_once_remembers_the_batch_that_it_was_just_sending(
    stub: StubServer, store: Store
) -> None:
    stub.batches.delay_s = 0.2

    async def run() -> None:
        async with opened("openai", stub, store) as engine:
            asking = asyncio.create_task(ask(engine, TEXTS[0]))
            while not stub.batches.arrived.is_set():
                await asyncio.sleep(0.005)
            asking.cancel()

    asyncio.run(run())
    assert len(list_open_batches(store)) == len(stub.batches.jobs) == 1


def test_what_has_to_be_asked_again_goes_into_the_next_batch(stub: StubServer, store: Store) -> None:
    def parse(result: GenerationResult) -> str | ParseFailure:
        is_odd = "question 1" in result.text or "question 3" in result.text
        is_second = len(result.text) > 50
        return ParseFailure("malformed_answer", "it is no JSON") if is_odd and not is_second else "good"

    async def run() -> list[object]:
        async with opened("openai", stub, store) as engine:

            async def work(text: str) -> object:
                question = Question(text, text, lambda prompt, _attempt: request(prompt))
                return await ask_and_parse(engine, ROOT / "prompts", question, parse)

            return [answer async for answer in engine.map_ordered(TEXTS, work)]

    answers = asyncio.run(run())
    assert [getattr(answer, "value", "") for answer in answers] == ["good"] * 7
    assert [len(job.lines) for job in stub.batches.jobs] == [7, 2]


def test_a_run_apart_has_batches_apart(stub: StubServer, store: Store) -> None:
    ask_all("openai", stub, store, TEXTS[:1])
    outcomes, engine = ask_all("openai", stub, store, TEXTS[:1], edition="2")
    assert outcomes == ANSWERS[:1]
    assert engine.calls == 1


def test_what_happens_to_batches_is_told(stub: StubServer, store: Store) -> None:
    notes: list[str] = []
    progress = Progress("generate", None, lambda event: notes.append(event.note))
    ask_all("openai", stub, store, TEXTS, progress=progress)
    assert "7 requests sent to OpenAI as a batch" in next(filter(None, notes))


def test_a_look_that_meets_an_outage_is_repeated(stub: StubServer, store: Store) -> None:
    async def run() -> list[str]:
        async with opened("openai", stub, store) as engine:
            asking = asyncio.gather(*(ask(engine, text) for text in TEXTS))
            while not taken_batches(store):
                await asyncio.sleep(0.005)
            stub.batches.outage = 1
            return list(await asking)

    stub.batches.looks = 3
    assert asyncio.run(run()) == ANSWERS


def test_who_has_no_batches_is_told_so() -> None:
    with pytest.raises(ConfigError, match="no batch API for openrouter") as caught:
        open_batch_api(load_provider("llama")(Connection(base_url="openrouter")))
    assert "generation.batch" in caught.value.fix
    assert open_batch_api(load_provider("llama")(Connection(base_url="together")))
    with pytest.raises(ConfigError, match="no batch API"):
        open_batch_api(FakeProvider())


def test_usage_of_a_batch_is_that_of_its_answers(stub: StubServer, store: Store) -> None:
    _, engine = ask_all("anthropic", stub, store, ["abcd"])
    assert engine.usage == Usage(1, 4)
