"""Exact counts of texts that have many lines in common, as windows over one file do: each line is counted once."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from src.utils.tokens.vocabularies import has_vocabulary, load_vocabulary

Count = Callable[[str], int]

_CUT_AT_LINES: Final = frozenset({"llama3", "qwen2.5", "qwen3.5"})
"""Vocabularies whose patterns let no word go on behind a line break, but for other blanks with a break at their end:
the tokens of a text are the sum of those of its lines. Others join breaks and slashes (o200k_base, tekken)."""
_LINE: Final = re.compile(r"[^\n]+(?:\n(?:\s*\n)?)?|\n(?:\s*\n)?")
"""A line with its break and the empty lines behind it."""
_LINES_KNOWN: Final = 30_000


@cache
def load_line_counter(vocabulary: str) -> Count | None:
    """The function that counts the tokens of a text as ``load_vocabulary`` does; None for a vocabulary that does not
    count by lines, or is not there."""
    if vocabulary not in _CUT_AT_LINES or not has_vocabulary(vocabulary):
        return None

    @lru_cache(maxsize=_LINES_KNOWN)
    def count_line(line: str) -> int:
        return load_vocabulary(vocabulary)(line)  # loaded by the first line

    return lambda text: sum(map(count_line, _LINE.findall(text)))
