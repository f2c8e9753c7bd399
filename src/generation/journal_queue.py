"""The journal for many workers: what they look up and store is done in groups, in a thread, with one fsync a group."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from src.persistence.journal import Entry, Journal, Stored

_Value = TypeVar("_Value")


class _Job(NamedTuple):
    entry: Entry | str
    done: asyncio.Future[Stored | None]


class JournalQueue:
    """One event loop's access to a journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: list[_Job] = []
        self._worker: asyncio.Task[None] | None = None

    async def find(self, key: str) -> Stored | None:
        """What is stored under ``key``; see Journal.find."""
        return await self._add(key)

    async def record(self, entry: Entry) -> None:
        """Store an entry; on return it survives a kill and a power cut, and it is stored even if the caller goes."""
        await self._add(entry)

    async def aclose(self) -> None:
        """Wait until everything is stored."""
        if self._worker is not None:
            await self._worker

    async def _add(self, entry: Entry | str) -> Stored | None:
        done: asyncio.Future[Stored | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(entry, done))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await done

    async def _work(self) -> None:
        while self._waiting:
            jobs, self._waiting = self._waiting, []
            exchange = asyncio.create_task(asyncio.to_thread(self._exchange, [job.entry for job in jobs]))
            await asyncio.wait((exchange,))
            error = exchange.exception()
            found = [None] * len(jobs) if error else exchange.result()
            for job, value in zip(jobs, found, strict=True):
                if job.done.done():
                    continue  # the one who asked was cancelled
                if error is None:
                    job.done.set_result(value)
                else:
                    job.done.set_exception(error)

    def _exchange(self, entries: Sequence[Entry | str]) -> list[Stored | None]:
        new = [entry for entry in entries if isinstance(entry, Entry)]
        if new:
            self._journal.record_all(new)
        found = self._journal.find_all([entry for entry in entries if isinstance(entry, str)])
        return [found.get(entry) if isinstance(entry, str) else None for entry in entries]
