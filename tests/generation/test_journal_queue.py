"""The journal for many workers: nothing lost when one of them goes, and errors reach those who asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from src.core.types import ChatRequest, GenerationResult, Message
from src.generation.journal_queue import JournalQueue
from src.persistence.journal import Entry, Journal
from src.persistence.sqlite_client import Store

REQUEST = ChatRequest("m", (Message("user", "hello"),))


def entry(key: str) -> Entry:
    return Entry(key, REQUEST, GenerationResult(f"answer {key}", "m"))


def test_many_workers_store_and_find_in_few_transactions(tmp_path: Path) -> None:
    async def run(store: Store) -> list[str]:
        queue = JournalQueue(Journal(store))
        await asyncio.gather(*(queue.record(entry(str(number))) for number in range(300)))
        found = await asyncio.gather(*(queue.find(str(number)) for number in range(300)))
        assert await queue.find("none") is None
        await queue.aclose()
        return [result.text for result in found if isinstance(result, GenerationResult)]

    with Store(tmp_path / "memory.db") as store:
        assert asyncio.run(run(store)) == [f"answer {number}" for number in range(300)]


def test_an_answer_is_stored_even_when_its_worker_is_cancelled(tmp_path: Path) -> None:
    async def run(store: Store) -> None:
        queue = JournalQueue(Journal(store))
        worker = asyncio.create_task(queue.record(entry("1")))
        await asyncio.sleep(0)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        await queue.aclose()
        assert Journal(store).find("1") is not None

    with Store(tmp_path / "memory.db") as store:
        asyncio.run(run(store))


def test_an_error_of_the_store_reaches_everyone_who_waits(tmp_path: Path) -> None:
    async def run() -> None:
        with Store(tmp_path / "memory.db") as store:
            queue = JournalQueue(Journal(store))
        outcomes = await asyncio.gather(queue.find("1"), queue.record(entry("2")), return_exceptions=True)
        assert all(isinstance(outcome, Exception) for outcome in outcomes)
        with pytest.raises(type(outcomes[0])):  # type: ignore[arg-type]
            await queue.find("3")

    asyncio.run(run())


def test_closing_a_queue_that_was_never_used_does_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "memory.db") as store:
        asyncio.run(JournalQueue(Journal(store)).aclose())
