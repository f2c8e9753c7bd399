"""Times before what is said: of captions in lines of their own (``0:00:00.500,0:00:05.600``), and before labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.label_patterns import CLOSERS
from src.utils.detection.lines.lines import Line
from src.utils.detection.words.moments import read_moment

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


def behind_moment(text: str, position: int, end: int, line_end: int) -> int:
    """Past a time that stands at ``position`` before ``end``, and what closes it: ``[00:12] Q: ...``; ``position``
    where none does."""
    start = position + (text[position : position + 1] in ("[", "(", "<"))
    if not text[start : start + 1].isdigit():
        return position
    stop = read_moment(text, start, end)
    closers = CLOSERS.match(text, stop, line_end) if stop > 0 else None
    return closers.end() if closers else position
