"""Compiled: which of many sets are similar, by prefix, length and position filters and a comparison of what they leave.

The sets come with their rarest members first, so that two similar ones share one of their first members (PPJoin: Xiao,
Wang, Lin, Yu: Efficient Similarity Joins for Near Duplicate Detection, 2008). The arithmetic is exact: a similarity of
0.8 is 4 of 5.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.utils.similarity.native import compiled

Numbers = NDArray[np.uint64]
Places = NDArray[np.int64]
Rows = NDArray[np.int32]

_MOST: Final = 255
_COUNT_SHIFT: Final = np.uint64(56)
_HASH_SHIFT: Final = np.uint64(8)


class Share(NamedTuple):
    """A Jaccard similarity as a fraction."""

    top: int
    bottom: int


class Sets(NamedTuple):
    """Sets in the order in which they are compared: ``kept[row]`` keys from ``starts[row]`` on are what other sets may
    hold of the ``sizes[row]`` members of a set."""

    keys: Numbers
    starts: Places
    kept: Rows
    sizes: Rows


class Postings(NamedTuple):
    """Which rows are found under each key. The keys of a row, as ``numbers``, end at ``ends[row]``; the rows found
    under a number are the ``fills[number]`` ones from ``bases[number]`` on, and ``places`` where in their order it
    stands. A number of -1 leads nowhere. ``seen`` has for each row the last one that it was a candidate of."""

    numbers: Rows
    ends: Places
    bases: Places
    fills: Rows
    rows: Rows
    places: Rows
    seen: Rows
    positional: bool


class Results(NamedTuple):
    """What the comparison of each row gave: the row it duplicates, -1 for none, and what the two share."""

    witnesses: Rows
    overlaps: Rows


@compiled
def count_members(
    members: Numbers, sizes: Rows, wanted: NDArray[np.bool_], counters: NDArray[np.uint8], part: int, parts: int
) -> None:
    """Count, up to 255, in how many of the ``wanted`` sets each member is. Members share counters, so that a count may
    be too high, never too low. Only the ``part``-th of ``parts`` equal pieces of the counters is touched."""
    mask = np.uint64(len(counters) - 1)
    low = np.uint64(len(counters) // parts * part)
    high = np.uint64(len(counters) // parts * (part + 1)) if part + 1 < parts else np.uint64(len(counters))
    start = 0
    for number in range(len(sizes)):
        end = start + sizes[number]
        if wanted[number]:
            for place in range(start, end):
                slot = members[place] & mask
                if low <= slot < high and counters[slot] < _MOST:
                    counters[slot] += 1
        start = end


@compiled
def keep_shared(
    members: Numbers,
    sizes: Rows,
    wanted: NDArray[np.bool_],
    counters: NDArray[np.uint8],
    share: Share,
    keys: Numbers,
) -> tuple[Rows, Places]:
    """Of every wanted set that may have a partner, the members that other sets may hold, rare ones first, one set
    behind the other in ``keys``. Gives back how many there are, 0 for a set without a partner, and where they begin.

    A key is the count of a member before the rest of its bits: the order of keys is the order of rareness.
    """
    kept = np.zeros(len(sizes), np.int32)
    starts = np.zeros(len(sizes), np.int64)
    used = 0
    end = 0
    for number in range(len(sizes)):
        size = sizes[number]
        end += size
        if not wanted[number]:
            continue
        starts[number] = used
        count = _take_shared(members[end - size : end], counters, size - _at_least(size, share), keys[used:])
        kept[number] = count
        keys[used : used + count].sort()
        used += count
    return kept, starts


@compiled
def _take_shared(members: Numbers, counters: NDArray[np.uint8], spare: int, keys: Numbers) -> int:
    """Write the keys of the members that other sets may hold; returns how many, 0 when more than ``spare`` others are
    in no other set."""
    mask = np.uint64(len(counters) - 1)
    used = 0
    for member in members:
        count = counters[member & mask]
        if count > 1:
            keys[used] = (np.uint64(count) << _COUNT_SHIFT) | (member >> _HASH_SHIFT)
            used += 1
        else:
            spare -= 1
            if spare < 0:
                return 0
    return used


@compiled
def _at_least(size: int, share: Share) -> int:
    """The smallest partner of a set of this size, which is also the least that it shares with any partner."""
    return -(-size * share.top // share.bottom)


@compiled
def _needed(size: int, other: int, share: Share) -> int:
    """The smallest overlap at which two sets of these sizes reach the share: overlap / union >= share."""
    return -(-(size + other) * share.top // (share.top + share.bottom))


@compiled
def take_prefixes(sets: Sets, share: Share) -> tuple[Numbers, Places]:
    """The keys by which each set is found, one set behind the other, and where each set's end."""
    ends = np.empty(len(sets.starts), np.int64)
    total = 0
    for row in range(len(ends)):
        size = sets.sizes[row]
        unshared = size - sets.kept[row]  # members of no other set: the first in order
        total += max(0, min(sets.kept[row], size - _at_least(size, share) + 1 - unshared))
        ends[row] = total
    prefixes = np.empty(total, np.uint64)
    used = 0
    for row in range(len(ends)):
        length = ends[row] - used
        prefixes[used : used + length] = sets.keys[sets.starts[row] : sets.starts[row] + length]
        used += length
    return prefixes, ends


