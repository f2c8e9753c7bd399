"""Compiled: keys that occur twice or more get small numbers, by a hash table with open addresses.

A free slot holds 0: as a key that counts as one that occurs once.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from src.utils.similarity.join_kernels import Numbers, Places, Rows
from src.utils.similarity.native import compiled

_FREE: Final = np.uint64(0)
_ONE: Final = np.uint64(1)
_SPREAD: Final = np.uint64(0x9E3779B185EBCA87)


@compiled
def number_keys(keys: Numbers, parts: int) -> tuple[Rows, Places]:
    """Give every key that occurs twice or more a number from 0 on; the others -1. Also how often each number occurs.
    The keys are looked at in ``parts`` portions (a power of two, up to 16), each of which needs less memory."""
    numbers = np.full(len(keys), -1, np.int32)
    counts = np.zeros(len(keys) // 2 + 1, np.int64)
    used = 0
    for part in range(parts):
        used = _number_part(keys, np.uint64(part), np.uint64(parts - 1), numbers, counts, used)
    return numbers, counts[:used].copy()


@compiled
def _number_part(keys: Numbers, part: Any, among: Any, numbers: Rows, counts: Places, used: int) -> int:
    """Number the keys of one portion; returns how many numbers are used."""
    slots = _slots_for(keys, part, among)
    mask = np.uint64(slots - 1)
    table = np.zeros(slots, np.uint64)
    found = np.full(slots, -1, np.int32)  # -1: met once
    for key in keys:
        if _part_of(key) & among != part:
            continue
        slot = _find_slot(table, key, mask)
        if table[slot] == _FREE:
            table[slot] = key
            continue
        if found[slot] < 0:
            found[slot] = used
            counts[used] = 1
            used += 1
        counts[found[slot]] += 1
    for place in range(len(keys)):
        if _part_of(keys[place]) & among != part:
            continue
        numbers[place] = found[_find_slot(table, keys[place], mask)]
    return used


@compiled
def _slots_for(keys: Numbers, part: Any, among: Any) -> int:
    size = 0
    for key in keys:
        size += _part_of(key) & among == part
    slots = 16
    while slots < 2 * size:
        slots *= 2
    return slots


@compiled
def _part_of(key: Any) -> Any:
    return (key * _SPREAD) >> np.uint64(60)


@compiled
def _find_slot(table: Numbers, key: Any, mask: Any) -> Any:
    """Where ``key`` stands in ``table``, or the free slot where it belongs: the next one behind those taken."""
    slot = (key * _SPREAD >> np.uint64(20)) & mask
    while table[slot] != _FREE and table[slot] != key:
        slot = (slot + _ONE) & mask
    return slot
