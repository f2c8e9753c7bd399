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

from src.utils.in_order import map_in_order
from src.utils.similarity import join_kernels as kernels
from src.utils.similarity.join_kernels import Numbers, Places, Postings, Results, Rows, Sets, Share
from src.utils.similarity.key_numbers import number_keys
from src.utils.similarity.minhash import choose_bands, take_bands
from src.utils.similarity.spilled_join import KeyFile, Spill, SpilledSets, find_spilled

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
    """``method`` minhash may miss a few. The first ``pinned`` sets are kept whatever they are like. Neither the number
    of ``workers`` nor ``spill``, a place on disk for what else is held in memory, shows in the result."""

    threshold: float
    method: Method = "exact"
    pinned: int = 0
    workers: int = 1
    spill: Spill | None = None


def keep_best(
    pieces: Sequence[Piece], order: Places, settings: JoinSettings, report: Report = lambda _done, _total: None
) -> Found:
    """Go through the sets in ``order`` and keep each one unless a kept one is similar to it: the first such in order is
    its witness. Sets that are not in ``order``, and empty ones, take no part.

    The result depends on the sets and their order alone. ``report`` hears how many sets were compared, of how many.
    Raises ValueError for a threshold that is not in (0, 1], StorageError where ``spill`` has no room.
    """
    share = exact_share(settings.threshold)
    total = len(order)
    report(0, total)

    def tell(numbers: Places, done: int) -> None:
        report(total - len(numbers) + done, total)

    if settings.spill is not None:
        return _keep_spilled(pieces, order, settings, share, tell)
    numbers, sets = _sets_with_partners(pieces, order, share, settings.workers)
    postings = _postings(*_entries(sets, settings, share), positional=settings.method == "exact")
    pinned, results = _pinned(numbers, order, settings), _no_results(numbers)
    for first in range(0, len(numbers), _STEP):
        last = min(first + _STEP, len(numbers))
        kernels.find_witnesses((first, last), 0, sets, postings, share, pinned, results)
        tell(numbers, last)
    return _found(numbers, sets.sizes, results, _total_of(pieces))


def _keep_spilled(
    pieces: Sequence[Piece],
    order: Places,
    settings: JoinSettings,
    share: Share,
    tell: Callable[[Places, int], None],
) -> Found:
    spill = settings.spill or Spill(Path())
    with KeyFile(spill) as file:
        kept, starts, sizes = _take_keys(pieces, order, share, settings.workers, file.append)
        numbers = order[kept[order] > 0]
        sets = SpilledSets(file, starts[numbers], kept[numbers], sizes[numbers], spill.room)
        entries = [_entries(_window(sets.loaded, *window), settings, share) for window in sets.windows()]
        behind = np.cumsum([0, *(len(keys) for keys, _ in entries)])
        keys = np.concatenate([np.zeros(0, np.uint64), *(keys for keys, _ in entries)])
        ends = [own + before for (_, own), before in zip(entries, behind[:-1], strict=True)]
        del entries
        postings = _postings(
            keys, np.concatenate([np.zeros(0, np.int64), *ends]), positional=settings.method == "exact", parts=8
        )
        del keys
        results = _no_results(numbers)
        pinned = _pinned(numbers, order, settings)
        find_spilled(sets, postings, share, pinned, results, lambda done: tell(numbers, done))
    return _found(numbers, sets.loaded.sizes, results, _total_of(pieces))


def _window(sets: Sets, first: int, last: int) -> Sets:
    rows = slice(first, last)
    return Sets(sets.keys, sets.starts[rows], sets.kept[rows], sets.sizes[rows])


def _entries(sets: Sets, settings: JoinSettings, share: Share) -> tuple[Numbers, Places]:
    """The keys by which each set is found, and where each set's end."""
    if settings.method == "exact":
        return kernels.take_prefixes(sets, share)
    return take_bands(sets, *choose_bands(settings.threshold))


