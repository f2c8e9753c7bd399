"""Compiled: texts in UTF-8 become sets of token n-grams, each an unsigned number of 64 bits.

A token is hashed character by character in the manner of FNV-1a, an n-gram is the polynomial of the hashes of its
tokens; both are mixed by the last steps of XXH64 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md).
Two different n-grams share a number once in 2**60.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from src.utils.similarity.characters import SINGLE, WORD
from src.utils.similarity.native import compiled

Numbers = NDArray[np.uint64]

_PRIME: Final = np.uint64(0x9E3779B185EBCA87)
_START: Final = np.uint64(0x27D4EB2F165667C5)
_BASE: Final = np.uint64(0xD6E8FEB86659FD93)
"""Of the polynomial: 3 modulo 8, so that exchanging two tokens changes it but for one pair of hashes in 2**60."""

# A compiled sum of an unsigned number and a plain one is a floating-point number: every one has its type.
_0, _1, _2, _3, _4 = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
_ASCII_END: Final = np.uint32(0x80)
_WORD: Final = np.uint32(WORD)
_SINGLE: Final = np.uint32(SINGLE)


@compiled
def shingle_texts(
    source: NDArray[np.uint8], ends: NDArray[np.int64], size: int, table: NDArray[np.uint32], members: Numbers
) -> tuple[NDArray[np.int32], Numbers]:
    """The sets of the texts that lie one behind the other in ``source``, each ending at ``ends``: how many members each
    one has, and two numbers for each that are the same for the same set. The members go into ``members``, which has
    room for ``len(source) // 2 + len(ends)`` of them: two characters make a token and its end."""
    longest = _longest(ends)
    tokens = np.empty(longest // 2 + 1, np.uint64)
    slots = np.empty(table_size(longest // 2 + 1), np.uint64)
    sizes = np.empty(len(ends), np.int32)
    digests = np.empty((len(ends), 2), np.uint64)
    used = 0
    start = 0
    for number in range(len(ends)):
        count = _hash_tokens(source[start : ends[number]], table, tokens)
        found = _collect(tokens, count, size, slots, members[used:])
        sizes[number] = found
        _digest(members[used : used + found], digests[number])
        used += found
        start = ends[number]
    return sizes, digests


@compiled
def _longest(ends: NDArray[np.int64]) -> int:
    longest = 0
    start = 0
    for end in ends:
        longest = max(longest, end - start)
        start = end
    return longest


@compiled
def table_size(count: int) -> int:
    size = 16
    while size < 2 * count:
        size *= 2
    return size


@compiled
def _hash_tokens(text: NDArray[np.uint8], table: NDArray[np.uint32], tokens: Numbers) -> int:
    """Fill ``tokens`` with the hashes of the tokens of one text; returns how many there are."""
    count = 0
    state = _START
    place = _0  # unsigned: an index that may be negative costs a comparison
    end = np.uint64(len(text))
    while place < end:
        code = np.uint32(text[place])
        if code < _ASCII_END:
            place += _1
        else:
            code, place = _decode(text, place)
        kind = table[code]
        if kind & _WORD:
            state = (state ^ np.uint64(kind)) * _PRIME
            continue
        if state != _START:
            tokens[count] = mix(state)
            count += 1
            state = _START
        if kind & _SINGLE:
            tokens[count] = mix((_START ^ np.uint64(kind)) * _PRIME)
            count += 1
    if state != _START:
        tokens[count] = mix(state)
        count += 1
    return count


@compiled
def _decode(text: NDArray[np.uint8], place: Any) -> Any:
    """The character of more than one byte at ``place``, and the place of the next one."""
    lead = np.uint32(text[place])
    length = _2 if lead < np.uint32(0xE0) else _3 if lead < np.uint32(0xF0) else _4
    code = lead & (np.uint32(0x7F) >> np.uint32(length))
    for further in range(1, length):
        code = (code << np.uint32(6)) | (np.uint32(text[place + np.uint64(further)]) & np.uint32(0x3F))
    return code, place + length


@compiled
def mix(value: Any) -> Any:
    """Spread the bits of ``value`` as XXH64 does at its end."""
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xC2B2AE3D27D4EB4F)
    value = (value ^ (value >> np.uint64(29))) * np.uint64(0x165667B19E3779F9)
    return value ^ (value >> np.uint64(32))


@compiled
def _collect(tokens: Numbers, count: int, size: int, slots: Numbers, members: Numbers) -> int:
    """Write the different n-grams of one text into ``members``, in order of their first place; returns how many."""
    if count == 0:
        return 0
    width = min(size, count)
    leaving = np.uint64(1)
    for _ in range(width):
        leaving *= _BASE
    slots = slots[: table_size(count)]
    slots[:] = 0
    mask = np.uint64(len(slots) - 1)
    found = 0
    value = np.uint64(0)
    for place in range(count):
        value = value * _BASE + tokens[place]
        if place >= width:
            value -= tokens[place - width] * leaving
        if place < width - 1:
            continue
        number = mix(value)
        if number == 0:  # 0 is a free slot
            number = np.uint64(1)
        slot = number & mask
        while slots[slot] != 0 and slots[slot] != number:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] == 0:
            slots[slot] = number
            members[found] = number
            found += 1
    return found


@compiled
def _digest(members: Numbers, digest: Numbers) -> None:
    """Two sums over the members: they do not depend on the order."""
    first = np.uint64(0)
    second = np.uint64(len(members))
    for member in members:
        first += member
        second += mix(member ^ _START)
    digest[0] = first
    digest[1] = second
