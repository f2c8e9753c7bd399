"""What is other in two texts: both cut to where they differ, for a change may stand at the end of a long answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile, zip_longest
from typing import Final, NamedTuple

from src.core.types import Sample

_Text = tuple[str, str]  # the role of a turn, and what it says
_AROUND: Final = 20
"""Characters that are shown on both sides of what changed."""


class DifferentText(NamedTuple):
    """One turn that is other, each side on one line; "" where the sample has no such turn. ``role`` is that of the
    later one where there is one, ``rejected`` for the worse answer of a pair."""

    role: str
    was: str
    is_now: str


def different_texts(before: Sample, after: Sample) -> Iterator[DifferentText]:
    """The turns of two samples that differ, in their order: what stands before and behind them is the same in both."""
    earlier, later = _without_same_head(_texts(before)[::-1], _texts(after)[::-1])
    earlier, later = _without_same_head(earlier[::-1], later[::-1])
    for old, new in zip_longest(earlier, later, fillvalue=("", "")):
        if old[1] != new[1]:
            yield DifferentText(new[0] or old[0], *_cut_to_difference(old[1], new[1]))
    if before.rejected != after.rejected:
        yield DifferentText("rejected", *_cut_to_difference(before.rejected, after.rejected))


def _texts(sample: Sample) -> list[_Text]:
    return [(message.role, message.content) for message in sample.messages]


def _without_same_head(one: list[_Text], other: list[_Text]) -> tuple[list[_Text], list[_Text]]:
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[same:], other[same:]


def _cut_to_difference(old: str, new: str) -> tuple[str, str]:
    """Both texts on one line each, from a few characters before the first difference to a few behind the last one."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return _part(old, start, end), _part(new, start, end)


def _part(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), len(text) - max(0, end - _AROUND)
    shown = text[first:last].replace("\n", "\\n")
    return f"{'...' if first else ''}{shown}{'...' if last < len(text) else ''}"
