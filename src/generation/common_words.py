"""How much two sets of words have in common, by how rare each word is; forms of one word are the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from src.generation.gates.terms import Vocabulary, rarity


def only(words: Sequence[str], others: Sequence[str]) -> list[str]:
    exactly = frozenset(others)
    strange = [word for word in words if word not in exactly]
    if not strange:
        return []
    known = _vocabulary(exactly)
    return [word for word in strange if not known.has_form(word) and not known.has_meaning(word)]


@lru_cache(maxsize=1 << 14)
def _vocabulary(words: frozenset[str]) -> Vocabulary:
    return Vocabulary(words)


def shared(left: Sequence[str], right: Sequence[str]) -> float:
    """The rarity of the words that the first of two sets has in common with the other one."""
    return sum(map(rarity, left)) - sum(map(rarity, only(left, right)))


def share(left: Sequence[str], right: Sequence[str]) -> float:
    """Jaccard similarity by rarity; forms of one word are the same. 0 to 1."""
    if not left or not right:
        return 0.0
    only_left, only_right = (sum(map(rarity, only(*pair))) for pair in ((left, right), (right, left)))
    both = min(sum(map(rarity, left)) - only_left, sum(map(rarity, right)) - only_right)
    total = both + only_left + only_right
    return both / total if total else 0.0


def contained(left: Sequence[str], right: Sequence[str]) -> float:
    """Share of the lighter of two sets of words that the other one has, by rarity."""
    shares = []
    for words, others in ((left, right), (right, left)):
        total = sum(map(rarity, words))
        shares.append(1 - sum(map(rarity, only(words, others))) / total if total else 0.0)
    return max(shares)
