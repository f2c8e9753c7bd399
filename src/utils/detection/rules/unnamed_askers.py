"""Words for a question that stand for whoever asks, beside the names of those who answer: the record of a briefing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from src.utils.detection.lines.turn_ends import Mark

_MOST_TITLED = 0.9


def askers_without_name(labels: Sequence[Mark], counts: Counter[str]) -> set[str]:
    """A word for a question that stands for all who ask, between names in capitals or of several words: the record of
    a briefing. None where answers have a word of their own."""
    asking = {mark.label.word.key for mark in labels if mark.label.word.family == "question" and _is_whole(mark)}
    named = [mark.label for mark in labels if mark.label.word.family is None and mark.label.form == "colon"]
    others = [label.name for label in named if counts[label.word.key] > 1 and label.opens_block]
    titled = sum(name.isupper() or " " in name for name in others)
    answered = any(mark.label.word.family == "answer" for mark in labels)
    return asking if others and titled >= _MOST_TITLED * len(others) and not answered else set()


def _is_whole(mark: Mark) -> bool:
    """``QUESTION: text``, and ``Q   text`` of the letters."""
    label = mark.label
    return label.opens_block and ((label.form == "colon" and len(label.name) > 1) or label.word.key == "q")
