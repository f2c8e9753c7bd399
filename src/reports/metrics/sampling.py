"""The same rows of a dataset every time: a sample of bounded size, chosen by content and not by order."""

from __future__ import annotations

import hashlib
import heapq
from itertools import count
from typing import Final, Generic, TypeVar

SAMPLE_SIZE: Final = 1000
"""Rows that are measured where a measure compares rows with one another, or reads their sources."""
_SEED: Final = b"quality sample 1"

Item = TypeVar("Item")


class Reservoir(Generic[Item]):
    """Keeps the ``size`` items whose names hash lowest (bottom-k sampling): every item has the same chance, and the
    same items are chosen in whatever order they come. Memory: ``size`` items."""

    def __init__(self, size: int = SAMPLE_SIZE) -> None:
        self._size = size
        self._heap: list[tuple[int, int, Item]] = []
        self._numbers = count()

    def offer(self, name: str, item: Item) -> None:
        """Keep ``item`` if it is among the chosen ones so far."""
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8, key=_SEED).digest()
        # the heap gives its smallest: the kept item that hashes highest; of equal ones the later
        entry = (-int.from_bytes(digest), -next(self._numbers), item)
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, entry)
        elif entry[:2] > self._heap[0][:2]:
            heapq.heapreplace(self._heap, entry)

    def items(self) -> list[Item]:
        """The chosen items, in the order of their hashes: a shuffle that is always the same."""
        return [item for *_, item in sorted(self._heap, key=lambda entry: entry[:2], reverse=True)]
