"""The signs that end a sentence, in every script that detection reads."""

from __future__ import annotations

from typing import Final

STOPS: Final = ".!…。！।॥۔။።։"
QUESTION_MARKS: Final = "?？؟՞"
"""Greek asks with a semicolon, which elsewhere ends no question: it is asked for by itself."""
SENTENCE_ENDS: Final = STOPS + QUESTION_MARKS
