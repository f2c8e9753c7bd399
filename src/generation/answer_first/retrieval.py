"""Which fact does a question lead to? BM25 over words, and MiniLM sentence vectors where they are installed."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from src.generation.answer_first.words import content_stems

_K1, _B = 1.5, 0.75
"""Robertson and Zaragoza 2009, section 3.5: what works on texts of every kind."""


class Bm25:
    """An index of texts by their content words."""

    def __init__(self, texts: Sequence[str], terms: Callable[[str], list[str]] = content_stems) -> None:
        """``terms`` cuts a text, and later a query, into what is compared."""
        self._terms = terms
        stems = [terms(text) for text in texts]
        self._lengths = [len(words) for words in stems]
        self._mean = max(1.0, sum(self._lengths) / max(1, len(stems)))
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, words in enumerate(stems):
            for word, count in Counter(words).items():
                self._postings[word].append((number, count))

    def scores(self, query: str) -> dict[int, float]:
        """The score of every text that shares a content word with ``query``, by its number."""
        found: dict[int, float] = defaultdict(float)
        total = len(self._lengths)
        for word in dict.fromkeys(self._terms(query)):
            postings = self._postings.get(word, ())
            weight = math.log(1 + (total - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, count in postings:
                norm = _K1 * (1 - _B + _B * self._lengths[number] / self._mean)
                found[number] += weight * count * (_K1 + 1) / (count + norm)
        return dict(found)

    def leads_to(self, query: str, number: int) -> bool:
        """Whether text ``number`` is the one best match of ``query``: no other scores as high."""
        scores = self.scores(query)
        own = scores.pop(number, 0.0)
        return own > 0 and all(score < own - 1e-9 for score in scores.values())
