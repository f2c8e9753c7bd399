"""MinHash with locality-sensitive hashing: sets that are similar very likely share a band of their signatures.

Broder: On the resemblance and containment of documents, 1997; bands after Leskovec, Rajaraman, Ullman: Mining of
Massive Datasets, chapter 3. Members and bands are mixed by the last steps of XXH64.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from src.utils.similarity.join_kernels import Numbers, Places, Sets
from src.utils.similarity.native import compiled
from src.utils.similarity.shingle_kernels import mix

_SIGNATURE: Final = 128
"""Numbers of a signature, at most."""
_MISSED: Final = 0.0005
"""The share of pairs right at the threshold that may be missed."""


def choose_bands(threshold: float) -> tuple[int, int]:
    """How many bands, of how many numbers each, find all but _MISSED of the pairs at the threshold: as long as
    possible, because long bands find few others."""
    for rows in range(_SIGNATURE, 1, -1):
        bands = _SIGNATURE // rows
        if (1 - threshold**rows) ** bands <= _MISSED:
            return bands, rows
    return _SIGNATURE, 1


@compiled
def take_bands(sets: Sets, bands: int, rows: int) -> tuple[Numbers, Places]:
    """The bands of each set, one set behind the other, as the keys by which it is found, and where each set's end."""
    length = bands * rows
    factors = np.empty(length, np.uint32)
    for number in range(length):
        factors[number] = np.uint32(mix(np.uint64(number + 1))) | np.uint32(1)
    found = np.empty(len(sets.starts) * bands, np.uint64)
    ends = np.empty(len(sets.starts), np.int64)
    signature = np.empty(length, np.uint32)
    for row in range(len(sets.starts)):
        signature[:] = 0xFFFFFFFF
        for key in sets.keys[sets.starts[row] : sets.starts[row] + sets.kept[row]]:
            _lower(signature, factors, np.uint32(mix(key)))
        for band in range(bands):
            value = np.uint64(band + 1)
            for part in signature[band * rows : (band + 1) * rows]:
                value = mix(value ^ np.uint64(part)) + np.uint64(band)
            found[row * bands + band] = value
        ends[row] = (row + 1) * bands
    return found, ends


@compiled
def _lower(signature: NDArray[np.uint32], factors: NDArray[np.uint32], value: np.uint32) -> None:
    """Each number of the signature becomes the least of its own permutation of the members."""
    for number in range(len(signature)):
        turned = np.uint32(value * factors[number])
        turned ^= turned >> np.uint32(15)
        signature[number] = min(signature[number], turned)
