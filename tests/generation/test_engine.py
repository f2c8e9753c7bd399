"""The engine: journal before provider, bounded workers, results in order, nothing left running."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import ErrorKind, ProviderError
from src.core.types import ChatRequest, GenerationResult, Message, Usage
from src.generation.engine import Engine
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.fakes import FakeProvider


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def make_engine(provider: FakeProvider, journal: Journal, **settings: float) -> Engine:
    return Engine(
        provider,
        journal,
        max_retries=int(settings.get("max_retries", 2)),
        timeout_s=settings.get("timeout_s", 5.0),
        concurrency=int(settings.get("concurrency", 4)),
    )


def request(text: str = "hello") -> ChatRequest:
    return ChatRequest("m", (Message("user", text),))


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


def paid_failure(kind: ErrorKind) -> ProviderError:
    error = ProviderError(f"it is {kind}", kind=kind)
    error.usage = Usage(7, 1)
    return error


@pytest.mark.parametrize("kind", ["refused", "malformed"])
def test_a_failure_that_was_paid_for_is_journalled_and_comes_back_for_free(journal: Journal, kind: ErrorKind) -> None:
    engine = make_engine(FakeProvider([paid_failure(kind)]), journal)
    with pytest.raises(ProviderError, match=f"it is {kind}"):
        asyncio.run(engine.ask(request(), "s"))
    assert (engine.calls, engine.usage) == (1, Usage(7, 1))
    later = make_engine(FakeProvider(), journal)
    with pytest.raises(ProviderError, match=f"it is {kind}") as caught:
        asyncio.run(later.ask(request(), "s"))
    assert (caught.value.kind, caught.value.usage) == (kind, Usage(7, 1))
    assert (later.calls, later.cached_calls, later.usage) == (0, 1, Usage())


def test_the_same_model_at_another_address_is_asked_anew(journal: Journal) -> None:
    class Elsewhere(FakeProvider):
        @property
        def endpoint(self) -> str:
            return "http://127.0.0.1:9/v1"

    asyncio.run(make_engine(FakeProvider(["here"]), journal).ask(request(), "s"))
    assert asyncio.run(make_engine(Elsewhere(["there"]), journal).ask(request(), "s")).text == "there"
    assert asyncio.run(make_engine(FakeProvider(), journal).ask(request(), "s")).text == "here"
    assert asyncio.run(make_engine(Elsewhere(), journal).ask(request(), "s")).text == "there"


def test_after_an_error_that_ends_the_run_nobody_is_called_any_more(journal: Journal) -> None:
    provider = FakeProvider(["good", ProviderError("key revoked", kind="auth")])
    engine = make_engine(provider, journal)
    asyncio.run(engine.ask(request("1"), "1"))
    for slot in ("2", "3"):
        with pytest.raises(ProviderError, match="key revoked"):
            asyncio.run(engine.ask(request(slot), slot))
    assert asyncio.run(engine.ask(request("1"), "1")).text == "good"
    assert len(provider.requests) == 2


def test_more_work_is_done_at_once_than_calls_are_made(journal: Journal) -> None:
    class Slow(FakeProvider):
        active = most = 0

        async def generate(self, request: ChatRequest) -> GenerationResult:
            self.active += 1
            self.most = max(self.most, self.active)
            await asyncio.sleep(0.002)
            self.active -= 1
            return GenerationResult("a", "m")

    provider = Slow()
    engine = make_engine(provider, journal, concurrency=3)

    async def work(item: int) -> str:
        return (await engine.ask(request(), str(item))).text

    async def run() -> int:
        return len([text async for text in engine.map_ordered(range(30), work)])

    assert asyncio.run(run()) == 30
    assert provider.most == 3


def test_closing_an_engine_closes_its_provider(journal: Journal) -> None:
    provider = FakeProvider(["a"])

    async def run() -> None:
        engine = make_engine(provider, journal)
        await engine.ask(request(), "s")
        await engine.aclose()
        await engine.aclose()

    asyncio.run(run())
    assert provider.closed


def test_an_edition_of_its_own_asks_anew_and_keeps_what_others_paid_for(tmp_path: Path) -> None:
    with Store(tmp_path / "memory.db") as store:
        asyncio.run(make_engine(FakeProvider(["old"]), Journal(store)).ask(request(), "s"))
        fresh = make_engine(FakeProvider(["new"]), Journal(store, "2"))
        assert asyncio.run(fresh.ask(request(), "s")).text == "new"
        assert asyncio.run(fresh.ask(request(), "s")).text == "new"
        assert asyncio.run(make_engine(FakeProvider(), Journal(store)).ask(request(), "s")).text == "old"


class SlowProvider(FakeProvider):
    """Answers once ``may_answer`` is set."""

    def __init__(self, answers: list[str | GenerationResult | ProviderError]) -> None:
        super().__init__(answers)
        self.may_answer = asyncio.Event()

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        await self.may_answer.wait()
        self.requests.pop()
        return await super().generate(request)


async def begin(engine: Engine, provider: SlowProvider, count: int) -> list[asyncio.Task[GenerationResult]]:
    """Tasks that all ask the same, the first of which has reached the provider."""
    tasks = [asyncio.create_task(engine.ask(request(), "same")) for _ in range(count)]
    while not provider.requests:
        await asyncio.sleep(0)
    return tasks


def test_who_asks_what_is_being_asked_gets_that_answer_and_nothing_is_paid_twice(journal: Journal) -> None:
    async def run() -> None:
        provider = SlowProvider(["one"])
        engine = make_engine(provider, journal)
        tasks = await begin(engine, provider, 3)
        provider.may_answer.set()
        results = await asyncio.gather(*tasks)
        assert [(result.text, result.cached) for result in results] == [("one", False), ("one", True), ("one", True)]
        assert (engine.calls, engine.cached_calls, len(provider.requests)) == (1, 2, 1)
        await engine.aclose()

    asyncio.run(run())


def test_a_failure_is_told_to_all_who_asked_the_same(journal: Journal) -> None:
    async def run() -> None:
        provider = SlowProvider([ProviderError("no such key", kind="auth")])
        engine = make_engine(provider, journal)
        tasks = await begin(engine, provider, 2)
        provider.may_answer.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [str(result) for result in results] == ["no such key"] * 2
        assert len(provider.requests) == 1
        await engine.aclose()

    asyncio.run(run())


def test_when_the_first_who_asked_gives_up_the_next_one_asks(journal: Journal) -> None:
    async def run() -> None:
        provider = SlowProvider(["one"])
        engine = make_engine(provider, journal)
        first, second, third = await begin(engine, provider, 3)
        first.cancel()
        second.cancel()
        await asyncio.wait([first, second])
        provider.may_answer.set()
        assert (await third).text == "one"
        assert first.cancelled()
        assert second.cancelled()
        assert engine.calls == 1
        await engine.aclose()

    asyncio.run(run())
