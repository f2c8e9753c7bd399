"""Whether words ask: a question mark of any script, and the semicolon that Greek asks with."""

from __future__ import annotations

import re

from src.utils.detection.words.signs import QUESTION_MARKS

_MAX_ENDING = 80
_ENDS = re.compile(r"[?？؟՞;][\"'”’»)\]*_`!.]{0,4}$")
_BEHIND_THE_END = re.compile(r"[^\w?？؟՞;!.\"'”’»)\]*_`]+$")
"""Emoji and other signs that may stand behind the end of a question."""


def asks(content: str) -> bool:
    """Whether a question mark of any script stands in ``content``; in Greek it looks like a semicolon, and formal
    Japanese ends a question with a word instead."""
    if any(mark in content for mark in QUESTION_MARKS) or "か。" in content or "か」" in content:
        return True
    return ";" in content and _is_greek(content)


def ends_as_question(content: str) -> bool:
    """Whether a text ends with a question mark of any script, quotes, marks and emoji aside."""
    ending = content[-_MAX_ENDING:].rstrip()
    if not any(mark in ending for mark in (*QUESTION_MARKS, ";")):
        return False
    found = _ENDS.search(_BEHIND_THE_END.sub("", ending))
    return found is not None and (found[0][0] != ";" or _is_greek(content))


def _is_greek(content: str) -> bool:
    """Whether a Greek letter stands in ``content``: elsewhere a semicolon ends no question."""
    return any("\u0370" <= letter <= "\u03ff" for letter in content)
