"""What is plainly said: text that no heading, list or blank line divides is cut without a look at its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import add

from src.core.types import Span
from src.utils.detection.types import make_all

_BEGINNINGS = frozenset("\"'“”„‘’«»¿¡「『（€$£")
_PLAIN_LINES = re.compile(r"(?:(?!h[1-6]\.)[^\W\d_][^\n]*+(?<!\s)(?:\n|\Z))+")
"""Lines that begin with a letter, as neither a heading nor a list does, and end without space."""


def one_lines(text: str, starts: Sequence[int], stops: Sequence[int]) -> list[tuple[Span, ...]]:
    """Each ``text[start:stop]`` without the space behind it, where it is one line that begins with a word or a
    quotation mark; else nothing."""
    said = [text[start:stop].rstrip() for start, stop in zip(starts, stops, strict=True)]
    spans = make_all(Span, zip(starts, map(add, starts, map(len, said)), strict=True))
    return [
        (span,) if one and "\n" not in one and (one[0].isalnum() or one[0] in _BEGINNINGS) else ()
        for one, span in zip(said, spans, strict=True)
    ]


def one_paragraph(text: str, start: int, stop: int) -> tuple[Span, ...]:
    """``text[start:stop]`` without the space around it, where its lines follow each other without a blank one between,
    each beginning with a letter."""
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    below = text.find("\n", start, stop) + 1
    if not below or text[below - 2].isspace() or not _PLAIN_LINES.fullmatch(text, below, stop):
        return ()
    while start < below and text[start].isspace():
        start += 1
    return (Span(start, stop),) if text[start].isalnum() or text[start] in _BEGINNINGS else ()
