"""Texts that say the same in other words, by vectors of sentences; who makes the vectors is the caller's choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SAME_QUESTION, SAME_ANSWER = 0.9, 0.8
"""Cosines of the questions, and of the answers, of two rows from which a person is asked whether they are one."""
QUESTION_CHARS, ANSWER_CHARS = 300, 600
"""The beginnings that are compared: the model reads 128 tokens at most."""

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Any]
"""Vectors of length one, one for each text."""

_BATCH: Final = 16
_BLOCK: Final = 4_096


class Alike(NamedTuple):
    """Two rows by their places among the rows, the later one first."""

    row: int
    other: int
    cosine: float


def find_alike(vectors: Vectors, least: float) -> list[Alike]:
    """Of each row that is like an earlier one, the earlier row with the highest cosine, the first of equals."""
    found: list[Alike] = []
    for start in range(0, len(vectors), _BLOCK):
        rows = vectors[start : start + _BLOCK]
        best = np.full(len(rows), -1.0, np.float32)
        other = np.zeros(len(rows), np.int64)
        for before in range(0, start + 1, _BLOCK):
            cosines = rows @ vectors[before : before + _BLOCK].T
            if before == start:
                cosines[np.triu_indices(len(rows))] = -1.0
            nearest = cosines.argmax(axis=1)
            highest = cosines[np.arange(len(rows)), nearest]
            better = highest > best
            best[better], other[better] = highest[better], before + nearest[better]
        places = np.flatnonzero(best >= least)
        found += [Alike(start + int(place), int(other[place]), float(best[place])) for place in places]
    return found


def embed_sorted(texts: Sequence[str], embed: Embed) -> Vectors:
    """The vectors of ``texts``, made in batches of texts that are about as long as each other."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    found = np.concatenate([np.asarray(embed([texts[place] for place in batch]), np.float32) for batch in batches])
    vectors = np.empty_like(found)
    vectors[order] = found
    return vectors
