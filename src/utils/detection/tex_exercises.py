"""Exercises of TeX with their solutions: ``\\question ... \\begin{solution} ... \\end{solution}``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.core.types import Span
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.vocabulary import read_label, words

_MARK = re.compile(
    r"\\(?:(?P<edge>begin|end)[ ]?\{(?P<name>[^\W\d_]{3,24})\*?\}|(?P<command>[^\W\d_]{4,16})(?![^\W\d_]))"
    r"(?:\[[^\]\n]{0,60}\])*[ \t]*"
)
_MIN_PAIRS = 2
_CONFIDENCE = 0.95


def find_tex_exercises(text: str) -> Finding | None:
    """Every question, a command or an environment named by a word for one, with the answer's environment below it."""
    if "\\begin{" not in text:
        return None
    drafts = tuple(
        Draft((Utterance("question", "question", (asked,)), Utterance("answer", "answer", (told,))), asked.start)
        for asked, told in _pairs(text)
    )
    if len(drafts) < _MIN_PAIRS:
        return None
    return Finding("labelled pairs", drafts, _CONFIDENCE, f"{len(drafts)} exercises with the environments of answers")


def _pairs(text: str) -> Iterator[tuple[Span, Span]]:
    asked_from = asked_to = told_from = -1
    for mark in _MARK.finditer(text):
        word = (mark["name"] or mark["command"]).casefold()
        family = None if word in words("inputs") else read_label(word).family
        if family == "question" and mark["edge"] != "end":
            asked_from, asked_to, told_from = mark.end(), -1, -1
        elif family == "question":
            asked_to = mark.start()
        elif family == "answer" and mark["edge"] == "begin" and asked_from >= 0:
            asked_to, told_from = mark.start() if asked_to < 0 else asked_to, mark.end()
        elif family == "answer" and mark["edge"] == "end" and told_from >= 0:
            asked, told = _trimmed(text, asked_from, asked_to), _trimmed(text, told_from, mark.start())
            if asked.end > asked.start and told.end > told.start:
                yield asked, told
            asked_from = asked_to = told_from = -1


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
