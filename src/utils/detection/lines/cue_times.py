"""The times of captions in plain text: ``0:00:00.500,0:00:05.600``, perhaps below the number of the cue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line

_TIME = r"\d{1,3}:\d{2}(?::\d{2})?[.,]\d{2,3}"
_RANGE = re.compile(rf"{_TIME}[ ]*(?:-->|,)[ ]*{_TIME}(?:[ ][^\n]{{0,80}})?")
_MIN_CUES = 3


def cue_lines(text: str, lines: Sequence[Line]) -> list[int]:
    """The lines that hold nothing but when a cue begins and ends; [] where there are too few to tell."""
    found = [
        index
        for index, line in enumerate(lines)
        if not (line.blank or line.foreign)
        and text[line.first].isdigit()
        and _RANGE.fullmatch(text, line.first, line.end)
    ]
    return found if len(found) >= _MIN_CUES else []


def skip_cue_times(text: str, lines: Sequence[Line]) -> None:
    """Leave out the times of cues and the numbers right above them."""
    for index in cue_lines(text, lines):
        lines[index].skip = True
        above = lines[index - 1] if index else lines[index]
        if text[above.first : above.end].isdecimal():
            above.skip = True
