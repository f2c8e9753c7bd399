"""Plots as SVG elements whose colours and type come from the style of the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from src.reports.pages.markup import Markup, join, tag

_WIDTH: Final = 240
_HEIGHT: Final = 94
_BASE: Final = 76
"""Where bars stand; below it are the numbers of the axis."""
_MOST_BARS: Final = 24
_TAIL: Final = 0.99
"""Values beyond this share stand together in the last bar: one giant must not flatten all the others."""
_STRIP: Final = 1000
_MOST_CELLS: Final = 120
_SHADES: Final = 4


class Bin(NamedTuple):
    """Values from ``low`` up to, but not including, ``high``; ``is_open``: and all that lie beyond."""

    low: float
    high: float
    rows: int
    is_open: bool = False


def nice_bins(counts: Mapping[int, int]) -> list[Bin]:
    """At most 25 bins of equal, round width over whole numbers given as value -> how often; no bins for nothing."""
    values = sorted(value for value, count in counts.items() if count)
    if not values:
        return []
    top = _quantile(counts, values, _TAIL)
    step = _nice_step((top - values[0] + 1) / _MOST_BARS)
    first = values[0] // step * step
    number = (top - first) // step + 1
    bars = [0] * number
    for value in values:
        bars[min((value - first) // step, number - 1)] += counts[value]
    end = first + number * step
    return [
        Bin(first + place * step, first + (place + 1) * step, count, place == number - 1 and values[-1] >= end)
        for place, count in enumerate(bars)
    ]


def share_bins(shares: Sequence[float], number: int = 20) -> list[Bin]:
    """Bins of equal width from 0 to 1; 1 itself belongs to the last."""
    bars = [0] * number
    for value in shares:
        bars[min(int(value * number + 1e-9), number - 1)] += 1
    return [Bin(place / number, (place + 1) / number, count) for place, count in enumerate(bars)]


def histogram(bins: Sequence[Bin], title: str, *, middle: float | None = None, as_percent: bool = False) -> Markup:
    """Bars over a baseline with numbers at both ends; ``middle`` draws a mark, as for the median."""
    if not bins:
        return tag("p", "Nothing to plot.", class_="quiet")
    low, high = bins[0].low, bins[-1].high
    tallest = max(one.rows for one in bins)
    width = _WIDTH / len(bins)
    bars = [
        tag(
            "rect",
            x=round(place * width + 0.5, 2),
            y=round(_BASE - _bar_height(one.rows, tallest), 2),
            width=round(max(width - 1, 0.5), 2),
            height=round(_bar_height(one.rows, tallest), 2),
            class_="bar",
        )
        for place, one in enumerate(bins)
        if one.rows
    ]
    marks = [tag("line", x1=0, y1=_BASE, x2=_WIDTH, y2=_BASE, class_="axis")]
    if middle is not None and high > low:
        place = round(min((middle - low) / (high - low), 1) * _WIDTH, 2)
        marks.append(tag("line", x1=place, y1=6, x2=place, y2=_BASE + 4, class_="middle"))

    def label(value: float) -> str:
        return f"{100 * value:.0f} %" if as_percent else f"{value:,.0f}"

    ends = [
        tag("text", label(low), x=0, y=_HEIGHT - 4, class_="tick"),
        tag("text", label((low + high) / 2), x=_WIDTH / 2, y=_HEIGHT - 4, class_="tick centre"),
        tag("text", f"{label(high)}{' +' if bins[-1].is_open else ''}", x=_WIDTH, y=_HEIGHT - 4, class_="tick end"),
    ]
    return tag(
        "svg", *bars, *marks, *ends, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", aria_label=title, class_="plot"
    )


def bar(value: float, largest: float, kind: str = "") -> Markup:
    """A bar on its own, for a cell of a table: as long as ``value`` is by ``largest``."""
    length = round(100 * value / largest, 2) if largest else 0
    inner = tag("rect", x=0, y=0, width=max(length, 0.6 if value else 0), height=8, class_=f"bar {kind}".strip())
    return tag("svg", inner, viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true", class_="inline-bar")


def stacked_bar(parts: Sequence[tuple[int, str]], title: str) -> Markup:
    """One bar that is divided in proportion to the counts; the second of each pair is the class of its part."""
    total = sum(count for count, _ in parts)
    rects, start = [], 0.0
    for count, kind in parts:
        width = _STRIP * count / total if total else 0
        if width:
            rects.append(tag("rect", x=round(start, 2), y=0, width=round(max(width - 3, 1), 2), height=14, class_=kind))
        start += width
    return tag(
        "svg",
        *rects,
        viewBox=f"0 0 {_STRIP} 14",
        preserveAspectRatio="none",
        role="img",
        aria_label=title,
        class_="stack",
    )


def strip(counts: Sequence[int], title: str) -> Markup:
    """One cell per passage, darker the more samples it carries; beyond 120 passages a cell stands for several."""
    cells = min(len(counts), _MOST_CELLS)
    width = _STRIP / cells if cells else 0
    rects = []
    for place in range(cells):
        part = counts[place * len(counts) // cells : (place + 1) * len(counts) // cells]
        mean = sum(part) / len(part)
        rects.append(
            tag(
                "rect",
                x=round(place * width, 2),
                y=0,
                width=round(max(width - min(4, width / 5), 0.5), 2),
                height=14,
                class_=f"cell s{_shade(mean)}",
            )
        )
    return tag(
        "svg",
        join(*rects),
        viewBox=f"0 0 {_STRIP} 14",
        preserveAspectRatio="none",
        role="img",
        aria_label=title,
        class_="stack",
    )


def _shade(mean: float) -> int:
    """0 for none, then one shade for every doubling: up to 1, 2, 4 and more samples."""
    return 0 if mean <= 0 else min(_SHADES, 1 + math.ceil(max(0.0, math.log2(mean))))


def _bar_height(count: int, tallest: int) -> float:
    return max((_BASE - 10) * count / tallest, 1.0)


def _nice_step(width: float) -> int:
    """The smallest of 1, 2, 5, 10, 20 ... that is not below ``width``."""
    power = int(10 ** math.floor(math.log10(max(width, 1))))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width)


def _quantile(counts: Mapping[int, int], values: Sequence[int], share: float) -> int:
    needed = share * sum(counts[value] for value in values)
    seen = 0
    for value in values:
        seen += counts[value]
        if seen >= needed:
            return value
    return values[-1]
