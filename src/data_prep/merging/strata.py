"""The kinds of rows that training and evaluation should have the same share of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from src.data_prep.quality.reading import meta_of

UNKNOWN: Final = "unknown"
_BOUNDS: Final = (800, 2_400, 7_200)
"""Characters of a row: about 200, 600 and 1,800 tokens."""
_LENGTHS: Final = ("short", "medium", "long", "very long")


class Stratum(NamedTuple):
    """What a row is counted under."""

    source: str
    language: str
    length: str

    @property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """The row's own kind, and the larger ones that it is part of."""
        return (("source", self.source), ("language", self.language), ("length", self.length), tuple(self))


def stratum_of(row: Mapping[str, Any], characters: int) -> Stratum:
    """Source and language as ``meta`` names them, and how long the row is."""
    meta = meta_of(row)
    source, language = (str(meta.get(key) or UNKNOWN) for key in ("source", "lang"))
    return Stratum(source, language, _LENGTHS[bisect_right(_BOUNDS, characters)])
