"""Orders without clumps: whatever part of them a run comes to, it is a fair sample of the whole."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator, Mapping
from typing import TypeVar

_GOLDEN = (math.sqrt(5) - 1) / 2
_SILVER = math.sqrt(2) - 1
_Item = TypeVar("_Item", bound=str)


def spread(counts: Mapping[_Item, int], seed: str) -> Iterator[_Item]:
    """Every item as often as ``counts`` says, each one evenly over the whole: the k-th of n at ``(k + phase) / n`` with
    a phase of its own. Of t items, none is further from its share of a prefix than one, and its part of one for each of
    the t."""
    phases = random.Random(seed)  # noqa: S311 - an order, not a secret
    heap: list[tuple[float, str, _Item, int, float]] = []
    for item in sorted(counts):
        phase = phases.random()
        if counts[item] > 0:
            heap.append((phase / counts[item], item, item, 0, phase))
    heapq.heapify(heap)
    while heap:
        _, name, item, done, phase = heap[0]
        if done + 1 < counts[item]:
            heapq.heapreplace(heap, ((done + 1 + phase) / counts[item], name, item, done + 1, phase))
        else:
            heapq.heappop(heap)
        yield item


def scattered(length: int, seed: int) -> list[int]:
    """The numbers below ``length`` in an order of which every prefix lies evenly over all of them: multiples of the
    golden ratio, modulo 1, fall into the largest gaps (Steinhaus' three-distance theorem)."""
    start = random.Random(seed).random()  # noqa: S311 - an order, not a secret
    return sorted(range(length), key=lambda number: (start + number * _GOLDEN) % 1.0)


def coprime_step(length: int) -> int:
    """A step that comes to every place of a cycle of ``length`` before any comes again, far from where it was (and not
    by the golden ratio, by whose multiples the places may be ordered already)."""
    step = max(1, round(length * _SILVER))
    while math.gcd(step, length) != 1:
        step += 1
    return step
