"""Outlines of Org: headings of asterisks, and the drawers and directives that nobody says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line

_DIRECTIVE = re.compile(r"#\+[A-Za-z_]{3,20}:")
_HEADING = re.compile(r"(?P<stars>\*{1,8})[ ]+(?=\S)")
_DRAWER = re.compile(r":[A-Z]{3,16}:")
_END = ":END:"
_MAX_DRAWER = 40


def mark_outline(text: str, lines: Sequence[Line]) -> None:
    """Where a line gives a directive (``#+TITLE:``), asterisks at the margin make headings; drawers are left out."""
    if "#+" not in text or not any(_DIRECTIVE.match(text, line.first, line.end) for line in lines if not line.blank):
        return
    for index, line in enumerate(lines):
        if line.blank or line.code or line.skip:
            continue
        heading = _HEADING.match(text, line.first, line.end) if not line.indent else None
        if heading:
            line.level, line.body = len(heading["stars"]), heading.end()
        elif _DIRECTIVE.match(text, line.first, line.end):
            line.skip = True
        elif _DRAWER.fullmatch(text, line.first, line.end):
            _skip_drawer(text, lines, index)


def _skip_drawer(text: str, lines: Sequence[Line], index: int) -> None:
    for last in range(index, min(len(lines), index + _MAX_DRAWER)):
        if text[lines[last].first : lines[last].end] == _END:
            for line in lines[index : last + 1]:
                line.skip = True
            return
