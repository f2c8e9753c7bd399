"""Code as the similarity of texts should see it: its marks count as much as its words."""

from __future__ import annotations

import string
from typing import Final

# Tokens are runs of word characters, so that two programs of the same names and other marks would be the same. Runic
# letters are word characters that no program is written in; underscores belong to words already.
_MARKS: Final = [mark for mark in string.punctuation if mark != "_"]
_RUNES: Final = [(mark, f" {chr(0x16A0 + number)} ") for number, mark in enumerate(_MARKS)]


def spell_marks(text: str) -> str:
    """``text`` with every mark of ASCII as a letter by itself: each becomes a token."""
    for mark, rune in _RUNES:  # eight times as fast as str.translate with a table of strings
        text = text.replace(mark, rune)
    return text
