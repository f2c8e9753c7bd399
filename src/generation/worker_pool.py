"""A bounded number of workers over a list of items, results in the order of the items."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from itertools import islice
from typing import Generic, TypeVar

READ_AHEAD = 16
"""Items per worker that may be started or finished before the consumer has taken the first of them: a slow head does
not idle the others, and memory stays flat however long the list is."""

_Item = TypeVar("_Item")
_Outcome = TypeVar("_Outcome")


async def map_ordered(
    items: Iterable[_Item],
    work: Callable[[_Item], Awaitable[_Outcome]],
    workers: int,
    *,
    read_ahead: int = READ_AHEAD,
) -> AsyncGenerator[_Outcome, None]:
    """``await work(item)`` for every item, ``workers`` at a time, results in the order of the items.

    Items are drawn as results are taken, at most ``read_ahead`` per worker ahead. When a work fails, no other begins,
    those that have begun come to their end, the results before it still come, then its exception is raised. Closing the
    iterator cancels what is running and waits for it.
    """
    window = _Window(work, workers)
    source = iter(items)
    try:
        while True:
            room = workers * read_ahead - len(window.tasks)
            for item in islice(source, 0 if window.has_failed else room):
                window.start(item)
            if not window.tasks:
                return
            if not window.tasks[0].done():
                await asyncio.wait((window.tasks[0],))
            yield await window.take()
    finally:
        await window.cancel()


class _Window(Generic[_Item, _Outcome]):
    """Tasks in the order of their items, a limited number of them at work."""

    def __init__(self, work: Callable[[_Item], Awaitable[_Outcome]], workers: int) -> None:
        self.tasks: deque[asyncio.Task[_Outcome]] = deque()
        self.has_failed = False
        self._work = work
        self._workers = asyncio.Semaphore(workers)
        self._begun: set[asyncio.Task[_Outcome]] = set()

    def start(self, item: _Item) -> None:
        self.tasks.append(asyncio.create_task(self._run(item)))

    async def take(self) -> _Outcome:
        """The result of the first task; its exception only after every begun work has come to its end."""
        task = self.tasks.popleft()
        if task.cancelled() or task.exception() is not None:
            await asyncio.gather(*self.tasks, return_exceptions=True)
        return task.result()

    async def cancel(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _run(self, item: _Item) -> _Outcome:
        async with self._workers:
            task = asyncio.current_task()
            assert task is not None
            self._begun.add(task)
            try:
                return await self._work(item)
            except BaseException:
                self._end()
                raise
            finally:
                self._begun.discard(task)

    def _end(self) -> None:
        """Let nothing begin any more."""
        self.has_failed = True
        for task in self.tasks:
            if task not in self._begun and not task.done():
                task.cancel()
