"""What stands below the questions of guides and surveys instead of answers: notes and choices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.words.vocabulary import words

_KEY = re.compile(r"[-–—*•▪(\[→>_ ]{0,6}(?P<word>[^\W\d_][^\n:：.!?]{0,29}?)[*_ ]{0,3}[:：](?=[\s*_])")
_CHOICES = re.compile(r"[^\s/.!?][^\n/.!?]{0,30}(?:[ ]/[ ][^\n/.!?]{1,30}){1,8}")


def why_remarks(answers: Sequence[str]) -> str:
    """Why the ``answers`` below questions are none, or "" where they may be: half of them are notes for who asks, or
    all are choices. Answers may have notes, too: some must tell to ask again."""
    keys = [_key(answer) for answer in answers]
    if any(key in words("probes") for key in keys) and 2 * sum(map(_is_note, keys)) >= len(answers):
        return "a guide: notes for the one who asks stand below the questions"
    if all(_CHOICES.fullmatch(answer.strip()) for answer in answers):
        return "a survey: choices stand below the questions"
    return ""


def _key(answer: str) -> str:
    found = _KEY.match(answer.strip())
    return found["word"].casefold() if found else ""


def _is_note(key: str) -> bool:
    """Whether a key is a word for a note: ``Hint:``, ``Follow-up:``."""
    return key in words("probes") or key in words("hints")
