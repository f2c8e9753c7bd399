"""Tables and histograms as lines of plain text, for whatever shows them: no colours, ASCII bars, aligned columns."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from src.core.types import NO_LABEL
from src.reports.statistics import keep_largest

LABEL_WIDTH = 32
BAR_WIDTH = 30
_LEAST_LABEL = 6
_LEAST_BAR = 8
_GAP = "  "
_COLUMN = 10
"""Columns of a number where there is room."""


class SideCount(NamedTuple):
    """How many samples with one label stand on each side; ``unsplit`` ones belong to no side."""

    label: str
    train: int
    validation: int
    unsplit: int = 0

    @property
    def total(self) -> int:
        """All samples with the label."""
        return self.train + self.validation + self.unsplit


def side_counts(counts: Mapping[tuple[str, str], int]) -> tuple[SideCount, ...]:
    """What a ``Tally`` counted by label and side, the largest first."""
    sides = [
        SideCount(name, *(counts.get((name, side), 0) for side in ("train", "validation", NO_LABEL)))
        for name in {name for name, _ in counts}
    ]
    return tuple(sorted(sides, key=lambda side: (-side.total, side.label)))


def side_table(sides: Sequence[SideCount], title: str, *, limit: int = 20, width: int = 80) -> tuple[str, ...]:
    """One line per label with its counts, a line for what the limit left out, and the totals, in ``width`` columns."""
    shown = list(sides[:limit])
    rest = sides[limit:]
    if rest:
        shown.append(_sum_sides(f"({len(rest)} others)", rest))
    with_unsplit = any(side.unsplit for side in sides)
    heads = ["train", "validation", *(["not split"] if with_unsplit else []), "total"]
    rows = [
        (side.label, [side.train, side.validation, *([side.unsplit] if with_unsplit else []), side.total])
        for side in (*shown, _sum_sides("total", sides))
    ]
    columns = [max(len(head), *(len(f"{numbers[place]:,}") for _, numbers in rows)) for place, head in enumerate(heads)]
    names = (title, *(label for label, _ in rows))
    gaps = len(columns) * len(_GAP)
    if _label_width(names, width) + sum(max(_COLUMN, column) for column in columns) + gaps <= width:
        columns = [max(_COLUMN, column) for column in columns]
    labels = _label_width(names, width - sum(columns) - gaps)
    lines = [_cells(title, heads, labels, columns)]
    lines += [_cells(label, [f"{number:,}" for number in numbers], labels, columns) for label, numbers in rows]
    return tuple(lines)


def bar_table(counts: Mapping[str, int], *, limit: int = 20, width: int = 80) -> tuple[str, ...]:
    """One line per label, the largest first: count, share of the whole, and a bar, in ``width`` columns."""
    ordered = list(keep_largest(counts, limit).items())
    total = sum(counts.values())
    if not total:
        return ()
    largest = max(count for _, count in ordered)
    digits = len(f"{largest:,}")
    left = width - digits - len("    100.0 %  ")
    label_width = _label_width([label for label, _ in ordered], left - _LEAST_BAR)
    room = max(1, left - label_width)
    return tuple(
        f"{pad(label, label_width)}  {count:>{digits},}  {100 * count / total:5.1f} %  {_bar(count, largest, room)}"
        for label, count in ordered
    )


def text_histogram(values: Iterable[int], *, bins: int = 10, width: int = 80) -> tuple[str, ...]:
    """How often values fall into equally wide ranges from the smallest to the largest: range, bar, count, in ``width``
    columns."""
    counts = Counter(values)
    if not counts:
        return ()
    low, high = min(counts), max(counts)
    step = max(1, -(-(high - low + 1) // bins))
    ranges: Counter[int] = Counter()
    for value, count in counts.items():
        ranges[(value - low) // step] += count
    starts = [low + number * step for number in range((high - low) // step + 1)]
    digits = max(len(f"{low:,}"), len(f"{starts[-1] + step - 1:,}"))
    largest = max(ranges.values())
    room = max(1, width - 2 * digits - len(" -  | ") - len(f" {largest:,}"))
    bars = [_bar(ranges[number], largest, room) for number in range(len(starts))]
    return tuple(
        f"{start:>{digits},} - {start + step - 1:>{digits},} | {bar:<{min(BAR_WIDTH, room)}} {ranges[number]:,}"
        for number, (start, bar) in enumerate(zip(starts, bars, strict=True))
    )


def display_width(text: str) -> int:
    """Columns that ``text`` takes in a terminal: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in {"W", "F"})
        for character in text
    )


def clip(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, its end replaced by "..." where it is longer, and every control or
    invisible character by "?": labels come from file names and documents and must not steer a terminal."""
    plain = on_one_line(text)
    if display_width(plain) <= width:
        return plain
    kept = ""
    for character in plain:
        if display_width(kept + character) > width - 3:
            break
        kept += character
    return f"{kept}..."


def on_one_line(text: str) -> str:
    """``text`` with "?" for every control or invisible character, such as a line break in the name of a file."""
    return "".join("?" if unicodedata.category(character) in _UNSAFE else character for character in text)


def pad(text: str, width: int) -> str:
    """``text`` clipped and filled with spaces to ``width`` columns."""
    shown = clip(text, width)
    return shown + " " * (width - display_width(shown))


_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _sum_sides(label: str, sides: Iterable[SideCount]) -> SideCount:
    parts = list(sides)
    return SideCount(
        label,
        sum(side.train for side in parts),
        sum(side.validation for side in parts),
        sum(side.unsplit for side in parts),
    )


def _cells(label: str, numbers: Sequence[str], label_width: int, columns: Sequence[int]) -> str:
    cells = (f"{_GAP}{number:>{width}}" for number, width in zip(numbers, columns, strict=True))
    return pad(label, label_width) + "".join(cells)


def _label_width(labels: Iterable[str], room: int) -> int:
    """Columns for ``labels``: what the longest takes, but no more than LABEL_WIDTH, or half of ``room`` where that is
    more, and no more than ``room``, within reason."""
    longest = max(display_width(clip(label, max(LABEL_WIDTH, room // 2))) for label in labels)
    return min(longest, max(room, _LEAST_LABEL))


def _bar(count: int, largest: int, room: int) -> str:
    """A bar that is never empty for something and never longer than BAR_WIDTH or ``room``."""
    return "#" * max(round(min(BAR_WIDTH, room) * count / largest), 1 if count else 0)
