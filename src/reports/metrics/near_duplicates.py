"""Which of a few texts have a near-duplicate anywhere among very many: one pass over these, in bounded memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

from src.utils.similarity.shingles import Shingler

NEAR_DUPLICATE: Final = 0.7
"""Jaccard similarity of word 3-grams from which a question counts as asked twice."""
_WORDS: Final = 3


def near_duplicates(chosen: Sequence[str], everything: Iterable[str]) -> list[bool]:
    """For each of ``chosen``, which are part of ``everything``, whether another text of ``everything`` is like it.

    Exact. Texts that are similar enough share one of the rarest 3-grams of the chosen one (prefix filter, Chaudhuri et
    al. 2006), so that few pairs are compared.
    """
    shingler = Shingler(_WORDS)
    sets = [shingler.shingles(text) for text in chosen]
    spread = Counter(shingle for members in sets for shingle in members)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, members in enumerate(sets):
        rarest = sorted(members, key=lambda shingle: (spread[shingle], shingle))
        for shingle in rarest[: len(members) - ceil(NEAR_DUPLICATE * len(members)) + 1]:
            found[shingle].append(number)
    like = [0] * len(chosen)
    for text in everything:
        members = shingler.shingles(text)
        candidates = {number for shingle in members if shingle in found for number in found[shingle]}
        for number in candidates:
            like[number] += _are_alike(members, sets[number])
    return [count > 1 for count in like]  # the first is the text itself


def _are_alike(first: set[int], second: set[int]) -> bool:
    common = len(first & second)
    return common >= NEAR_DUPLICATE * (len(first) + len(second) - common)
