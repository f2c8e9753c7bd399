"""Code as the similarity of texts should see it: its marks count as much as its words."""

from __future__ import annotations

import string
from typing import Final

# Tokens are runs of word characters, so that two programs of the same names and other marks would be the same. Runic
# letters are word characters that no program is written in; underscores belong to words already.
_MARKS: Final = [mark for mark in string.punctuation if mark != "_"]
_RUNES: Final = [(mark, f" {chr(0x16A0 + number)} ") for number, mark in enumerate(_MARKS)]
_FAR_RUNE: Final = chr(0x16A0 + len(_MARKS))
"""Begins the tokens of marks beyond ASCII, which go on with their code point."""


def spell_marks(text: str) -> str:
    """``text`` with every mark, whatever is neither a word character nor a blank, as a token by itself: also the lines
    of boxes, arrows and emoji."""
    if not text.isascii():
        for mark in {char for char in set(text) if not (char.isascii() or char.isalnum() or char.isspace())}:
            text = text.replace(mark, f" {_FAR_RUNE}{ord(mark):x} ")
    for mark, rune in _RUNES:  # eight times as fast as str.translate with a table of strings
        text = text.replace(mark, rune)
    return text
