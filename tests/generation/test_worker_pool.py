"""The pool: results in order, a bounded number ahead, and what has begun comes to its end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from src.core.errors import ProviderError
from src.generation.worker_pool import READ_AHEAD, map_ordered


async def collect(results: AsyncIterator[int]) -> list[int]:
    return [result async for result in results]


async def same(item: int) -> int:
    return item


def test_results_come_in_the_order_of_the_items_whatever_finishes_first() -> None:
    rng = random.Random(3)

    async def work(item: int) -> int:
        await asyncio.sleep(rng.random() / 200)
        return item

    assert asyncio.run(collect(map_ordered(range(100), work, 7))) == list(range(100))


def test_no_more_than_the_allowed_number_works_at_once() -> None:
    running, most = 0, 0

    async def work(item: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return item

    asyncio.run(collect(map_ordered(range(30), work, 3)))
    assert most == 3


def test_a_slow_first_item_does_not_idle_the_other_workers() -> None:
    done: list[int] = []

    async def work(item: int) -> int:
        if item == 0:
            while len(done) < 2 * READ_AHEAD - 1:
                await asyncio.sleep(0)
        done.append(item)
        return item

    assert asyncio.run(collect(map_ordered(range(50), work, 2))) == list(range(50))
    assert done[0] == 1


def test_items_are_drawn_only_a_bounded_number_ahead() -> None:
    drawn = 0

    def endless() -> Iterator[int]:
        nonlocal drawn
        while True:
            drawn += 1
            yield drawn

    async def take_five() -> list[int]:
        taken: list[int] = []
        async with aclosing(map_ordered(endless(), same, 2)) as results:
            async for result in results:
                taken.append(result)
                if len(taken) == 5:
                    break
        return taken

    assert asyncio.run(take_five()) == [1, 2, 3, 4, 5]
    assert drawn <= 5 + 2 * READ_AHEAD


def test_closing_the_results_cancels_what_is_running_and_waits_for_it() -> None:
    cancelled: list[int] = []

    async def work(item: int) -> int:
        if item == 0:
            return item
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.append(item)
            raise
        return item

    async def take_one() -> None:
        async with aclosing(map_ordered(range(9), work, 3)) as results:
            async for _ in results:
                await asyncio.sleep(0.01)
                break
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(take_one())
    assert sorted(cancelled) == [1, 2, 3]


def test_after_a_failure_nothing_begins_and_what_has_begun_comes_to_its_end() -> None:
    begun: list[int] = []
    ended: list[int] = []

    async def work(item: int) -> int:
        begun.append(item)
        if item == 1:
            raise ProviderError("no", kind="auth")
        await asyncio.sleep(0.01)
        ended.append(item)
        return item

    seen: list[int] = []

    async def run() -> None:
        async for result in map_ordered(range(100), work, 4):
            seen.append(result)  # noqa: PERF401 - a comprehension would lose what came before the failure

    with pytest.raises(ProviderError, match="no"):
        asyncio.run(run())
    assert seen == [0]
    assert begun == [0, 1, 2, 3] or begun == [0, 1]
    assert [item for item in begun if item != 1] == sorted(ended)


def test_no_items_give_no_results() -> None:
    assert asyncio.run(collect(map_ordered([], same, 4))) == []
