"""The line of a question mark that parts the two sides of a card in a note: ``question``, ``?``, ``answer``."""

from __future__ import annotations

from collections.abc import Sequence

from src.utils.detection.lines.lines import Line, starts_block

_MARKS = ("?", "??")
_MIN_CARDS = 2
_LEVEL = 3


def mark_cards(text: str, lines: Sequence[Line]) -> None:
    """Where question marks stand alone below a line that opens its paragraph, make those lines headings."""
    if "\n?" not in text:
        return
    found = [
        index
        for index in range(1, len(lines) - 1)
        if text[lines[index].first : lines[index].end] in _MARKS
        and not (lines[index].code or lines[index].foreign or lines[index + 1].blank or lines[index - 1].blank)
        and starts_block(lines, index - 1)
    ]
    if len(found) >= _MIN_CARDS:
        for index in found:
            lines[index].skip = True
            lines[index - 1].level = lines[index - 1].level or _LEVEL
