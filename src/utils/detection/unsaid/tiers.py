"""The tiers of a CHAT transcript (CLAN, TalkBank) that nobody says: its headers, and what a linguist notes below."""

from __future__ import annotations

from collections.abc import Sequence

from src.utils.detection.lines.lines import Line

_HEADER, _NOTE, _SPOKEN = "@", "%", "*"
_FIRST_LINES = 4


def skip_tiers(text: str, lines: Sequence[Line]) -> None:
    """Where the first lines open a transcript (``@UTF8``, ``@Begin``), leave out all that begins with ``@`` or ``%``,
    and the lines that go on from it behind a tab."""
    head = [text[line.start : line.end].strip("\ufeff") for line in lines[:_FIRST_LINES]]
    if "@Begin" not in head:
        return
    inside = False
    for line in lines:
        if line.blank:
            continue
        mark = text[line.start].strip("\ufeff") or text[line.first]
        if mark in (_HEADER, _NOTE, _SPOKEN):
            inside = mark != _SPOKEN
        elif mark != "\t":
            inside = False
        line.skip = line.skip or inside