def _pinned(numbers: Places, order: Places, settings: JoinSettings) -> int:
    return int(np.isin(order[: settings.pinned], numbers, assume_unique=True).sum())


def _no_results(numbers: Places) -> Results:
    return Results(np.full(len(numbers), -1, np.int32), np.zeros(len(numbers), np.int32))


def _total_of(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.sizes) for piece in pieces)


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
    # pages that stay empty take no memory
    keys = np.empty(sum(int(piece.sizes.sum(dtype=np.int64)) for piece in pieces), np.uint64)
    used = 0

    def add(some: Numbers) -> None:
        nonlocal used
        keys[used : used + len(some)] = some
        used += len(some)

    kept, starts, sizes = _take_keys(pieces, order, share, workers, add)
    numbers = order[kept[order] > 0]
    return numbers, Sets(keys, starts[numbers], kept[numbers], sizes[numbers])


class _Kept(NamedTuple):
    """Of every set how many keys it has, 0 for one without a partner, where they begin, and its size."""

    kept: Rows
    starts: Places
    sizes: Rows


def _take_keys(
    pieces: Sequence[Piece], order: Places, share: Share, workers: int, add: Callable[[Numbers], None]
) -> _Kept:
    """Hand the keys of the sets in ``order`` to ``add``, piece by piece."""
    sizes = np.concatenate([np.zeros(0, np.int32), *(piece.sizes for piece in pieces)])
    wanted = np.zeros(len(sizes), np.bool_)
    wanted[order] = True
    parts = [wanted[first:last] for first, last in pairwise(np.cumsum([0, *(len(piece.sizes) for piece in pieces)]))]
    kept, starts = np.zeros(len(sizes), np.int32), np.zeros(len(sizes), np.int64)
    counters = _count(pieces, parts, workers)

    def keep(place: tuple[Piece, NDArray[np.bool_]]) -> tuple[Rows, Places, Numbers]:
        piece, part = place
        members = piece.load()
        room = np.empty(len(members), np.uint64)
        counts, places = kernels.keep_shared(members, piece.sizes, part, counters, share, room)
        return counts, places, room[: int(counts.sum())].copy()

    used = row = 0
    for counts, places, some in map_in_order(keep, zip(pieces, parts, strict=True), workers):
        rows = slice(row, row + len(counts))
        kept[rows], starts[rows] = counts, places + used
        add(some)
        used, row = used + len(some), row + len(counts)
    return _Kept(kept, starts, sizes)


def _count(pieces: Sequence[Piece], wanted: Sequence[NDArray[np.bool_]], workers: int) -> NDArray[np.uint8]:
    """In how many sets each member is: two to four counters for each member, as far as memory allows."""
    members = sum(int(piece.sizes.sum()) for piece in pieces)
    size = min(max(_FEWEST_COUNTERS, 1 << (2 * members).bit_length()), _MOST_COUNTERS)
    counters = np.zeros(size, np.uint8)
    with ThreadPoolExecutor(workers) as threads:
        for piece, some in zip(pieces, wanted, strict=True):
            loaded = piece.load()
            jobs = [
                threads.submit(kernels.count_members, loaded, piece.sizes, some, counters, part, workers)
                for part in range(workers)
            ]
            for job in jobs:
                job.result()
    return counters


def _postings(keys: Numbers, ends: Places, *, positional: bool, parts: int = 1) -> Postings:
    """Room for the rows that are found under each key."""
    numbers, counts = number_keys(keys, parts)
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


def _found(numbers: Places, sizes: Rows, results: Results, total: int) -> Found:
    """The results by the numbers of the sets."""
    found = Found(np.full(total, -1, np.int64), np.zeros(total))
    rows = np.flatnonzero(results.witnesses >= 0)
    others = results.witnesses[rows]
    shared = results.overlaps[rows]
    found.witnesses[numbers[rows]] = numbers[others]
    found.similarities[numbers[rows]] = shared / (sizes[rows] + sizes[others] - shared)
    return found
