"""Datasets side by side on one page: every measure, and where they differ by more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from src.reports.metrics.comparison import (
    LEAST_ROWS,
    LETTERS,
    NO_PROMPTS,
    SAME_SETUP,
    ComparedMetric,
    Comparison,
)
from src.reports.pages.figures import counted, in_unit, number
from src.reports.pages.layout import figure, page, section
from src.reports.pages.markup import Markup, join, tag

_SIZE_NOTE: Final = (
    "most figures of diversity change with the number of rows. Those of sources and cost are of all rows, so that a "
    "larger dataset uses more passages for that alone."
)
_NOISE_NOTE: Final = (
    "± is half of a 95 % interval: of shares of rows, passages and proposed samples the longer side of Wilson's, of "
    "all others from half-samples of the rows (Gini: of the passages). Two datasets differ beyond noise where their "
    "difference is larger than the root of the sum of both squares. "
    f"Half-samples need {LEAST_ROWS} rows or passages; what a row has cost has no interval. Without one nothing is "
    "called better."
)


def comparison_page(comparison: Comparison) -> str:
    """The whole page as text; it holds nothing but the figures, so that the same datasets give the same page."""
    names = [contender.name for contender in comparison.contenders]
    sizes = [
        figure(LETTERS[place], counted(contender.quality.counts.rows, "row"), contender.name)
        for place, contender in enumerate(comparison.contenders)
    ]
    header = tag("header", tag("p", "Comparison", class_="kicker"), tag("h1", tag("bdi", " · ".join(names))))
    groups = (
        section(title, tag("div", _table(metrics, names), class_="scroll"))
        for title, metrics in comparison.measured_groups().items()
    )
    return page(
        f"Comparison of {', '.join(names)}",
        join(
            header,
            tag("dl", *sizes, class_="figures"),
            _differences(comparison),
            *groups,
            _missing(comparison),
            _method(comparison),
        ),
    )


def _table(metrics: Sequence[ComparedMetric], names: Sequence[str]) -> Markup:
    letters = LETTERS[: len(names)]
    heads = [tag("th", "", scope="col"), *(tag("th", letter, scope="col", class_="figure") for letter in letters)]
    rows = [
        tag(
            "tr",
            tag("th", metric.title, tag("div", metric.meaning, class_="margin"), scope="row"),
            *(_cell(metric, place) for place in range(len(names))),
            tag("td", metric.verdict(letters)),
        )
        for metric in metrics
    ]
    head = tag("thead", tag("tr", *heads, tag("th", "Beyond noise", scope="col")))
    return tag("table", head, tag("tbody", *rows), class_="comparison")


def _cell(metric: ComparedMetric, place: int) -> Markup:
    margin = metric.margins[place]
    scale = 100 if metric.unit == "share" else 1
    spread = None if margin is None else tag("div", f"± {number(scale * margin)}", class_="margin")
    kind = "figure best" if metric.best == place else "figure"
    return tag("td", in_unit(metric.values[place], metric.unit), spread, class_=kind)


def _differences(comparison: Comparison) -> Markup | None:
    """What differs in how they were made; None where that is not known of two of them."""
    if comparison.known_setups < 2:
        return None
    letters = LETTERS[: len(comparison.contenders)]
    rows = [
        tag("tr", tag("th", one.name, scope="row"), *(tag("td", value, dir="auto") for value in one.values))
        for one in comparison.differences
    ]
    heads = (tag("th", letter, scope="col") for letter in letters)
    head = tag("thead", tag("tr", tag("th", "", scope="col"), *heads))
    table = tag("div", tag("table", head, tag("tbody", *rows), class_="setups"), class_="scroll") if rows else None
    return section(
        "What differs",
        None if rows else tag("p", SAME_SETUP, class_="lead"),
        table,
        tag("p", f"{NO_PROMPTS} {', '.join(comparison.without_prompts)}.", class_="quiet")
        if comparison.without_prompts
        else None,
    )


def _missing(comparison: Comparison) -> Markup | None:
    lines = [
        tag("li", tag("bdi", f"{contender.name}: {name}"), f": {why}")
        for contender in comparison.contenders
        for name, why in contender.quality.sources.missing.items()
    ]
    return section("Sources that could not be looked at", tag("ul", *lines, class_="plain quiet")) if lines else None


def _method(comparison: Comparison) -> Markup:
    on = f"Every dataset was measured on {counted(comparison.rows, 'row')}, as many as the smallest one offers: "
    lines = (f"{on}{_SIZE_NOTE}", _NOISE_NOTE)
    return section("How this was measured", tag("ul", *(tag("li", line) for line in lines), class_="plain quiet"))
