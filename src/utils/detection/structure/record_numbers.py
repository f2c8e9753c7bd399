"""Pairs whose sides stand beside each other under numbered keys: ``q1``, ``a1``, ``q2``; ``faq3_question``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.structure.columns import answer_in_sentences
from src.utils.detection.structure.record_people import Leaf, Path
from src.utils.detection.types import Draft, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import json_keys

_NUMBER = re.compile(r"\d{1,3}")
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_OPTION = re.compile(r"[bB][ _-]?\d{1,3}|\d{1,3}[ _-]?[bB]")
"""The key of a second option: ``b1`` stands beside ``a1``, which then is no answer."""
_MIN_PAIRS = 2
_MAX_KEY = 60


class _Numbered(NamedTuple):
    """A key with one number: the number, the words that both sides share, and which side it holds."""

    number: int
    shared: tuple[str, ...]
    asks: bool


def read_numbered(text: str, leaves: Sequence[Leaf]) -> Iterator[Draft]:
    """The pairs of an object under keys of one number each, where there are several, most of them ask and are
    answered in sentences."""
    sides: dict[tuple[Path, tuple[str, ...]], dict[int, dict[bool, Span]]] = defaultdict(lambda: defaultdict(dict))
    exams = {path[:-1] for path, _ in leaves if _OPTION.fullmatch(path[-1])}
    for path, span in leaves:
        key = _read_key(path[-1])
        if key and path[:-1] not in exams:
            sides[path[:-1], key.shared][key.number].setdefault(key.asks, span)
    for numbers in sides.values():
        pairs = [(found[True], found[False]) for _, found in sorted(numbers.items()) if len(found) == 2]
        asking = sum(ends_as_question(text[slice(*asked)]) for asked, _ in pairs)
        answers = [text[slice(*told)] for _, told in pairs]
        if len(pairs) >= _MIN_PAIRS and 2 * asking >= len(pairs) and answer_in_sentences(answers):
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
    asks = side in json_keys("question") and side not in json_keys("extra_input")
    answers = side in json_keys("answer")
    return _Numbered(int(numbers[0]), tuple(shared), asks) if asks != answers else None
