"""Numbered riddles and tasks that need not ask: each has its solution below it, in brackets and behind a word for it.

Faults have solutions, too, and remarks answers: what is said of them are sentences, and no brackets hide them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from src.utils.detection.lines.candidates import Candidate, QuestionClass
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.speech import count_words
from src.utils.detection.words.vocabulary import words

_MIN_TASKS = 3
_MAX_TASK = 40
"""Lines of the last of several tasks, with its solution."""
_BRACKETS = {"(": ")", "[": "]", "（": "）", "【": "】"}
_MAX_WORDS = 5
_ENDS = (".", "!", "。", "।")


def are_solved(
    text: str, lines: Sequence[Line], labels: dict[int, Label], kind: QuestionClass, members: Sequence[Candidate]
) -> bool:
    """Whether every numbered item has one solution below it: ``1) Two windows, open by night.`` and, in a line of its
    own, ``(Answer: eyes)``."""
    if kind[0] != "number" or len(members) < _MIN_TASKS:
        return False
    told = [
        index
        for index, label in labels.items()
        if names_answer(label) and not _is_output(label) and _is_hidden(text, lines[index], label)
    ]
    stops = [*(member.index for member in members[1:]), members[-1].index + _MAX_TASK]
    return all(
        bisect_left(told, stop) - bisect_right(told, member.last) == 1
        for member, stop in zip(members, stops, strict=True)
    )


def _is_hidden(text: str, line: Line, label: Label) -> bool:
    """Whether brackets hold the whole line, and a few words that are no sentence behind the label."""
    if _BRACKETS.get(text[line.first]) != text[line.end - 1]:
        return False
    told = text[label.text_start : line.end - 1].rstrip()
    return bool(told) and not told.endswith(_ENDS) and count_words(told) <= _MAX_WORDS


def names_answer(label: Label) -> bool:
    """An answer's word; of letters only A, which every reader takes for one below a question."""
    return label.word.family == "answer" and (len(label.word.key) > 1 or label.word.key == "a")


def _is_output(label: Label) -> bool:
    """Whether a word names what a program or a machine gives out: steps of a manual have it below them."""
    return label.word.key in words("outputs")
