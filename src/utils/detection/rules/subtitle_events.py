"""Subtitles of SubStation Alpha: a line names the fields, every event gives their values between commas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.structure.columns import Row

_EVENT = "Dialogue:"
_FORMAT = re.compile(r"Format:[ \t]*(?P<names>[^\n]{0,400})")
_SAID = "text"
_CUT = re.compile(r"\{[^{}\n]{0,400}\}|\\[Nnh]")
"""What is drawn, not said: overrides of the style in braces; breaks of the line and hard spaces."""


def read_events(text: str, lines: Sequence[Line]) -> list[Row]:
    """A row for every event that is spoken, its cells named by the format of the events, its text without overrides."""
    if _EVENT not in text:
        return []
    names: list[str] = []
    rows = []
    for line in lines:
        if line.blank or line.foreign:
            continue
        form = _FORMAT.match(text, line.first, line.end)
        if form:
            names = [name.strip() for name in form["names"].split(",")]
        elif names and names[-1].casefold() == _SAID and text.startswith(_EVENT, line.first):
            rows.append(Row(line.start, dict(_cells(text, line, names))))
    return rows


def _cells(text: str, line: Line, names: Sequence[str]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    start = line.first + len(_EVENT)
    for name in names[:-1]:
        stop = text.find(",", start, line.end)
        if stop < 0:
            return
        if text[start:stop].strip():
            yield name, (Span(start, stop),)
        start = stop + 1
    said = tuple(_said(text, start, line.end))
    if said:
        yield names[-1], said


def _said(text: str, start: int, end: int) -> Iterator[Span]:
    for cut in _CUT.finditer(text, start, end):
        if text[start : cut.start()].strip():
            yield Span(start, cut.start())
        start = cut.end()
    if text[start:end].strip():
        yield Span(start, end)
