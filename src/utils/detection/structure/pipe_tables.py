"""Tables drawn with pipes in text (Markdown, what a database client prints): read into rows like any other table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.structure.columns import Row
from src.utils.detection.structure.tables import read_table
from src.utils.detection.types import Finding

_PIPES = "|│┃║"
_SEPARATOR = re.compile(
    r"(?=[^|\n]*\|)\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?"
    r"|[+├┝┠╞╟╠]?[-─━═]{2,}(?:[+┼┿╂╪╫╬][-─━═]{2,}){1,60}[+┤┥┨╡╢╣]?"
)
"""The line below a header: of Markdown, or of a client (``-----+-----``, ``+----+----+``, ``├────┼────┤``)."""
_OPENING = "|:-+─━═├┝┠╞╟╠"
_MAX_CELLS = 60


def find_in_pipe_tables(text: str, lines: Sequence[Line]) -> Iterator[Finding]:
    """One finding per table with a header, a line of dashes and rows that holds conversations."""
    if not any(pipe in text for pipe in _PIPES):
        return
    for index, line in enumerate(lines):
        if (
            not 0 < index < len(lines) - 1
            or line.blank
            or line.code
            or line.foreign
            or text[line.first] not in _OPENING
        ):
            continue
        pipe = _pipe_of(text, lines[index - 1])
        if pipe and _SEPARATOR.fullmatch(text, line.first, line.end):
            found = read_table(text, _rows(text, lines, index, pipe))
            if found:
                yield found


def _pipe_of(text: str, line: Line) -> str:
    """The sign that stands between the cells of a line; "" where it has none."""
    content = "" if line.blank else text[line.first : line.end]
    return next((pipe for pipe in _PIPES if pipe in content), "")


def _rows(text: str, lines: Sequence[Line], separator: int, pipe: str) -> list[Row]:
    """The rows below the line of dashes, their cells named by the header above it."""
    names = [text[slice(*span)] for span in _cells(text, lines[separator - 1], pipe)]
    rows = []
    for line in lines[separator + 1 :]:
        if line.blank or pipe not in text[line.first : line.end]:
            break
        spans = zip(names, _cells(text, line, pipe), strict=False)
        rows.append(Row(line.start, {name: (span,) for name, span in spans if span.end > span.start}))
    return rows


def _cells(text: str, line: Line, pipe: str) -> list[Span]:
    """Where the cells stand, without the pipes and the space around them; an escaped pipe parts nothing."""
    start = line.first + (text[line.first] == pipe)
    cells: list[Span] = []
    position = start
    while position <= line.end and len(cells) < _MAX_CELLS:
        at_end = position == line.end
        if at_end or (text[position] == pipe and text[position - 1] != "\\"):
            if not at_end or position > start:
                cells.append(trimmed(text, start, position))
            start = position + 1
        position += 1
    return cells
