"""Lines that tell a typesetter something and say nothing: directives of reStructuredText, attributes of AsciiDoc."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line

_DIRECTIVE = re.compile(
    r"\.\.[ ](?:(?:toctree|contents|index|meta|include|sectnum|highlight|default-role|currentmodule|raw)::"
    r"|_[^:\n]{1,80}:|\[[^\]\n]{1,40}\][ ])"
)
"""What is no text for readers, a target, a footnote: notes, code and pictures may well be said."""
_ATTRIBUTE = re.compile(r":[a-z][a-z0-9_-]{0,40}!?:(?:[ ]|$)")
_STYLE = re.compile(r"\[[a-zA-Z.%#][^\[\]\n]{0,80}\]")


def skip_directives(text: str, lines: Sequence[Line]) -> None:
    """Leave out directives with what is indented below them, and lines in brackets that style the block below."""
    if ".. " in text:
        _skip_restructured(text, lines)
    if "\n:" in text and any(_is_title(text, line) for line in lines):
        _skip_styles(text, lines)


def _skip_restructured(text: str, lines: Sequence[Line]) -> None:
    inside = False
    for line in lines:
        if line.blank or line.foreign:
            continue
        if line.indent == 0:
            inside = _DIRECTIVE.match(text, line.first, line.end) is not None and not line.code
        line.skip = line.skip or inside


def _is_title(text: str, line: Line) -> bool:
    return line.level == 1 and text.startswith("= ", line.first)


def _skip_styles(text: str, lines: Sequence[Line]) -> None:
    if not any(_ATTRIBUTE.match(text, line.first, line.end) for line in lines if not line.blank):
        return
    for index, line in enumerate(lines[:-1]):
        if line.blank or line.code or line.foreign or lines[index + 1].blank:
            continue
        line.skip = line.skip or _STYLE.fullmatch(text, line.first, line.end) is not None
