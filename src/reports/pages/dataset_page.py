"""The report of one dataset: what it holds, how good it is, and ten of its rows beside their sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from src.core.types import Rejection
from src.reports.metrics.quality import Quality
from src.reports.metrics.sources import SHOWN_ROWS
from src.reports.pages.excerpts import show_sample
from src.reports.pages.figures import counted, dollars, share, whole
from src.reports.pages.layout import figure, page, section
from src.reports.pages.markup import Child, Markup, join, tag
from src.reports.pages.outcome_sections import show_outcome, show_quotas, show_rounds
from src.reports.pages.quality_sections import (
    show_coverage,
    show_diversity,
    show_groundedness,
    show_lengths,
    show_topics,
)
from src.reports.statistics import IMPORTED
from src.reports.tally import Tally

_HIDING: Final = ("redact", "drop")
"""Policies under which no private data may stand in the report."""
_SIZE_NOTE: Final = (
    "Different-word shares, self-BLEU and the compression ratio change with the number of rows: 'compare' measures "
    "datasets on the same number."
)
_LIMITS_NOTE: Final = (
    "No model was asked for any of these figures. They tell a flat dataset from a varied one and an invented answer "
    "from a grounded one; they do not tell whether an answer is right."
)


def report_page(
    statistics: Mapping[str, Any], counts: Tally, quality: Quality, examples: Mapping[str, Rejection]
) -> str:
    """The whole page as text. ``statistics`` are those of the statistics file with their measures; ``examples`` hold
    one rejection per reason."""
    run, measures = statistics["run"], statistics["measures"]
    sections: tuple[Child, ...] = (
        show_outcome(statistics, examples),
        show_quotas(statistics.get("planned_and_kept", {})),
        show_rounds(statistics.get("rounds", ())),
        show_coverage(measures, quality),
        show_groundedness(measures, quality),
        show_diversity(measures),
        show_lengths(statistics, counts, quality),
        show_topics(counts),
        _rows(quality, hides_sources=statistics.get("privacy", {}).get("policy") in _HIDING),
        _check(statistics),
        _method(measures),
    )
    return page(f"{run['name']}: dataset report", join(_header(statistics), _key_figures(statistics), *sections))


def _header(statistics: Mapping[str, Any]) -> Markup:
    run = statistics["run"]
    made = f"{run['created_at'][:10]} at {run['created_at'][11:16]} UTC"
    writer = f", written by {run['writer']}" if run["writer"] else ", no model was asked"
    target = f"for {statistics['provider']} {statistics['model']}"
    if statistics["mode"] == IMPORTED:  # nobody knows who wrote them
        target = f"Rows of a file, {target}"
        writer = ""
    else:
        target = f"Mode {statistics['mode']}, {target}"
    demo = statistics.get("quality")
    return tag(
        "header",
        tag("p", "Dataset report", class_="kicker"),
        tag("h1", tag("bdi", run["name"])),
        tag("p", f"{target}{writer}.", tag("br"), f"Made on {made}.", class_="facts"),
        tag("p", tag("strong", "Demo quality."), f" {_after_colon(demo)}", class_="notice") if demo else None,
    )


def _key_figures(statistics: Mapping[str, Any]) -> Markup:
    samples, run, measures = statistics["samples"], statistics["run"], statistics["measures"]
    splits = statistics["splits"]
    sides = ", ".join(f"{count:,} {side}" for side, count in splits.items() if side != "(none)") or "not split"
    tokens, coverage, grounded = statistics["tokens"], measures["coverage"], measures["groundedness"]
    exact = "exact" if tokens["exact"] else "estimated"
    figures = [
        figure("Rows", whole(samples["kept"]), sides),
        figure("Tokens", whole(tokens["total"]), f"{exact}, {tokens['mean'] or 0:,.0f} a row"),
        figure(
            "Passages used", share(coverage["share_used"]), f"{coverage['passages_used']:,} of {coverage['passages']:,}"
        ),
        figure(
            "Answer words in source",
            share(grounded["answer_words_found"]),
            f"of {counted(grounded['rows'], 'generated row')}" if grounded["rows"] else "nothing was generated",
        ),
        figure("Cost", dollars(run["cost_usd"]), _calls(run)),
    ]
    return tag("dl", *figures, class_="figures")


def _rows(quality: Quality, *, hides_sources: bool) -> Markup:
    """Ten rows beside their sources, unless private data were taken from the rows: the sources still hold them."""
    sources = quality.sources
    shown = quality.judged[:SHOWN_ROWS]
    cards = []
    for place, row in enumerate(shown):
        missing = _why_missing(sources.missing, row.sample.source_file)
        excerpt = sources.excerpts.get(place)
        if hides_sources:
            excerpt, missing = (
                None,
                "The source is not shown: it may hold the private data that were taken from the rows.",
            )
        cards.append(show_sample(place + 1, row, excerpt, missing))
    legend = tag(
        "p",
        "Drawn by the hash of their content. In a source, ",
        tag("mark", "these words", class_="used"),
        " went into the row; in a generated answer, ",
        tag("mark", "these", class_="strange"),
        " are not in its source.",
        class_="caption",
    )
    return section(f"{counted(len(shown), 'row').capitalize()} at random", legend, *cards, class_="rows")


def _why_missing(missing: Mapping[str, str], name: str) -> str:
    if name in missing:
        return f"The source cannot be shown: {missing[name]}."
    return "This row has no place in a document."


def _check(statistics: Mapping[str, Any]) -> Markup:
    validation = statistics["validation"]
    verdict = "Nothing would stop a training job." if validation["ok"] else "As it is, it would not train."
    lead = (
        f"Checked against the limits of {statistics['provider']} {statistics['model']}:"
        f" {counted(validation['errors'], 'error')}, {counted(validation['warnings'], 'warning')}. {verdict}"
    )
    codes = [tag("li", f"{code.replace('_', ' ')}: {count:,}") for code, count in validation["issues_by_code"].items()]
    return section("Check", tag("p", lead, class_="lead"), tag("ul", *codes) if codes else None)


def _method(measures: Mapping[str, Any]) -> Markup:
    on = measures["measured_on"]
    sample = f"a sample of {counted(on['sampled_rows'], 'row')} ({on['sample']})"
    lines = (
        f"Counted over all {counted(on['rows'], 'row')}: lengths, first words, topics, use of passages.",
        f"Measured on {sample}: the other figures; the Vendi score on the first {on['vendi_rows']:,} of them.",
        f"Near-duplicates: {on['near_duplicate']}.",
        _SIZE_NOTE,
        _LIMITS_NOTE,
    )
    return section("How this was measured", tag("ul", *(tag("li", line) for line in lines), class_="plain quiet"))


def _calls(run: Mapping[str, Any]) -> str:
    seconds = "" if run["seconds"] is None else f", {run['seconds']:,.0f} s"
    return f"{counted(run['calls'], 'model call')}{seconds}" if run["calls"] is not None else f"not counted{seconds}"


def _after_colon(text: str) -> str:
    """The explanation behind a label, as a sentence."""
    rest = text.partition(": ")[2] or text
    return f"{rest[:1].upper()}{rest[1:]}."