@compiled
def find_witnesses(
    rows: tuple[int, int], floor: int, sets: Sets, postings: Postings, share: Share, pinned: int, results: Results
) -> None:
    """For each of the rows from the first of ``rows`` up to the second, the first of the rows from ``floor`` on that
    was kept and that it is similar to. A row that has one is not kept, unless it is one of the first ``pinned``."""
    candidates = np.empty(1024, np.int32)
    for row in range(rows[0], rows[1]):
        if row >= pinned and results.witnesses[row] < 0:
            count, candidates = _candidates(row, sets, postings, share, candidates)
            for other in np.sort(candidates[:count]):
                overlap = _overlap(row, other, sets, share) if other >= floor else 0
                if overlap:
                    results.witnesses[row] = other
                    results.overlaps[row] = overlap
                    break
        if results.witnesses[row] < 0:
            _index(row, sets, postings)


@compiled
def collect_pairs(
    first: int, last: int, sets: Sets, postings: Postings, share: Share, most: int
) -> tuple[int, Rows, Rows]:
    """The rows from ``first`` on, each with every indexed row that may be similar to it, until there are ``most`` pairs
    or it is the turn of ``last``: the row whose turn it is, the rows and their candidates."""
    candidates = np.empty(1024, np.int32)
    rows = np.empty(most, np.int32)
    others = np.empty(most, np.int32)
    used = 0
    row = first
    while row < last and used < most:
        count, candidates = _candidates(row, sets, postings, share, candidates)
        while used + count > len(rows):
            rows = np.append(rows, np.empty_like(rows))
            others = np.append(others, np.empty_like(others))
        rows[used : used + count] = row
        others[used : used + count] = candidates[:count]
        used += count
        row += 1
    return row, rows[:used].copy(), others[:used].copy()


@compiled
def compare_pairs(rows: Rows, others: Rows, sets: Sets, share: Share, results: Results) -> None:
    """Note for each row the first of its candidates that it is similar to, unless it has a witness."""
    for pair in range(len(rows)):
        row = rows[pair]
        if results.witnesses[row] < 0:
            overlap = _overlap(row, others[pair], sets, share)
            if overlap:
                results.witnesses[row] = others[pair]
                results.overlaps[row] = overlap


@compiled
def join_rows(sets: Sets, postings: Postings, share: Share, parents: Rows) -> None:
    """Unite in ``parents``, a union-find of the rows, every row with all that it is similar to."""
    candidates = np.empty(1024, np.int32)
    for row in range(len(parents)):
        count, candidates = _candidates(row, sets, postings, share, candidates)
        for other in candidates[:count]:
            if find_root(parents, row) != find_root(parents, other) and _overlap(row, other, sets, share):
                parents[find_root(parents, row)] = find_root(parents, other)
        _index(row, sets, postings)


@compiled
def find_root(parents: Rows, row: int) -> int:
    """The row that stands for all that ``row`` is united with."""
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


@compiled
def _candidates(row: int, sets: Sets, postings: Postings, share: Share, candidates: Rows) -> tuple[int, Rows]:
    """The indexed rows that share a key with ``row`` and may be similar to it, each once, and how many there are."""
    size = sets.sizes[row]
    smallest = _at_least(size, share)
    largest = size * share.bottom // share.top
    begin = postings.ends[row - 1] if row else 0
    unshared = size - sets.kept[row]
    count = 0
    for entry in range(begin, postings.ends[row]):
        number = postings.numbers[entry]
        if number < 0:
            continue
        place = unshared + entry - begin
        base = postings.bases[number]
        for at in range(base, base + postings.fills[number]):
            other = postings.rows[at]
            if postings.seen[other] == row:
                continue
            postings.seen[other] = row
            other_size = sets.sizes[other]
            if other_size < smallest or other_size > largest:
                continue
            # This is their first common member, so that what comes after it is all they can share.
            left = min(size - place, other_size - postings.places[at])
            if postings.positional and left < _needed(size, other_size, share):
                continue
            if count == len(candidates):
                candidates = np.append(candidates, np.empty_like(candidates))
            candidates[count] = other
            count += 1
    return count, candidates


@compiled
def _index(row: int, sets: Sets, postings: Postings) -> None:
    """Let ``row`` be found under its keys."""
    begin = postings.ends[row - 1] if row else 0
    unshared = sets.sizes[row] - sets.kept[row]
    for entry in range(begin, postings.ends[row]):
        number = postings.numbers[entry]
        if number >= 0:
            at = postings.bases[number] + postings.fills[number]
            postings.rows[at] = row
            postings.places[at] = unshared + entry - begin
            postings.fills[number] += 1


@compiled
def _overlap(row: int, other: int, sets: Sets, share: Share) -> int:
    """How many members two sets have in common; 0 when they are too few."""
    needed = _needed(sets.sizes[row], sets.sizes[other], share)
    first = sets.keys[sets.starts[row] : sets.starts[row] + sets.kept[row]]
    second = sets.keys[sets.starts[other] : sets.starts[other] + sets.kept[other]]
    common = 0
    i = 0
    j = 0
    while i < len(first) and j < len(second):
        if first[i] == second[j]:
            common += 1
            i += 1
            j += 1
            continue
        if common + min(len(first) - i, len(second) - j) < needed:
            return 0
        if first[i] < second[j]:
            i += 1
        else:
            j += 1
    return common if common >= needed else 0
