"""Lines of a name and its words in East Asian quotation marks, with nothing between: ``局長「八時半からです。」``."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import read_label

_OPENING = re.compile(
    r"(?P<name>[^\s「」『』（）()、。，．！？!?：:…]{1,16})(?:[（(][^（）()\n]{1,24}[）)])?(?P<mark>[「『])"
)
_CLOSING = {"「": "」", "『": "』"}
_MIN_TURNS = 4
_ALTERNATING = 0.4
_MAX_LINES = 40


class _Said(NamedTuple):
    name: str
    span: Span
    start: int


def find_quoted(text: str, lines: Sequence[Line]) -> Finding | None:
    """The speakers of a scenario: what stands between their quotations is narration and nobody's words."""
    found = list(_said(text, lines))
    counts = Counter(entry.name for entry in found)
    again = [name for name, count in counts.items() if count > 1]
    if len(found) < _MIN_TURNS or len(again) < 2 or len(counts) * 2 > len(found):
        return None
    changes = sum(one.name != other.name for one, other in itertools.pairwise(found))
    if changes < _ALTERNATING * (len(found) - 1):
        return None
    turns = [Utterance(entry.name, read_label(entry.name).family, (entry.span,)) for entry in found]
    reason = f"{len(found)} quotations of {len(counts)} speakers named before them"
    return Finding("speaker names", (Draft(tuple(turns), found[0].start),), 0.9, reason)


def _said(text: str, lines: Sequence[Line]) -> Iterator[_Said]:
    """Quotations that open behind a name at the beginning of a line and close at the end of that or a later line of
    the same paragraph."""
    for index, line in enumerate(lines):
        if line.blank or line.code or line.foreign:
            continue
        opened = _OPENING.match(text, line.first, min(line.end, line.first + 64))
        if not opened:
            continue
        mark = _CLOSING[opened["mark"]]
        for last in range(index, min(len(lines), index + _MAX_LINES)):
            if last > index and starts_block(lines, last):
                break
            if text[lines[last].end - 1] == mark:
                yield _Said(opened["name"], Span(opened.end(), lines[last].end - 1), line.start)
                break
