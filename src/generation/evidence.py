"""Where words that a model cites stand in a text, however it has set quotes, spaces, line ends and capitals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from src.core.types import Span
from src.generation.gates.texts import normalise

_LEFT_OUT = re.compile(r"\[?(?:…|\.{3,})\]?")
"""What stands in a citation for words of the source that it leaves out."""


def find_cited(words: str, text: str) -> tuple[Span, ...]:
    """The places in ``text`` of the parts of a citation; none where any part does not stand there, or holds no letter
    and no digit."""
    parts = [part for part in map(normalise, _LEFT_OUT.split(words)) if part]
    places = [_find(part, text) for part in parts]
    return tuple(place for place in places if place) if all(places) else ()


def _find(part: str, text: str) -> Span | None:
    plain, places = _read(text)
    start = plain.find(part) if re.search(r"\w", part) else -1
    if start < 0:
        return None
    return Span(places[start].start, places[start + len(part) - 1].end)


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[str, tuple[Span, ...]]:
    """``text`` as ``normalise`` gives it, and for each of its characters the place that it was made of."""
    plain: list[str] = []
    places: list[Span] = []
    for start, end in _letters(text):
        made = normalise(text[start:end])
        if not made and text[start].isspace() and plain and plain[-1] != " ":
            made = " "
        if made:
            plain.append(made)
            places += [Span(start, end)] * len(made)
    return "".join(plain), tuple(places)


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Every character with the marks that belong to it: they become one only together."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            yield start, end
            start = end
