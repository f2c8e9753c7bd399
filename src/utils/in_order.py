"""One function over many items with several threads: results in the order of the items, few of them waiting."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_AHEAD = 2
"""Results per thread that may wait for their turn."""


def map_in_order(
    function: Callable[[_Item], _Result], items: Iterable[_Item], workers: int
) -> Generator[_Result, None, None]:
    """``map`` with so many threads, which helps where ``function`` releases the interpreter lock, as compiled code and
    the reading of files do. What was not begun when the caller stops is not done."""
    if workers <= 1:
        yield from map(function, items)
        return
    waiting: deque[Future[_Result]] = deque()
    threads = ThreadPoolExecutor(workers)
    try:
        for item in items:
            waiting.append(threads.submit(function, item))
            if len(waiting) > _AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        threads.shutdown(cancel_futures=True)
