"""Names that no colon sets off: in capitals, behind a title, before a full stop or a gap."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.label_patterns import (
    APART,
    CAPITAL,
    COLON,
    DESCRIBED_CAPITAL,
    FIRST_CAPITAL,
    FIRST_WORD,
    PROMPT,
    STOPPED,
    TITLED_STOP,
)
from src.utils.detection.lines.lines import Line
from src.utils.detection.words.moments import names_day
from src.utils.detection.words.names import is_speaker_name
from src.utils.detection.words.vocabulary import read_label, words

_MIN_INDENT = 2
_REACH = 8
"""Lines of a paragraph that tell whether others stand further left."""
_MAX_WORDS = 3


def capital_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``SIR PIERS. text``, ``Mr. COLE. text``: a name that ends in capitals, and a full stop."""
    if not text[position].isupper():
        return None
    found = CAPITAL.match(text, position, end)
    if found and not found["name"].split()[-1].isupper():
        found = FIRST_CAPITAL.match(text, position, end)
    found = found or DESCRIBED_CAPITAL.match(text, position, end)
    if not found or not found["name"].split()[-1].isupper() or not is_speaker_name(found["name"]):
        return None
    colon = COLON.match(text, position, end)
    named_later = colon is not None and colon["name"].isupper()  # MR. COLE: text
    return None if named_later or read_label(found["name"]).family else found


def titled_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``Ms. Cole. text``: a title, a name not in capitals, and a full stop."""
    first = FIRST_WORD.match(text, position, end)
    if not first or first[0].casefold() not in words("titles"):
        return None
    found = TITLED_STOP.match(text, position, end)
    return None if found and found["name"].split()[-1].isupper() else found


def stopped_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``Name. text``, each word of the name with a capital; no short answer ("Yes. ...")."""
    found = STOPPED.match(text, position, end)
    if not found or not is_speaker_name(found["name"]) or found["name"].casefold() in words("replies"):
        return None
    lower = any(word[0].islower() for word in found["name"].split())
    return None if lower or read_label(found["name"]).family else found


def apart_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``Name<tab>text``, ``name> text``: a gap, or what a terminal sets behind a name; a day of the week is none."""
    found = PROMPT.match(text, position, end) or APART.match(text, position, end)
    if not found or len(found["name"].split()) > _MAX_WORDS or not is_speaker_name(found["name"]):
        return None
    return None if names_day(found["name"].split()[0]) else found


def is_set_in(lines: Sequence[Line], index: int) -> bool:
    """Whether a line begins a paragraph by its indent alone: lines of its block run on further left."""
    indent = lines[index].indent
    if indent < _MIN_INDENT or lines[index - 1].blank or lines[index - 1].indent > indent:
        return False
    return any(_steps_out(lines, index, step, indent) for step in (1, -1))


def _steps_out(lines: Sequence[Line], index: int, step: int, indent: int) -> bool:
    for place in range(index + step, index + step * (_REACH + 1), step):
        if not 0 <= place < len(lines) or lines[place].blank:
            return False
        if lines[place].indent < indent:
            return True
    return False
