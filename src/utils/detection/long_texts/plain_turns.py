"""What is plainly said: text that no heading, list or blank line divides is cut without a look at its lines."""

from __future__ import annotations

import re

from src.core.types import Span

_BEGINNINGS = frozenset("\"'“”„‘’«»¿¡「『（€$£")
_PLAIN_LINES = re.compile(r"(?:(?!h[1-6]\.)[^\W\d_][^\n]*+(?<!\s)(?:\n|\Z))+")
"""Lines that begin with a letter, as neither a heading nor a list does, and end without space."""


def one_line(text: str, start: int, stop: int) -> tuple[Span, ...]:
    """``text[start:stop]`` without the space around it, where it is one line that begins with a word or a quotation
    mark; else nothing."""
    end = text.find("\n", start, stop)
    if end < 0:
        end = stop
    elif end + 1 < stop and not text[end:stop].isspace():
        return ()
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end and (text[start].isalnum() or text[start] in _BEGINNINGS):
        return (Span(start, end),)
    return ()


def one_paragraph(text: str, start: int, stop: int) -> tuple[Span, ...]:
    """The same for lines that follow each other without a blank one between, each beginning with a letter."""
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    below = text.find("\n", start, stop) + 1
    if not below or text[below - 2].isspace() or not _PLAIN_LINES.fullmatch(text, below, stop):
        return ()
    while start < below and text[start].isspace():
        start += 1
    return (Span(start, stop),) if text[start].isalnum() or text[start] in _BEGINNINGS else ()
