"""What GNU Info sets around its nodes: the line that heads each of them, and the table of all at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line

_HEAD = re.compile(r"\x1f?File: [^,\n]{1,120},[ ]{1,2}Node: [^\n]{1,400}")
_TABLES = ("Tag Table:", "\x1fTag Table:", "Indirect:", "\x1fIndirect:")


def part_by_nodes(text: str, lines: Sequence[Line]) -> None:
    """Make rules of the lines that head nodes, and leave out the table that tells where each of them begins."""
    if "File: " not in text or ",  Node: " not in text:
        return
    inside = seen = False
    for line in lines:
        if line.blank or line.foreign:
            continue
        inside = inside or (seen and text.startswith(_TABLES, line.first))
        if inside or text[line.first : line.end] == "\x1f":
            line.skip = True
        elif _HEAD.fullmatch(text, line.first, line.end):
            line.rule, line.level, seen = True, 0, True
