"""Which of many examples repeat an earlier one: the same is asked, and the same is answered."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from src.utils.similarity.exact_join import near_duplicate_clusters
from src.utils.similarity.overlap import jaccard
from src.utils.similarity.shingles import Shingler

ANSWER_THRESHOLD: Final = 0.5
"""Jaccard similarity, by pairs of tokens, from which two answers say the same. Much lower than that of whole texts: one
word changed in an answer of ten costs two of its nine pairs."""
_ANSWER_SIZE: Final = 2


class Example(NamedTuple):
    """The texts of an example: all that is said in it, and what is answered."""

    text: str
    answer: str


class Repeat(NamedTuple):
    """The number of the example that is repeated, how similar the two are, and whether they are the same, character by
    character."""

    witness: int
    similarity: float
    exact: bool


def find_repeats(examples: Iterable[Example], read: Callable[[int], Example], threshold: float) -> dict[int, Repeat]:
    """Go through examples in order, keep each one unless a kept one is like it: its whole text from ``threshold`` on,
    and its answer. An example that asks for another part of the same text, as fill-in-the-middle does, stays.

    Numbers count from 0. ``examples`` are read once, one at a time; ``read`` gives back the few that are compared.
    Raises ValueError for a threshold that is not in (0, 1].
    """
    digests: dict[bytes, int] = {}
    repeats: dict[int, Repeat] = {}

    def texts() -> Iterable[str]:
        for number, example in enumerate(examples):
            digest = hashlib.blake2b(f"{example.text}\0{example.answer}".encode(errors="surrogatepass"), digest_size=16)
            first = digests.setdefault(digest.digest(), number)
            if first != number:
                repeats[number] = Repeat(first, 1.0, exact=True)
            # a text without tokens is like no other: what is repeated already need not be compared
            yield example.text if first == number else ""

    for cluster in near_duplicate_clusters(texts(), threshold):
        repeats.update(_repeats_in(cluster, read, threshold))
    return {number: _last(repeats, number) for number in sorted(repeats)}


def _last(repeats: dict[int, Repeat], number: int) -> Repeat:
    """What an exact copy of an example that is a repeat itself repeats."""
    found = repeats[number]
    return repeats.get(found.witness, found)


def _repeats_in(cluster: Sequence[int], read: Callable[[int], Example], threshold: float) -> dict[int, Repeat]:
    """The repeats among examples that are connected; only those that share a piece of their answers are compared."""
    whole, pairs = Shingler(), Shingler(_ANSWER_SIZE)
    kept: dict[int, tuple[set[int], set[int]]] = {}
    having: defaultdict[int, list[int]] = defaultdict(list)
    repeats: dict[int, Repeat] = {}
    for number in cluster:
        example = read(number)
        text, answer = whole.shingles(example.text), pairs.shingles(example.answer)
        candidates = sorted({other for piece in answer for other in having[piece]})
        found = next((other for other in candidates if _is_alike(text, answer, kept[other], threshold)), None)
        if found is not None:
            repeats[number] = Repeat(found, jaccard(text, kept[found][0]), exact=False)
            continue
        kept[number] = (text, answer)
        for piece in answer:
            having[piece].append(number)
    return repeats


def _is_alike(text: set[int], answer: set[int], kept: tuple[set[int], set[int]], threshold: float) -> bool:
    return jaccard(answer, kept[1]) >= ANSWER_THRESHOLD and jaccard(text, kept[0]) >= threshold
