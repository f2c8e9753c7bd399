"""Answers that got stuck: the same words over and over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from src.utils.similarity.shingles import tokenize

_WINDOW: Final = 60
"""Words that are looked at together; a shorter text is never a loop."""
_SIZE: Final = 3
_MOST_DIFFERENT: Final = int(0.2 * (_WINDOW - _SIZE + 1))
"""Different runs of three words in a window that is a loop, at most. Prose has more than nine of ten different ones;
tables of numbers and generated code, as long as they say something, more than three of ten."""

_MEAN_WORD: Final = 20
"""Characters for each word beyond which blanks do not divide a text into words, as in Chinese."""
_SHOWN: Final = 60
_LONGEST_LINE: Final = 200
# Characters without a blank between them. Lines drawn with dashes and their like are shorter.
_RUN: Final = re.compile(rf"(\S{{1,8}})\1{{{_LONGEST_LINE},}}")


def find_loop(text: str) -> str:
    """What ``text`` repeats over and over; "" for nothing."""
    words = text.split()
    for word in (word for word in words if len(word) > _LONGEST_LINE):
        run = _RUN.search(word)
        if run:
            return f"{run[1]!r} again and again"
    if len(text) > _MEAN_WORD * len(words):
        words = tokenize(text)
    for start in range(0, len(words) - _WINDOW + 1, _WINDOW // 2):
        window = words[start : start + _WINDOW]
        if _is_loop(window):
            return f"{' '.join(window)[:_SHOWN]!r} again and again"
    return ""


def _is_loop(window: Sequence[str]) -> bool:
    # every word but the last two begins a run: with many different words there is no need to look at runs
    if len(set(window)) > _MOST_DIFFERENT + _SIZE - 1:
        return False
    return len({*zip(window, window[1:], window[2:], strict=False)}) <= _MOST_DIFFERENT
