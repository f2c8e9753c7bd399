"""The part of a file that a row shows around its span: whole lines, two thirds before it and one third behind."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from src.data_prep.fim.source_text import SourceText
from src.data_prep.fim.spans import Span


class Window(NamedTuple):
    """The text before the span, of the span and behind it: joined they are a piece of the file, byte for byte."""

    prefix: str
    middle: str
    suffix: str


def cut_window(text: SourceText, span: Span, budget: int) -> Window | None:
    """The lines around ``span`` that fit into ``budget`` bytes with it; None where its own lines do not. What one side
    leaves over is given to the other."""
    data, starts = text.data, text.starts
    spare = budget - (span.end - span.start)
    first_line = starts[bisect_right(starts, span.start) - 1]
    last_line = starts[bisect_left(starts, span.end)]
    before = max(0, min(span.start, spare - min(len(data) - span.end, spare // 3)))
    start = min(first_line, starts[bisect_left(starts, span.start - before)])
    behind = max(0, spare - (span.start - start))
    end = max(last_line, starts[bisect_right(starts, span.end + behind) - 1])
    if end - start > budget:
        return None
    prefix, middle, suffix = data[start : span.start], data[span.start : span.end], data[span.end : end]
    return Window(prefix.decode("utf-8"), middle.decode("utf-8"), suffix.decode("utf-8"))
