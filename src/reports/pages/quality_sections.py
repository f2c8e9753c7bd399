"""How good a dataset is, in tables and plots: use of its sources, groundedness, diversity, lengths and topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from src.reports.metrics.catalogue import DIVERSITY, GROUNDEDNESS, Metric
from src.reports.metrics.coverage import SourceCoverage
from src.reports.metrics.quality import Quality
from src.reports.pages.figures import counted, in_unit, number, share, whole
from src.reports.pages.layout import section
from src.reports.pages.markup import Child, Markup, join, tag
from src.reports.pages.svg_plots import bar, histogram, nice_bins, share_bins, strip
from src.reports.statistics import keep_largest
from src.reports.tally import Tally, sum_sides

_TOPICS: Final = 16
_OPENINGS: Final = 8
_SHOWN_SOURCES: Final = 30


def show_coverage(measures: Mapping[str, Any], quality: Quality) -> Markup:
    """How many passages carry a row, source by source, and the sources that could not be read."""
    coverage, missing = measures["coverage"], measures["missing_sources"]
    gone = tag(
        "ul",
        *(tag("li", tag("bdi", name), f": {why}", class_="quiet") for name, why in missing.items()),
        class_="plain",
    )
    notice = join(tag("h3", "Sources that could not be looked at"), gone) if missing else None
    if not coverage["passages"]:
        return section(
            "Use of the sources", tag("p", "There is no source text to compare with.", class_="lead"), notice
        )
    lead = (
        f"{coverage['passages_used']:,} of {counted(coverage['passages'], 'passage')} carry a row"
        f" ({share(coverage['share_used'])}); the busiest one carries {coverage['most_samples_on_one']:,}."
        f" Gini {number(coverage['gini'])}: 0 is an even use, 1 means that one passage has everything."
    )
    sources = sorted(quality.sources.coverage, key=lambda source: (-len(source.counts), source.name))
    left = len(sources) - _SHOWN_SOURCES
    return section(
        "Use of the sources",
        tag("p", lead, class_="lead"),
        _source_table(sources[:_SHOWN_SOURCES]),
        tag("p", f"… and {counted(left, 'more source')}, in the statistics file.", class_="quiet")
        if left > 0
        else None,
        _legend(),
        notice,
    )


def show_groundedness(measures: Mapping[str, Any], quality: Quality) -> Markup:
    """How much of the answers stands in their passages."""
    found = measures["groundedness"]
    verbatim: Child = None
    if found["extracted_rows"]:
        verbatim = tag(
            "p",
            f"Of {counted(found['extracted_rows'], 'extracted row')}, {share(found['extracted_verbatim'])}"
            " stand in their sources word for word.",
            class_="lead",
        )
    if not found["rows"]:
        nothing = tag("p", "No generated row could be compared with a passage.", class_="lead")
        return section("Groundedness", verbatim or nothing)
    shares = [row.grounding.words_found for row in quality.judged if row.grounding]
    bins = share_bins([value for value in shares if value is not None])
    lead = (
        f"{counted(found['rows'], 'generated row')} compared with the passage each was written from;"
        f" questions were looked up among {counted(found['passages_searched'], 'passage')}."
    )
    return section(
        "Groundedness",
        tag("p", lead, class_="lead"),
        verbatim,
        _measure_table(GROUNDEDNESS, found),
        tag("h3", "Content words of an answer that its passage has"),
        histogram(bins, "Share of the words of an answer found in its passage", as_percent=True),
    )


def show_diversity(measures: Mapping[str, Any]) -> Markup:
    """How much the rows differ, and how questions begin."""
    found = measures["diversity"]
    openings = [(word, count) for word, count in found["openings"].items() if word != "(others)"][:_OPENINGS]
    return section(
        "Diversity",
        _measure_table(DIVERSITY, found),
        tag("h3", "First words of questions"),
        _bars(openings, sum(found["openings"].values())),
    )


def show_lengths(statistics: Mapping[str, Any], counts: Tally, quality: Quality) -> Markup:
    """Tokens of rows, words of questions and answers."""
    words = statistics["measures"]["words"]
    plots = (
        ("Tokens of a row", counts.tokens, statistics["tokens"]),
        ("Words of a question", quality.counts.question_words, words["question"]),
        ("Words of an answer", quality.counts.answer_words, words["answer"]),
    )
    cells = [
        tag(
            "figure",
            tag("h3", title),
            histogram(nice_bins(values), title, middle=figures["median"]),
            tag("figcaption", _spread(figures)) if values else None,
        )
        for title, values, figures in plots
    ]
    return section("Length", tag("div", *cells, class_="plots"))


def show_topics(counts: Tally) -> Markup:
    """The first keywords of the rows, the commonest ones first."""
    topics = keep_largest(sum_sides(counts.keywords), _TOPICS)
    shown = [(label, count) for label, count in topics.items() if label != "(others)"]
    left = topics.get("(others)", 0)
    rest = tag("p", f"{counted(left, 'row')} with other first keywords.", class_="quiet") if left else None
    return section("Topics", _bars(shown, counts.sides.total()), rest)


def _source_table(sources: Sequence[SourceCoverage]) -> Markup:
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", source.name), scope="row"),
            tag("td", f"{source.used:,} of {len(source.counts):,}", class_="figure"),
            tag("td", strip(source.counts, f"{source.used} of {len(source.counts)} passages used"), class_="bars wide"),
        )
        for source in sources
        if len(source.counts)
    ]
    return tag("table", tag("tbody", *rows), class_="sources")


def _legend() -> Markup:
    return tag(
        "p",
        "A cell is a passage, in the order of the document: ",
        *(_key(shade, label) for shade, label in enumerate(("none", "1", "2", "up to 4", "more"))),
        class_="caption",
    )


def _key(shade: int, label: str) -> Markup:
    swatch = tag("svg", tag("rect", width=10, height=10, class_=f"cell s{shade}"), viewBox="0 0 10 10", class_="swatch")
    return join(tag("span", swatch, label, class_="key"), " ")


def _measure_table(metrics: Sequence[Metric], values: Mapping[str, Any]) -> Markup:
    arrows = {"higher": "higher is better", "lower": "lower is better", "neither": ""}
    rows = [
        tag(
            "tr",
            tag("th", metric.title, scope="row"),
            tag("td", in_unit(values[metric.key], metric.unit), class_="figure"),
            tag("td", metric.meaning, tag("span", f" {arrows[metric.better].capitalize()}.", class_="quiet")),
        )
        for metric in metrics
    ]
    return tag("table", tag("tbody", *rows), class_="measures")


def _spread(figures: Mapping[str, Any]) -> str:
    return f"median {figures['median']:,g}, 95 % up to {whole(figures['p95'])}, longest {whole(figures['max'])}"


def _bars(items: Sequence[tuple[str, int]], total: int) -> Markup:
    most = max((count for _, count in items), default=0)
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", label), scope="row"),
            tag("td", whole(count), class_="figure"),
            tag("td", share(count / total if total else None), class_="figure quiet"),
            tag("td", bar(count, most), class_="bars wide"),
        )
        for label, count in items
    ]
    half = -(-len(rows) // 2)
    tables = (tag("table", tag("tbody", *part), class_="ranking") for part in (rows[:half], rows[half:]) if part)
    return tag("div", *tables, class_="columns")
