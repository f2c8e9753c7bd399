"""How varied texts are, in figures that are usual in the literature. Every text is a list of words."""

from __future__ import annotations

import math
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from src.reports.metrics.vendi import vendi_score

Words = Sequence[str]

VENDI_ROWS: Final = 100
"""The score of a hundred texts reads as "as varied as so many entirely different ones"."""
_BLEU_ORDERS: Final = (1, 2, 3, 4)


def ngrams(words: Words, size: int) -> Iterator[tuple[str, ...]]:
    """All runs of ``size`` words."""
    return zip(*(words[start:] for start in range(size)), strict=False)


def distinct(texts: Sequence[Words], size: int) -> float | None:
    """Different n-grams by all n-grams (Li et al. 2016). It falls as texts grow: compare equal numbers of rows only."""
    different: set[tuple[str, ...]] = set()
    total = 0
    for words in texts:
        different.update(ngrams(words, size))
        total += max(0, len(words) - size + 1)
    return len(different) / total if total else None


def compression_ratio(texts: Sequence[str]) -> float | None:
    """Bytes by compressed bytes (Shaib et al. 2024): the more texts repeat one another, the higher."""
    raw = "\n".join(texts).encode("utf-8", "surrogatepass")
    return len(raw) / len(zlib.compress(raw, 6)) if raw else None


def opening_entropy(texts: Sequence[Words]) -> float | None:
    """Entropy of the first word in bits: 0 when every text begins alike."""
    counts = Counter(words[0] for words in texts if words)
    total = counts.total()
    if not total:
        return None
    return math.fsum(-count / total * math.log2(count / total) for count in counts.values()) or 0.0


def vendi(texts: Sequence[str]) -> float | None:
    """The Vendi score of the first hundred texts (Friedman and Dieng 2023)."""
    return vendi_score(texts[:VENDI_ROWS])


def self_bleu(texts: Sequence[Words]) -> float | None:
    """The mean BLEU-4 of every text with all others as its references (Zhu et al. 2018): 1 when they are all alike.

    Counts beyond the first order are smoothed by one (Lin and Och 2004, their second method). Linear in the number of
    words: of every n-gram only the two largest counts are needed to know the largest one of all the others.
    """
    spoken = [words for words in texts if words]
    if len(spoken) < 2:
        return None
    lengths = sorted(map(len, spoken))
    logs = [0.0] * len(spoken)
    orders = [0] * len(spoken)
    for size in _BLEU_ORDERS:
        counted = [Counter(ngrams(words, size)) for words in spoken]
        largest = _two_largest(counted)
        for number, counts in enumerate(counted):
            if not counts:
                continue
            matches = sum(min(count, _largest_of_others(largest[gram], number)) for gram, count in counts.items())
            extra = size > 1
            precision = (matches + extra) / (counts.total() + extra)
            logs[number] += math.log(precision) if precision else -math.inf
            orders[number] += 1
    scores = [
        math.exp(logs[number] / orders[number]) * _brevity(len(words), lengths) for number, words in enumerate(spoken)
    ]
    return math.fsum(scores) / len(scores)


_Largest = tuple[int, int, int]
"""The largest count of an n-gram, the text that has it, and the largest count of another text."""


def _two_largest(counted: Sequence[Counter[tuple[str, ...]]]) -> dict[tuple[str, ...], _Largest]:
    largest: dict[tuple[str, ...], _Largest] = {}
    for number, counts in enumerate(counted):
        for gram, count in counts.items():
            first, owner, second = largest.get(gram, (0, -1, 0))
            largest[gram] = (count, number, first) if count > first else (first, owner, max(second, count))
    return largest


def _largest_of_others(largest: _Largest, number: int) -> int:
    first, owner, second = largest
    return second if owner == number else first


def _brevity(length: int, lengths: Sequence[int]) -> float:
    """BLEU's penalty for a text that is shorter than the reference of the nearest length (its own stands in
    ``lengths`` once)."""
    place = bisect_left(lengths, length)
    others = [*lengths[max(0, place - 1) : place], *lengths[place + 1 : place + 2]]
    nearest = min(others, key=lambda other: (abs(other - length), other))
    return 1.0 if length >= nearest else math.exp(1 - nearest / length)
