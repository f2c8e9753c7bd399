"""All pairs of near-duplicate texts, found exactly: prefix, length and position filters, then verification.

The method is PPJoin (Xiao, Wang, Lin, Yu: Efficient Similarity Joins for Near Duplicate Detection, 2008): with the
shingles of every set in one order, rare ones first, two sets that are similar enough share one of their first shingles.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from importlib.util import find_spec
from itertools import chain, islice
from typing import Final

from src.utils.similarity.shingles import SHINGLE_SIZE, Shingler
from src.utils.similarity.union_find import UnionFind

DUPLICATE_THRESHOLD: Final = 0.8
"""Jaccard similarity from which two texts count as near-duplicates."""

MANY_TEXTS: Final = 10_000
"""From so many texts on, loading the compiled code takes less time than it saves."""

_LEAST_COUNTERS: Final = 1 << 20
_MOST: Final = 255

Skip = Callable[[int, int], bool]


def near_duplicate_pairs(
    texts: Iterable[str], threshold: float = DUPLICATE_THRESHOLD, size: int = SHINGLE_SIZE
) -> Iterator[tuple[int, int]]:
    """Every pair of positions ``(i, j)``, i < j, whose texts have a Jaccard similarity of at least ``threshold``.

    Exact, in an order that depends on the texts alone. A text without tokens is like no other. n identical texts make
    n * (n - 1) / 2 pairs: use ``near_duplicate_clusters`` where the groups are enough. Raises ValueError for a
    threshold that is not in (0, 1].
    """
    distinct, places = _distinct_sets(texts, size)
    for first, second in _join(distinct, threshold):
        yield from (_ordered(i, j) for i in places[first] for j in places[second])
    for same in places:
        yield from ((i, j) for number, i in enumerate(same) for j in same[number + 1 :])


def near_duplicate_clusters(
    texts: Iterable[str], threshold: float = DUPLICATE_THRESHOLD, size: int = SHINGLE_SIZE
) -> list[list[int]]:
    """The connected components of ``near_duplicate_pairs`` with two members or more, each ascending, in order of
    their first member. Many texts go through compiled code, where that is installed: the result is the same."""
    source = iter(texts)
    start = list(islice(source, MANY_TEXTS))
    texts = chain(start, source)
    if len(start) == MANY_TEXTS and find_spec("numba"):
        from src.utils.similarity.text_clusters import cluster_texts

        return cluster_texts(texts, threshold, size)
    distinct, places = _distinct_sets(texts, size)
    clusters = UnionFind(len(distinct))
    for first, second in _join(distinct, threshold, clusters.connected):
        clusters.union(first, second)
    merged = [sorted(place for number in group for place in places[number]) for group in clusters.groups()]
    return sorted(cluster for cluster in merged if len(cluster) > 1)


def _distinct_sets(texts: Iterable[str], size: int) -> tuple[list[array[int]], list[list[int]]]:
    """The different non-empty shingle sets, ascending, and for each the positions of its texts."""
    shingler = Shingler(size)
    numbers: dict[bytes, int] = {}
    distinct: list[array[int]] = []
    places: list[list[int]] = []
    for place, text in enumerate(texts):
        members = array("Q", sorted(shingler.shingles(text)))
        if not members:
            continue
        digest = hashlib.blake2b(members.tobytes(), digest_size=16).digest()
        number = numbers.setdefault(digest, len(distinct))
        if number == len(distinct):
            distinct.append(members)
            places.append([])
        places[number].append(place)
    return distinct, places


class _Counters:
    """How many sets hold a shingle, up to 255: never too few, for shingles share counters, two to four of which there
    are for each shingle, so that the memory stays flat."""

    def __init__(self, sets: Sequence[array[int]]) -> None:
        number = max(_LEAST_COUNTERS, 1 << (2 * sum(map(len, sets))).bit_length())
        self._mask = mask = number - 1
        self._counts = counts = bytearray(number)
        for members in sets:
            for shingle in members:
                slot = shingle & mask
                if counts[slot] < _MOST:
                    counts[slot] += 1

    def count(self, shingle: int) -> int:
        return self._counts[shingle & self._mask]


def _join(sets: list[array[int]], threshold: float, skip: Skip | None = None) -> Iterator[tuple[int, int]]:
    """Pairs of numbers of similar sets, smaller set first; ``skip`` names pairs that need no check. Puts the members of
    every set into another order."""
    if not 0 < threshold <= 1:
        raise ValueError(f"the threshold lies between 0 and 1, not at {threshold}")
    share = Fraction(str(threshold))
    counters = _Counters(sets)
    # One order for every set is all the filters need. Sorting is stable: ties stay in the order of the shingles.
    for number, members in enumerate(sets):
        sets[number] = array("Q", sorted(members, key=counters.count))
    postings: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for number in sorted(range(len(sets)), key=lambda number: len(sets[number])):
        members = sets[number]
        whole = frozenset(members)
        for candidate in _candidates(members, sets, postings, share):
            if skip and skip(candidate, number):
                continue
            if len(whole.intersection(sets[candidate])) >= _needed(len(members), len(sets[candidate]), share):
                yield candidate, number
        kept = len(members) - _needed(len(members), len(members), share) + 1
        for position in range(kept):
            if counters.count(members[position]) > 1:  # what no other set holds leads nowhere
                postings[members[position]].append((number, position))


def _candidates(
    members: array[int],
    sets: Sequence[array[int]],
    postings: defaultdict[int, list[tuple[int, int]]],
    share: Fraction,
) -> list[int]:
    size = len(members)
    smallest = _ceil(size * share.numerator, share.denominator)
    seen: set[int] = set()
    passed: list[int] = []
    for position in range(size - smallest + 1):
        for candidate, other_position in reversed(postings.get(members[position], ())):
            other_size = len(sets[candidate])
            if other_size < smallest:  # postings grow with the size of the sets
                break
            if candidate in seen:
                continue
            seen.add(candidate)
            # This is their first common shingle, so that what comes after it is all they can share.
            if min(size - position, other_size - other_position) >= _needed(size, other_size, share):
                passed.append(candidate)
    return passed


def _needed(size: int, other_size: int, share: Fraction) -> int:
    """The smallest overlap at which two sets of these sizes reach the share: overlap / union >= p / q."""
    return _ceil((size + other_size) * share.numerator, share.numerator + share.denominator)


def _ceil(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)


def _ordered(i: int, j: int) -> tuple[int, int]:
    return (i, j) if i < j else (j, i)
