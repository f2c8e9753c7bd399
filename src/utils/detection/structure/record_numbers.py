"""Pairs whose sides stand beside each other under numbered keys: ``q1``, ``a1``, ``q2``; ``faq3_question``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.questions import ends_as_question
from src.utils.detection.structure.record_people import Leaf, Path
from src.utils.detection.types import Draft, Utterance
from src.utils.detection.words.vocabulary import json_keys

_NUMBER = re.compile(r"\d{1,3}")
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_MIN_PAIRS = 2
_MAX_KEY = 60


class _Numbered(NamedTuple):
    """A key with one number: the number, the words that both sides share, and which side it holds."""

    number: int
    shared: tuple[str, ...]
    asks: bool


def read_numbered(text: str, leaves: Sequence[Leaf]) -> Iterator[Draft]:
    """The pairs of an object under keys of one number each, where there are several and most of them ask."""
    sides: dict[tuple[Path, tuple[str, ...]], dict[int, dict[bool, Span]]] = defaultdict(lambda: defaultdict(dict))
    for path, span in leaves:
        key = _read_key(path[-1])
        if key:
            sides[path[:-1], key.shared][key.number].setdefault(key.asks, span)
    for numbers in sides.values():
        pairs = [(found[True], found[False]) for _, found in sorted(numbers.items()) if len(found) == 2]
        asking = sum(ends_as_question(text[slice(*asked)]) for asked, _ in pairs)
        if len(pairs) >= _MIN_PAIRS and 2 * asking >= len(pairs):
            for asked, told in pairs:
                turns = (Utterance("question", "question", (asked,)), Utterance("answer", "answer", (told,)))
                yield Draft(turns, min(asked, told).start)


@lru_cache(maxsize=8192)
def _read_key(key: str) -> _Numbered | None:
    """``faq3_question`` -> 3, ("faq",), asks; None for a key without a word of a side, or without one number."""
    numbers = _NUMBER.findall(key) if len(key) <= _MAX_KEY else []
    if len(numbers) != 1:
        return None
    *shared, side = [word.casefold() for word in _WORD.findall(key)] or [""]
    asks, answers = (side in json_keys(group) for group in ("question", "answer"))
    return _Numbered(int(numbers[0]), tuple(shared), asks) if asks != answers else None
