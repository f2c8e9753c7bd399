"""Texts as sets of shingles, in compiled code and in memory that is used again."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.utils.similarity.characters import character_table
from src.utils.similarity.join_kernels import Numbers, Places, Rows
from src.utils.similarity.shingle_kernels import shingle_texts

_OWN: Final = threading.local()


class TextSets(NamedTuple):
    """The members of the sets one behind the other, how many each one has, and for each two numbers that are the same
    for the same set. ``members`` is overwritten by the next call of the same thread."""

    members: Numbers
    sizes: Rows
    digests: Numbers


def shingle(encoded: Sequence[bytes | memoryview], size: int) -> TextSets:
    """The sets of texts that ``encode_text`` has encoded. Raises ValueError for a shingle without tokens."""
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
    return shingle_joined(np.frombuffer(b"".join(encoded), np.uint8), ends, size)


def shingle_joined(source: NDArray[np.uint8], ends: Places, size: int) -> TextSets:
    """The same of encoded texts that lie one behind the other, each ending at ``ends``. Raises ValueError."""
    if size < 1:
        raise ValueError(f"a shingle has at least one token, not {size}")
    members = _scratch(1 << (len(source) // 2 + len(ends)).bit_length())
    sizes, digests = shingle_texts(source, ends, size, character_table(), members)
    return TextSets(members[: int(sizes.sum())], sizes, digests)


def first_of_equals(digests: Numbers, order: Places) -> Places:
    """For every set the first in ``order`` that equals it; itself for a set that is not in ``order``."""
    ordered = digests[order]
    groups = np.lexsort((ordered[:, 1], ordered[:, 0]))  # stable: the first of each group stays the first
    ordered = ordered[groups]
    is_first = np.ones(len(groups), np.bool_)
    is_first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    firsts = np.maximum.accumulate(np.where(is_first, np.arange(len(groups)), 0))
    equals = np.arange(len(digests))
    equals[order[groups]] = order[groups[firsts]]
    return equals


def _scratch(room: int) -> Numbers:
    """Memory of this thread that is used for one batch after the other: new memory costs more than what is done in
    it."""
    if not hasattr(_OWN, "rooms"):
        _OWN.rooms = {}
    rooms: dict[int, Numbers] = _OWN.rooms
    if room not in rooms:
        rooms[room] = np.empty(room, np.uint64)
    return rooms[room]
