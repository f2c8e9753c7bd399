"""Fewer rows of the languages that a set has most of: each keeps a share by the square root of its rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import sqrt
from tempfile import TemporaryFile
from typing import Final, NamedTuple

from src.data_prep.fim.types import MadeRow

_RARE_SHARE: Final = 0.01
"""Languages below that share of the rows are kept whole: a stray file must not set the measure for all."""


def caps_of(rows: Mapping[str, int]) -> dict[str, int]:
    """How many rows each language may keep. The smallest that is not rare keeps all of its rows; one with four times as
    many keeps twice as many."""
    total = sum(rows.values())
    common = [count for count in rows.values() if count >= total * _RARE_SHARE]
    scale = sqrt(min(common, default=1))
    return {language: min(count, round(scale * sqrt(count))) for language, count in rows.items()}


class _Shelved(NamedTuple):
    language: str
    kind: str
    order: bytes
    number: int


def balanced(rows: Iterable[MadeRow], seed: int, before: Counter[str]) -> Iterator[MadeRow]:
    """The rows that stay, in their order, drawn by ``seed``; ``before`` counts the rows of each language that came in.
    Rows wait on disk, in a file that nobody sees."""
    with TemporaryFile() as shelf:
        shelved: list[_Shelved] = []
        for number, (language, kind, line) in enumerate(rows):
            shelf.write(line)
            order = hashlib.sha256(f"{seed}:{number}:".encode() + line).digest()[:8]
            shelved.append(_Shelved(language, kind, order, number))
            before[language] += 1
        kept = _drawn(shelved, caps_of(before))
        shelf.seek(0)
        for one, line in zip(shelved, shelf, strict=True):
            if one.number in kept:
                yield MadeRow(one.language, one.kind, line)


def _drawn(shelved: list[_Shelved], caps: Mapping[str, int]) -> set[int]:
    left = Counter(caps)
    kept: set[int] = set()
    for one in sorted(shelved, key=lambda row: (row.order, row.number)):
        if left[one.language] > 0:
            left[one.language] -= 1
            kept.add(one.number)
    return kept
