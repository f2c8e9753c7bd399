"""What every Unicode character is to a tokeniser, as one table that compiled code can look up."""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from src.utils.similarity.shingles import CJK

WORD: Final = 1 << 24
"""Bit of a character that makes tokens together with its neighbours; the bits below it are its lower case."""
SINGLE: Final = 1 << 25
"""Bit of a character that is a token by itself."""

_LETTERS_END: Final = 0x40000
"""Beyond it Unicode has no letters: planes 4 to 13 are empty, the others for tags and private use."""

# One becomes two characters in lower case, the other depends on its neighbours: texts with them are lowered before.
_DOTTED_I: Final = "\u0130"
_SIGMA: Final = "\u03a3"


@cache
def character_table() -> NDArray[np.uint32]:
    """For every code point its lower case, with the bits WORD and SINGLE of that lower case."""
    letters = "".join(map(chr, range(_LETTERS_END)))
    lowered = letters.replace(_DOTTED_I, "i").lower()
    table = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    table[:_LETTERS_END] = np.frombuffer(lowered.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = np.zeros(len(table), np.uint32)
    for run in re.finditer(r"\w+", letters):
        kinds[run.start() : run.end()] = WORD
    for run in re.finditer(f"[{CJK}]+", letters):
        kinds[run.start() : run.end()] = SINGLE
    return table | kinds[table]


def encode_text(text: str) -> bytes:
    """``text`` in UTF-8, such that looking up its characters one by one gives those of ``text.lower()``."""
    if text.isascii():
        return text.encode()
    if _SIGMA in text or _DOTTED_I in text:
        text = text.lower()
    return text.encode("utf-8", "surrogatepass")
