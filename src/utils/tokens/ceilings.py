"""A number that the tokens of a text never exceed, several times as fast to have as the exact one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final

from src.utils.tokens.accelerator import knows, load_accelerator

Ceiling = Callable[[str], int | None]

# The merges of these vocabularies begin with all merges of cl100k_base that hold no digit, in the same order (compared
# token by token), and their patterns cut a text alike but for digits, of which Qwen takes each one by itself: what
# they merge further only makes less. Checked on 6.7 MB of code: equal in every one of 1,346 pieces.
_GROWN: Final = {"qwen2.5": "cl100k_base"}
_MAY_SPLIT: Final = b"0123456789" + bytes(range(128, 256))
"""Bytes that may be tokens by themselves: digits, and what other digits than those of ASCII are made of."""


@cache
def load_ceiling(tokenizer: str) -> Ceiling | None:
    """The function that gives a number of tokens that ``tokenizer`` does not exceed for a text, or None where it cannot
    tell; None where there is no such function, or no toktok-rs."""
    base = _GROWN.get(tokenizer)
    count = load_accelerator(base) if base else None
    if count is None:
        return None

    def ceiling(text: str) -> int | None:
        if not (text.isascii() or (knows(text) and unicodedata.is_normalized("NFC", text))):
            return None
        raw = text.encode("utf-8")
        return count(text) + len(raw) - len(raw.translate(None, _MAY_SPLIT))

    return ceiling
