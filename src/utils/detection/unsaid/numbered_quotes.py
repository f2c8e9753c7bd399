"""The lines that number the quotes of a collection of chats: ``#4821 +(312)- [X]``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line, next_filled, starts_block

_HEAD = re.compile(r"#\d{1,9}\b[^\n]{0,50}")
_FIGURES = re.compile(r"[-+]?\d+")
_MIN_HEADS = 3


def part_by_numbers(text: str, lines: Sequence[Line]) -> None:
    """Lines of one form that differ in their figures, each a paragraph above the line of a nick in angle brackets,
    part what stands below them as rules do."""
    alike: dict[str, list[Line]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.blank or text[line.first] != "#" or line.code or not starts_block(lines, index):
            continue
        below = next_filled(lines, index + 1)
        leads = index + 1 < below < len(lines) and text[lines[below].first] == "<"
        if leads and _HEAD.fullmatch(text, line.first, line.end):
            alike[_FIGURES.sub("0", text[line.first : line.end])].append(line)
    for heads in alike.values():
        if len(heads) >= _MIN_HEADS:
            for line in heads:
                line.rule, line.level = True, 0
