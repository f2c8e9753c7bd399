"""The clusters of near-duplicates of many texts, by compiled code: the same ones that exact_join finds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

import numpy as np

from src.utils.similarity.characters import encode_text
from src.utils.similarity.set_join import Piece, unite
from src.utils.similarity.text_sets import first_of_equals, shingle
from src.utils.similarity.union_find import UnionFind

_BATCH: Final = 2_000


def cluster_texts(texts: Iterable[str], threshold: float, size: int) -> list[list[int]]:
    """The connected components of near-duplicates with two members or more, each ascending, in order of their first
    member. Raises ValueError."""
    pieces: list[Piece] = []
    digests = [np.zeros((0, 2), np.uint64)]
    source = iter(texts)
    while encoded := [encode_text(text) for text in islice(source, _BATCH)]:
        sets = shingle(encoded, size)
        pieces.append(Piece(sets.sizes, sets.members.copy()))
        digests.append(sets.digests)
    sizes = np.concatenate([np.zeros(0, np.int32), *(piece.sizes for piece in pieces)])
    rows = np.flatnonzero(sizes)  # a text without tokens is like no other
    equals = first_of_equals(np.concatenate(digests), rows)
    together = UnionFind(len(sizes))
    for first, second in unite(pieces, rows[equals[rows] == rows], threshold):
        together.union(first, second)
    for row, equal in enumerate(equals.tolist()):
        if row != equal:
            together.union(row, equal)
    return [group for group in together.groups() if len(group) > 1]
