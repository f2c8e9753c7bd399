"""A text as a set of token n-grams, each one a number: what near-duplicates are measured on."""

from __future__ import annotations

import hashlib
import re
from typing import Final

SHINGLE_SIZE: Final = 5
"""Tokens of a shingle."""

# A run of word characters is a token; in scripts without spaces between words every character is one.
CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN: Final = re.compile(rf"[{CJK}]|[^\W{CJK}]+")

_MASK: Final = (1 << 64) - 1


def tokenize(text: str) -> list[str]:
    """The tokens of ``text`` in lower case: runs of word characters, and every CJK character by itself."""
    return _TOKEN.findall(text.lower())


class Shingler:
    """Turns texts into shingle numbers; remembers the values of tokens it has seen.

    Tokens become random 61-bit values and a shingle the hash of its tuple of values: numbers of 64 bits that are the
    same in every process (only the hashes of str and bytes are seeded) and differ for different shingles, but for one
    pair in 2**60.
    """

    def __init__(self, size: int = SHINGLE_SIZE) -> None:
        if size < 1:
            raise ValueError(f"a shingle has at least one token, not {size}")
        self._size = size
        self._values = _TokenValues()

    def shingles(self, text: str) -> set[int]:
        """The n-grams of ``text`` as unsigned 64-bit numbers; one shingle of all tokens when there are fewer than n;
        empty without tokens."""
        values = [self._values[token] for token in tokenize(text)]
        if not values:
            return set()
        if len(values) < self._size:
            return {hash(tuple(values)) & _MASK}
        windows = zip(*(values[start:] for start in range(self._size)), strict=False)
        return {hash(window) & _MASK for window in windows}


class _TokenValues(dict[str, int]):
    def __missing__(self, token: str) -> int:
        digest = hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        value = self[token] = int.from_bytes(digest) >> 3
        return value
