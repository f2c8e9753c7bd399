"""Exercises of TeX with their solutions: ``\\question ... \\begin{solution} ... \\end{solution}``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.core.types import Span
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import read_label, words

_MARK = re.compile(
    r"\\(?:(?P<edge>begin|end)[ ]?\{(?P<name>[^\W\d_]{3,24})\*?\}|(?P<command>[^\W\d_]{4,16})(?![^\W\d_]))"
    r"(?:\[[^\]\n]{0,60}\])*[ \t]*(?:\\label\{[^{}\n]{0,60}\}[ \t]*)?"
)
_PARTS = frozenset({"part", "subpart", "subsubpart"})
"""Commands of the class "exam" that ask one after the other below a question; elsewhere they divide a book."""
_MIN_PAIRS = 2
_CONFIDENCE = 0.95


def find_tex_exercises(text: str) -> Finding | None:
    """Every question, a command or an environment named by a word for one, with the answer's environment below it."""
    if "\\begin{" not in text:
        return None
    drafts = tuple(
        Draft((Utterance("question", "question", asked), Utterance("answer", "answer", (told,))), asked[0].start)
        for asked, told in _pairs(text)
    )
    if len(drafts) < _MIN_PAIRS:
        return None
    return Finding("labelled pairs", drafts, _CONFIDENCE, f"{len(drafts)} exercises with the environments of answers")


def _pairs(text: str) -> Iterator[tuple[tuple[Span, ...], Span]]:
    """What is asked, a first part with what stands above all parts, and what is told."""
    asked_from = asked_to = told_from = -1
    depth = 0
    stem: tuple[Span, ...] = ()
    for mark in _MARK.finditer(text):
        word = (mark["name"] or mark["command"]).casefold()
        if mark["edge"] and word.removesuffix("s") in _PARTS:
            depth += 1 if mark["edge"] == "begin" else -1
            stem = (*stem, *_filled(text, asked_from, mark.start())) if mark["edge"] == "begin" else ()
            asked_from = asked_to = told_from = -1
            continue
        if depth > 0 and mark["command"] and word in _PARTS:
            asked_from, asked_to, told_from = mark.end(), -1, -1
            continue
        family = None if word in words("inputs") else read_label(word).family
        if family == "question" and mark["edge"] != "end":
            asked_from, asked_to, told_from, stem = mark.end(), -1, -1, ()
        elif family == "question":
            asked_to = mark.start()
        elif family == "answer" and mark["edge"] == "begin" and asked_from >= 0:
            asked_to, told_from = mark.start() if asked_to < 0 else asked_to, mark.end()
        elif family == "answer" and mark["edge"] == "end" and told_from >= 0:
            asked, told = _filled(text, asked_from, asked_to), _filled(text, told_from, mark.start())
            if asked and told:
                yield (*stem, *asked), told[0]
                stem = ()
            asked_from = asked_to = told_from = -1


def _filled(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The text from ``start`` to ``end`` without space around it; nothing where there is none, or no start."""
    span = trimmed(text, max(start, 0), end if start >= 0 else 0)
    return (span,) if span.end > span.start else ()
