"""Similar sets among many, by compiled code: which ones to keep, or which ones belong together.

The sets lie in pieces, in memory or on disk; only what several sets share is ever held at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.utils.similarity import join_kernels as kernels
from src.utils.similarity.join_kernels import Numbers, Places, Postings, Results, Rows, Sets, Share
from src.utils.similarity.minhash import choose_bands, take_bands

Method = Literal["exact", "minhash"]
Report = Callable[[int, int], None]

_FEWEST_COUNTERS: Final = 1 << 16
_MOST_COUNTERS: Final = 1 << 28
_STEP: Final = 20_000
"""Rows that are compared between two reports."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the sets: how many members each one has, and the members, or the file that holds them."""

    sizes: Rows
    members: Numbers | Path

    def load(self) -> Numbers:
        """The members, as they stand one set behind the other."""
        if isinstance(self.members, Path):
            return np.fromfile(self.members, np.uint64)
        return self.members


class Found(NamedTuple):
    """For every set the number of the set that it duplicates, -1 for none, and the Jaccard similarity of the two."""

    witnesses: Places
    similarities: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JoinSettings:
    """``method`` minhash may miss a few. The first ``pinned`` sets are kept whatever they are like. The number of
    ``workers`` does not show in the result."""

    threshold: float
    method: Method = "exact"
    pinned: int = 0
    workers: int = 1


def keep_best(
    pieces: Sequence[Piece], order: Places, settings: JoinSettings, report: Report = lambda _done, _total: None
) -> Found:
    """Go through the sets in ``order`` and keep each one unless a kept one is similar to it: the first such in order is
    its witness. Sets that are not in ``order``, and empty ones, take no part.

    The result depends on the sets and their order alone. ``report`` hears how many sets were compared, of how many.
    Raises ValueError for a threshold that is not in (0, 1].
    """
    share = exact_share(settings.threshold)
    report(0, len(order))
    numbers, sets = _sets_with_partners(pieces, order, share, settings.workers)
    if settings.method == "exact":
        postings = _postings(*kernels.take_prefixes(sets, share), positional=True)
    else:
        postings = _postings(*take_bands(sets, *choose_bands(settings.threshold)), positional=False)
    pinned = int(np.isin(order[: settings.pinned], numbers, assume_unique=True).sum())
    count = len(numbers)
    results = Results(np.full(count, -1, np.int32), np.zeros(count, np.int32))
    for first in range(0, count, _STEP):
        last = min(first + _STEP, count)
        kernels.find_witnesses(first, last, sets, postings, share, pinned, results)
        report(len(order) - count + last, len(order))
    return _found(numbers, sets, results, sum(len(piece.sizes) for piece in pieces))


def unite(pieces: Sequence[Piece], order: Places, threshold: float) -> list[tuple[int, int]]:
    """Pairs of sets among those in ``order`` that connect all that is similar, directly or through others. Raises
    ValueError for a threshold that is not in (0, 1]."""
    share = exact_share(threshold)
    numbers, sets = _sets_with_partners(pieces, order, share, workers=1)
    parents = np.arange(len(numbers), dtype=np.int32)
    kernels.join_rows(sets, _postings(*kernels.take_prefixes(sets, share), positional=True), share, parents)
    return list(zip(numbers.tolist(), numbers[parents].tolist(), strict=True))


def exact_share(threshold: float) -> Share:
    """The threshold as the fraction that its decimals say. Raises ValueError when it is not in (0, 1]."""
    if not 0 < threshold <= 1:
        raise ValueError(f"the threshold lies between 0 and 1, not at {threshold}")
    share = Fraction(str(threshold)).limit_denominator(1_000_000)
    return Share(share.numerator, share.denominator)


def _sets_with_partners(pieces: Sequence[Piece], order: Places, share: Share, workers: int) -> tuple[Places, Sets]:
    """The sets that may have a partner, and their numbers, in ``order``."""
    sizes = np.concatenate([np.zeros(0, np.int32), *(piece.sizes for piece in pieces)])
    wanted = np.zeros(len(sizes), np.bool_)
    wanted[order] = True
    parts = [wanted[first:last] for first, last in pairwise(np.cumsum([0, *(len(piece.sizes) for piece in pieces)]))]
    keys = np.empty(int(sizes.sum(dtype=np.int64)), np.uint64)  # pages that stay empty take no memory
    kept, starts = np.zeros(len(sizes), np.int32), np.zeros(len(sizes), np.int64)
    used = row = 0
    with ThreadPoolExecutor(workers) as threads:
        counters = _count(pieces, parts, threads, workers)

        def keep(piece: Piece, part: NDArray[np.bool_]) -> tuple[Rows, Places, Numbers]:
            members = piece.load()
            room = np.empty(len(members), np.uint64)
            counts, places = kernels.keep_shared(members, piece.sizes, part, counters, share, room)
            return counts, places, room[: int(counts.sum())].copy()

        for counts, places, some in threads.map(keep, pieces, parts):
            rows = slice(row, row + len(counts))
            kept[rows], starts[rows] = counts, places + used
            keys[used : used + len(some)] = some
            used, row = used + len(some), row + len(counts)
    numbers = order[kept[order] > 0]
    return numbers, Sets(keys, starts[numbers], kept[numbers], sizes[numbers])


def _count(
    pieces: Sequence[Piece], wanted: Sequence[NDArray[np.bool_]], threads: ThreadPoolExecutor, parts: int
) -> NDArray[np.uint8]:
    """In how many sets each member is: two to four counters for each member, as far as memory allows."""
    members = sum(int(piece.sizes.sum()) for piece in pieces)
    size = min(max(_FEWEST_COUNTERS, 1 << (2 * members).bit_length()), _MOST_COUNTERS)
    counters = np.zeros(size, np.uint8)
    for piece, some in zip(pieces, wanted, strict=True):
        loaded = piece.load()
        jobs = [
            threads.submit(kernels.count_members, loaded, piece.sizes, some, counters, part, parts)
            for part in range(parts)
        ]
        for job in jobs:
            job.result()
    return counters


def _postings(keys: Numbers, ends: Places, *, positional: bool) -> Postings:
    """Room for the rows that are found under each key."""
    numbers, counts = kernels.number_keys(keys)
    room = int(counts.sum())
    return Postings(
        numbers,
        ends,
        np.cumsum(counts) - counts,
        np.zeros(len(counts), np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.full(len(ends), -1, np.int32),
        positional,
    )


def _found(numbers: Places, sets: Sets, results: Results, total: int) -> Found:
    """The results by the numbers of the sets."""
    found = Found(np.full(total, -1, np.int64), np.zeros(total))
    rows = np.flatnonzero(results.witnesses >= 0)
    others = results.witnesses[rows]
    shared = results.overlaps[rows]
    found.witnesses[numbers[rows]] = numbers[others]
    found.similarities[numbers[rows]] = shared / (sets.sizes[rows] + sets.sizes[others] - shared)
    return found
