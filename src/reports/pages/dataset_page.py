"""The report of one dataset: what it holds, how good it is, and ten of its rows beside their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from src.core.types import Rejection
from src.reports.metrics.catalogue import DIVERSITY, GROUNDEDNESS, Metric
from src.reports.metrics.quality import Quality
from src.reports.metrics.sources import SHOWN_ROWS
from src.reports.pages.excerpts import show_sample
from src.reports.pages.figures import counted, dollars, in_unit, number, share, whole
from src.reports.pages.layout import figure, page, section
from src.reports.pages.markup import Child, Markup, join, tag
from src.reports.pages.svg_plots import bar, histogram, nice_bins, share_bins, stacked_bar, strip
from src.reports.statistics import IMPORTED, keep_largest
from src.reports.tally import Tally, sum_sides

_TOPICS: Final = 16
_OPENINGS: Final = 8
_SHOWN_SOURCES: Final = 30
_SHOWN_WARNINGS: Final = 20
_EXAMPLE_CHARS: Final = 240
_HIDING: Final = ("redact", "drop")
"""Policies under which no private data may stand in the report."""
_REASON_HEADS: Final = (("Reason", None), ("Rows", "figure"), ("", None), ("An example", None))
_ROUND_HEADS: Final = (
    ("", None),
    ("Asked", "figure"),
    ("Kept", "figure"),
    ("Rows now", "figure"),
    ("Passages", "figure"),
    ("Word pairs", "figure"),
    ("Self-BLEU", "figure"),
    ("Rejected for", None),
)
_SIZE_NOTE: Final = (
    "Different-word shares, self-BLEU and the compression ratio change with the number of rows: 'compare' measures "
    "datasets on the same number."
)
_LIMITS_NOTE: Final = (
    "No model was asked for any of these figures. They tell a flat dataset from a varied one and an invented answer "
    "from a grounded one; they do not tell whether an answer is right."
)


def first_of_each_reason(rejections: Iterable[Rejection]) -> dict[str, Rejection]:
    """For every reason the first rejection, or the first with a sample where that one has nothing but a detail."""
    found: dict[str, Rejection] = {}
    for rejection in rejections:
        known = found.get(rejection.reason)
        if known is None or not (known.sample or known.raw or rejection.sample is None):
            found[rejection.reason] = rejection
    return found


def report_page(
    statistics: Mapping[str, Any], counts: Tally, quality: Quality, examples: Mapping[str, Rejection]
) -> str:
    """The whole page as text. ``statistics`` are those of the statistics file with their measures; ``examples`` hold
    one rejection per reason."""
    run, measures = statistics["run"], statistics["measures"]
    sections: tuple[Child, ...] = (
        _outcome(statistics, examples),
        _rounds(statistics.get("rounds", ())),
        _coverage(measures, quality),
        _groundedness(measures, quality),
        _diversity(measures),
        _lengths(statistics, counts, quality),
        _topics(counts),
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


def _outcome(statistics: Mapping[str, Any], examples: Mapping[str, Rejection]) -> Markup:
    samples = statistics["samples"]
    kept, rejected, proposed = samples["kept"], samples["rejected"], samples["proposed"]
    asked = counted(samples["requested"], "row")
    lead = f"{asked} asked for, {proposed:,} proposed: {kept:,} kept, {rejected:,} rejected."
    reasons = sorted(samples["rejected_by_reason"].items(), key=lambda item: (-item[1], item[0]))
    most = max((count for _, count in reasons), default=0)
    rows = [
        tag(
            "tr",
            tag("th", tag("span", reason.replace("_", " ")), scope="row"),
            tag("td", whole(count), class_="figure"),
            tag("td", bar(count, most, "bad"), class_="bars"),
            tag("td", _example(examples[reason]) if reason in examples else "", class_="example", dir="auto"),
        )
        for reason, count in reasons
    ]
    heads = tag("tr", *(tag("th", head, scope="col", class_=kind) for head, kind in _REASON_HEADS))
    return section(
        "Kept and rejected",
        tag("p", lead, class_="lead"),
        stacked_bar(((kept, "bar"), (rejected, "bar bad")), f"{kept} kept, {rejected} rejected"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="reasons") if rows else None,
        _objections(samples.get("kept_against_objections", {})),
        _private(statistics.get("privacy", {})),
        _warnings(statistics["warnings"]),
    )


def _rounds(rounds: Sequence[Mapping[str, Any]]) -> Markup | None:
    """How a refinement went; None for a dataset that was not made by one."""
    if not rounds:
        return None
    rows = [
        tag(
            "tr",
            tag("th", f"Round {one['number']}" if one["number"] else "Before", scope="row"),
            *(tag("td", text, class_="figure") for text in _round_figures(one)),
            tag("td", _reasons(one["rejected"]), class_="quiet"),
        )
        for one in rounds
    ]
    heads = tag("tr", *(tag("th", head, scope="col", class_=kind) for head, kind in _ROUND_HEADS))
    lead = "What the first dataset lacked was written anew, round by round, and told what was wrong."
    return section(
        "Rounds",
        tag("p", lead, class_="lead"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="reasons"),
    )


def _round_figures(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        whole(one["asked"]),
        whole(one["kept"]),
        whole(one["samples"]),
        share(one["coverage"]),
        number(one["distinct_2"]),
        number(one["self_bleu"]),
    )


def _reasons(rejected: Mapping[str, int]) -> str:
    ordered = sorted(rejected.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in ordered)


def _objections(kept: Mapping[str, int]) -> Markup | None:
    if not kept:
        return None
    items = (tag("li", f"{reason.replace('_', ' ')}: {count:,}") for reason, count in kept.items())
    return join(tag("h3", "Kept although a check objected"), tag("ul", *items, class_="warnings"))


def _private(privacy: Mapping[str, Any]) -> Markup | None:
    """How many places of each label there were, and what was done about them; never a value."""
    if not privacy.get("found"):
        return None
    done = {"report": "found and kept", "redact": "found and replaced", "drop": "found, and their rows dropped"}
    lead = f"In {counted(privacy['samples'], 'row')}, {done[privacy['policy']]}:"
    items: list[Child] = [tag("li", f"{label}: {count:,}") for label, count in privacy["found"].items()]
    return join(tag("h3", "Private data"), tag("p", lead), tag("ul", *items, class_="warnings"))


def _warnings(warnings: Sequence[str]) -> Markup | None:
    if not warnings:
        return None
    items: list[Child] = [tag("li", warning, dir="auto") for warning in warnings[:_SHOWN_WARNINGS]]
    if len(warnings) > _SHOWN_WARNINGS:
        items.append(tag("li", f"… and {len(warnings) - _SHOWN_WARNINGS:,} more in the statistics file"))
    return join(tag("h3", "Warnings of the run"), tag("ul", *items, class_="warnings"))


def _coverage(measures: Mapping[str, Any], quality: Quality) -> Markup:
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
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", source.name), scope="row"),
            tag("td", f"{source.used:,} of {len(source.counts):,}", class_="figure"),
            tag("td", strip(source.counts, f"{source.used} of {len(source.counts)} passages used"), class_="bars wide"),
        )
        for source in sources[:_SHOWN_SOURCES]
        if len(source.counts)
    ]
    left = len(sources) - _SHOWN_SOURCES
    legend = tag(
        "p",
        "A cell is a passage, in the order of the document: ",
        *(_key(shade, label) for shade, label in enumerate(("none", "1", "2", "up to 4", "more"))),
        class_="caption",
    )
    return section(
        "Use of the sources",
        tag("p", lead, class_="lead"),
        tag("table", tag("tbody", *rows), class_="sources"),
        tag("p", f"… and {counted(left, 'more source')}, in the statistics file.", class_="quiet")
        if left > 0
        else None,
        legend,
        notice,
    )


def _key(shade: int, label: str) -> Markup:
    swatch = tag("svg", tag("rect", width=10, height=10, class_=f"cell s{shade}"), viewBox="0 0 10 10", class_="swatch")
    return join(tag("span", swatch, label, class_="key"), " ")


def _groundedness(measures: Mapping[str, Any], quality: Quality) -> Markup:
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


def _diversity(measures: Mapping[str, Any]) -> Markup:
    found = measures["diversity"]
    openings = [(word, count) for word, count in found["openings"].items() if word != "(others)"][:_OPENINGS]
    return section(
        "Diversity",
        _measure_table(DIVERSITY, found),
        tag("h3", "First words of questions"),
        _bars(openings, sum(found["openings"].values())),
    )


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


def _lengths(statistics: Mapping[str, Any], counts: Tally, quality: Quality) -> Markup:
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
            tag("figcaption", _spread(figures)),
        )
        for title, values, figures in plots
    ]
    return section("Length", tag("div", *cells, class_="plots"))


def _spread(figures: Mapping[str, Any]) -> str:
    return f"median {figures['median']:,g}, 95 % up to {whole(figures['p95'])}, longest {whole(figures['max'])}"


def _topics(counts: Tally) -> Markup:
    topics = keep_largest(sum_sides(counts.keywords), _TOPICS)
    shown = [(label, count) for label, count in topics.items() if label != "(others)"]
    left = topics.get("(others)", 0)
    rest = tag("p", f"{counted(left, 'row')} with other first keywords.", class_="quiet") if left else None
    return section("Topics", _bars(shown, counts.sides.total()), rest)


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


def _example(rejection: Rejection) -> str:
    """What was rejected, on one line."""
    text = rejection.raw or rejection.detail
    if rejection.sample is not None:
        text = " → ".join(message.content for message in rejection.sample.messages if message.role != "system")
    flat = " ".join(text[: 4 * _EXAMPLE_CHARS].split())
    return flat if len(flat) <= _EXAMPLE_CHARS else f"{flat[: _EXAMPLE_CHARS - 1].rstrip()}…"


def _calls(run: Mapping[str, Any]) -> str:
    seconds = "" if run["seconds"] is None else f", {run['seconds']:,.0f} s"
    return f"{counted(run['calls'], 'model call')}{seconds}" if run["calls"] is not None else f"not counted{seconds}"


def _after_colon(text: str) -> str:
    """The explanation behind a label, as a sentence."""
    rest = text.partition(": ")[2] or text
    return f"{rest[:1].upper()}{rest[1:]}."
