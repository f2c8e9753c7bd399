"""The journal for many workers: what they look up and store is done in groups, in a thread, with one fsync a group."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from src.persistence.journal import Entry, Journal, Stored

_Found = list[Stored | None]


class _Job(NamedTuple):
    entry: Entry | str
    done: asyncio.Future[Stored | None]


class JournalQueue:
    """One event loop's access to a journal.

    A call holds its place at the provider until its answer is stored, so every turn of a busy event loop that passes
    before then slows the whole run: an exchange with the thread takes two, one to begin and one to tell the workers.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: list[_Job] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def find(self, key: str) -> Stored | None:
        """What is stored under ``key``; see Journal.find."""
        return await self._add(key)

    async def record(self, entry: Entry) -> None:
        """Store an entry; on return it survives a kill and a power cut, and it is stored even if the caller goes."""
        await self._add(entry)

    async def aclose(self) -> None:
        """Wait until everything is stored."""
        await self._is_idle.wait()
        self._thread.shutdown()

    async def _add(self, entry: Entry | str) -> Stored | None:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Stored | None] = loop.create_future()
        self._waiting.append(_Job(entry, done))
        if self._is_idle.is_set():
            self._is_idle.clear()
            loop.call_soon(self._begin, loop)  # what others add in this turn of the loop comes along
        return await done

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        jobs, self._waiting = self._waiting, []
        if jobs:
            exchange = self._thread.submit(self._exchange, [job.entry for job in jobs])
            exchange.add_done_callback(lambda done: loop.call_soon_threadsafe(self._end, loop, jobs, done))
        else:
            self._is_idle.set()

    def _end(self, loop: asyncio.AbstractEventLoop, jobs: Sequence[_Job], exchange: Future[_Found]) -> None:
        self._begin(loop)
        error = exchange.exception()
        found: _Found = [None] * len(jobs) if error else exchange.result()
        for job, value in zip(jobs, found, strict=True):
            if job.done.done():
                continue  # the one who asked was cancelled
            if error is None:
                job.done.set_result(value)
            else:
                job.done.set_exception(error)

    def _exchange(self, entries: Sequence[Entry | str]) -> _Found:
        new = [entry for entry in entries if isinstance(entry, Entry)]
        if new:
            self._journal.record_all(new)
        found = self._journal.find_all([entry for entry in entries if isinstance(entry, str)])
        return [found.get(entry) if isinstance(entry, str) else None for entry in entries]
