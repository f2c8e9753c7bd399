"""What stands below the questions of guides and surveys instead of answers: notes, keys, choices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from src.utils.detection.words.vocabulary import read_label, stop_labels, words

_KEY = re.compile(r"[-–—*•▪(\[→>_ ]{0,6}(?P<word>[^\W\d_][^\n:：.!?]{0,29}?)[*_ ]{0,3}[:：](?=[\s*_])")
_CHOICES = re.compile(r"[^\s/.!?][^\n/.!?]{0,30}(?:[ ]/[ ][^\n/.!?]{1,30}){1,8}")
_MIN_SAME = 3
_SAME_SHARE = 0.6


def why_remarks(answers: Sequence[str]) -> str:
    """Why the ``answers`` below questions are none, or "" where they may be: half of them are notes for who asks, or
    choices, or most have the same key."""
    keys = [_key(answer) for answer in answers]
    if sum(map(_is_note, keys)) * 2 >= len(answers):
        return "a guide: notes for the one who asks stand below the questions"
    if sum(_CHOICES.fullmatch(answer.strip()) is not None for answer in answers) * 2 >= len(answers):
        return "a survey: choices stand below the questions"
    if _most_common(keys) >= max(_MIN_SAME, _SAME_SHARE * len(answers)):
        return "a guide: the same key stands below the questions"
    return ""


def _key(answer: str) -> str:
    found = _KEY.match(answer.strip())
    return found["word"].casefold() if found else ""


def _is_note(key: str) -> bool:
    """Whether a key is a word for a note (``Hint:``, ``Follow-up:``), no reply."""
    return key in words("probes") or (key in stop_labels() and key not in words("replies"))


def _most_common(values: Sequence[str]) -> int:
    """How often the commonest of ``values`` comes, labels of answers and nothing aside."""
    counts = Counter(value for value in values if value and read_label(value).family != "answer")
    return max(counts.values(), default=0)
