"""What became of what was asked for: rows kept and rejected, with an example of each reason, and the rounds of a
refinement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from src.core.types import Rejection
from src.core.wording import JUDGEMENTS, cut_at_word
from src.reports.pages.figures import counted, number, share, whole
from src.reports.pages.layout import section
from src.reports.pages.markup import Child, Markup, join, tag
from src.reports.pages.svg_plots import bar, stacked_bar
from src.reports.quotas import axis_title

_SHOWN_WARNINGS: Final = 20
_EXAMPLE_CHARS: Final = 240
_REASON_HEADS: Final = (("Reason", None), ("Rows", "figure"), ("", None), ("An example", None))
_QUOTA_HEADS: Final = (("", None), ("Planned", "figure"), ("Kept", "figure"))
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


def first_of_each_reason(rejections: Iterable[Rejection]) -> dict[str, Rejection]:
    """For every reason the first rejection, or the first with a sample where that one has nothing but a detail."""
    found: dict[str, Rejection] = {}
    for rejection in rejections:
        known = found.get(rejection.reason)
        if known is None or not (known.sample or known.raw or rejection.sample is None):
            found[rejection.reason] = rejection
    return found


def show_outcome(statistics: Mapping[str, Any], examples: Mapping[str, Rejection]) -> Markup:
    """How many rows were kept, why the others were not (``examples``: one for each reason), and what the run warned
    of."""
    samples = statistics["samples"]
    kept, rejected, proposed = samples["kept"], samples["rejected"], samples["proposed"]
    asked = counted(samples["requested"], "row")
    lead = f"{asked} asked for, {proposed:,} proposed: {kept:,} kept, {rejected:,} rejected."
    reasons = _most_first(samples["rejected_by_reason"])
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
    return section(
        "Kept and rejected",
        tag("p", lead, class_="lead"),
        stacked_bar(((kept, "bar"), (rejected, "bar bad")), f"{kept} kept, {rejected} rejected"),
        _table(_REASON_HEADS, rows) if rows else None,
        _judged(samples.get("kept_by_judge", {})),
        _objections(samples.get("kept_against_objections", {})),
        _private(statistics.get("privacy", {})),
        _warnings(statistics["warnings"]),
    )


def show_quotas(quotas: Mapping[str, Mapping[str, Mapping[str, int | None]]]) -> Markup | None:
    """What was planned beside what was kept; None where there was no plan of kinds of samples."""
    if not quotas:
        return None
    tables = [
        join(
            tag("h3", axis_title(axis).capitalize()),
            _table(
                _QUOTA_HEADS,
                [
                    tag(
                        "tr",
                        tag("th", name.replace("_", " "), scope="row"),
                        tag("td", whole(one["planned"]), class_="figure"),
                        tag("td", whole(one["kept"]), class_="figure"),
                    )
                    for name, one in names.items()
                ],
                "quotas",
            ),
        )
        for axis, names in quotas.items()
    ]
    lead = "Rows that were asked for, and rows that were kept. In the place of a rejected row another one is asked for."
    blocks = tag("div", *(tag("div", table) for table in tables), class_="columns")
    return section("Plan and result", tag("p", lead, class_="lead"), blocks)


def show_rounds(rounds: Sequence[Mapping[str, Any]]) -> Markup | None:
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
    lead = "What the first dataset lacked was written anew, round by round, and told what was wrong."
    return section("Rounds", tag("p", lead, class_="lead"), _table(_ROUND_HEADS, rows))


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
    return ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in _most_first(rejected))


def _judged(kept: Mapping[str, int]) -> Markup | None:
    """What the judge said of the rows that were kept."""
    if not kept:
        return None
    items = (tag("li", f"{JUDGEMENTS.get(state, state)}: {count:,}") for state, count in kept.items())
    return join(tag("h3", "The judge on the rows that were kept"), tag("ul", *items, class_="warnings"))


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
    return join(tag("h3", "Warnings"), tag("ul", *items, class_="warnings"))


def _example(rejection: Rejection) -> str:
    """What was rejected, on one line."""
    text = rejection.raw or rejection.detail
    if rejection.sample is not None:
        text = " → ".join(message.content for message in rejection.sample.messages if message.role != "system")
    return cut_at_word(" ".join(text[: 4 * _EXAMPLE_CHARS].split()), _EXAMPLE_CHARS)


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _table(heads: Sequence[tuple[str, str | None]], rows: Sequence[Markup], kind: str = "reasons") -> Markup:
    line = tag("tr", *(tag("th", head, scope="col", class_=column) for head, column in heads))
    return tag("table", tag("thead", line), tag("tbody", *rows), class_=kind)
