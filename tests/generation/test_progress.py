"""Progress is a stream of typed events, each with all counts so far."""

from __future__ import annotations

import asyncio
from pathlib import Path

from src.core.errors import ProviderError
from src.core.types import ChatRequest, Message, ProgressEvent, RateLimit, RateLimits, Usage
from src.generation.engine import Engine
from src.generation.progress import Progress
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S


def test_every_change_is_told_with_all_counts_so_far() -> None:
    events: list[ProgressEvent] = []
    progress = Progress("generate", 5, events.append)
    progress.paid(Usage(10, 5), 0.5)
    progress.count(kept=1)
    progress.count(rejected=2)
    progress.paid(Usage(20, 10), 1.0)
    progress.note("waiting")
    assert [(event.done, event.kept, event.rejected, event.usage.output_tokens, event.note) for event in events] == [
        (0, 0, 0, 5, ""),
        (1, 1, 0, 5, ""),
        (1, 1, 2, 5, ""),
        (1, 1, 2, 10, ""),
        (1, 1, 2, 10, "waiting"),
    ]
    assert (events[-1].stage, events[-1].total, events[-1].cost_usd) == ("generate", 5, 1.0)


def test_an_engine_tells_what_was_paid_and_nothing_for_the_journal(tmp_path: Path) -> None:
    events: list[ProgressEvent] = []

    async def run(store: Store) -> None:
        engine = Engine(
            FakeProvider(["a", "b"]),
            Journal(store),
            max_retries=0,
            timeout_s=PATIENCE_S,
            concurrency=1,
            progress=Progress("score", None, events.append),
        )
        for slot in ("1", "2", "1"):
            await engine.ask(ChatRequest("m", (Message("user", "?"),)), slot)
        await engine.aclose()

    with Store(tmp_path / "memory.db") as store:
        asyncio.run(run(store))
    assert [event.usage for event in events] == [Usage(10, 5), Usage(20, 10)]


def test_a_long_pause_is_a_note_and_a_short_one_is_not(tmp_path: Path) -> None:
    events: list[ProgressEvent] = []

    def refusal(seconds: float) -> ProviderError:
        error = ProviderError("slow down", kind="rate_limit", retry_after=seconds)
        error.rate_limits = RateLimits(requests=RateLimit(10, 0))
        return error

    async def run(store: Store) -> None:
        engine = Engine(
            FakeProvider([refusal(0.01), refusal(200)]),
            Journal(store),
            max_retries=1,
            timeout_s=PATIENCE_S,
            concurrency=1,
            progress=Progress("distill", None, events.append),
        )
        asked = asyncio.create_task(engine.ask(ChatRequest("m", (Message("user", "?"),)), "1"))
        while not events:
            await asyncio.sleep(0.01)
        engine.stop.turn_on()
        await asyncio.gather(asked, return_exceptions=True)

    with Store(tmp_path / "memory.db") as store:
        asyncio.run(run(store))
    assert [event.note for event in events] == ["openai asks to slow down: waiting 200 s."]
