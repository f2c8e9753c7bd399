"""Points behind the questions of an exam, where an answer would stand."""

from __future__ import annotations

import re

from src.utils.detection.words.vocabulary import words

_FIGURE = re.compile(
    r"[(\[](?P<before>[^()\[\]\d\n/]{0,12})(?P<of>/[ ]?)?\d{1,3}(?P<behind>[^()\[\]\d\n]{0,16})[)\]]"
    r"(?=[ \t]*(?:\n|\Z))"
)
"""A figure in brackets behind a question; what an answer is worth, if a word says so (``(4 P.)``, ``[2 marks]``), or
it is what can be reached (``(/3)``)."""
_WORD = re.compile(r"[^\W\d_]+")
_OPTION = re.compile(r"[(\[]?[^\W\d_][.)\]][ \t]")


def is_worth(question: str, answer: str) -> bool:
    """Whether nothing but points stands behind a question, or points and the options to choose from."""
    worth = _points(_FIGURE.match(answer.lstrip()))
    if worth is None:
        return not answer.strip() and any(map(_points, _FIGURE.finditer(question)))
    rest = answer.lstrip()[worth.end() :].split("\n")
    return all(_OPTION.match(line.strip()) for line in rest if line.strip())


def _points(figure: re.Match[str] | None) -> re.Match[str] | None:
    """``figure`` where a word or sign in its brackets tells that these are points."""
    if figure is None or figure["of"]:
        return figure
    beside = _WORD.findall(f"{figure['before']} {figure['behind']}".casefold())
    return figure if any(word in words("points") for word in beside) else None
