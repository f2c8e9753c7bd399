"""Which samples the numbers of the full-text index mean: each version of a dataset has numbers in a row.

What is no latest version any more is dead: its words stay in the index, and its numbers are left out of a search.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

_MOST_DEAD_RANGES: Final = 100


class IndexSpan(NamedTuple):
    """The numbers from ``first`` to ``last`` of one version of a dataset; ``is_live`` is 0 or 1."""

    dataset_id: str
    finished_at: str
    first: int
    last: int
    is_live: int


def is_mostly_dead(spans: Sequence[IndexSpan]) -> bool:
    """Whether the index had better be made anew."""
    live, dead = 0, 0
    for span in spans:
        rows = span.last - span.first + 1
        live, dead = live + rows * span.is_live, dead + rows * (1 - span.is_live)
    return dead > live or len(_ranges(spans, live=False)) > _MOST_DEAD_RANGES


def span_of(spans: Sequence[IndexSpan], number: int) -> IndexSpan:
    """The one that ``number`` lies in."""
    return next(span for span in spans if span.first <= number <= span.last)


def condition_of(spans: Sequence[IndexSpan], datasets: Sequence[str]) -> str | None:
    """The condition that keeps what is searched, "" for everything; None where nothing is.

    A condition of one range lets FTS5 skip the rest of the index; of several, each row is looked at (``+rowid``).
    """
    if datasets:
        ranges = _ranges([span for span in spans if span.dataset_id in datasets], live=True)
        if len(ranges) == 1:
            return f" AND rowid BETWEEN {ranges[0][0]} AND {ranges[0][1]}"
        return f" AND ({' OR '.join(f'+rowid BETWEEN {a} AND {b}' for a, b in ranges)})" if ranges else None
    if not any(span.is_live for span in spans):
        return None
    return "".join(f" AND +rowid NOT BETWEEN {a} AND {b}" for a, b in _ranges(spans, live=False))


def _ranges(spans: Sequence[IndexSpan], *, live: bool) -> list[tuple[int, int]]:
    """The numbers of what is live, or is not, neighbours as one range."""
    ranges: list[tuple[int, int]] = []
    for span in spans:
        if bool(span.is_live) != live:
            continue
        if ranges and ranges[-1][1] + 1 == span.first:
            ranges[-1] = (ranges[-1][0], span.last)
        else:
            ranges.append((span.first, span.last))
    return ranges
