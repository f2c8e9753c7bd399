"""The words of a text."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"\w+(?:[-'’.,]\w+)*")


def words_of(text: str) -> list[str]:
    """Runs of letters and digits in lower case; "don't", "well-known" and "1,000" are one word each."""
    return _WORD.findall(text.lower())
