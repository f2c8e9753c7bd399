"""Matches, differences and the way of a sample as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from src.cli.console import Tone
from src.cli.screens import fold, pairs, sample_lines
from src.cli.views.different_texts import different_texts
from src.persistence.exporters import preview
from src.reports.tables import clip

if TYPE_CHECKING:
    from src.library.differences import Change, Row
    from src.library.provenance import Trace
    from src.library.search import Match

SHOWN_DIGITS = 12
"""Of an id: enough to be unmistakable among millions, short enough to be typed."""
_EXCERPT_LINES = 3
_SOURCE_LINES = 12


def match_lines(match: Match, *, width: int) -> list[str]:
    """A match: id, dataset, side and source, and the text around the words."""
    sample = match.stored.sample
    place = ", ".join(part for part in (sample.source_file, sample.locator) if part)
    parts = (sample.id[:SHOWN_DIGITS], match.record.name, match.stored.split or "", place)
    head = "  ".join(part for part in parts if part)
    role = f"   {match.excerpt.role}: "
    lines = fold(role + match.excerpt.text, width - 3, limit=_EXCERPT_LINES)
    return [clip(head, width), *(f"   {line.strip()}" for line in lines)]


def row_lines(row: Row, *, width: int) -> list[str]:
    """A sample on one line."""
    return [clip(f"  {row.sample.id[:SHOWN_DIGITS]}  {preview(row.sample)}", width)]


def change_lines(change: Change, *, width: int) -> list[str]:
    """What changed in a sample, and its text, or where that is another one both, cut to the difference."""
    before, after = change.before, change.after
    head = f"  {before.sample.id[:SHOWN_DIGITS]}  {', '.join(change.what)}"
    if "text" not in change.what:
        moved = f" ({before.split} to {after.split})" if "side" in change.what else ""
        return [clip(head + moved, width), clip(f"     {preview(after.sample)}", width)]
    lines = [clip(f"{head}, now {after.sample.id[:SHOWN_DIGITS]}", width)]
    for role, was, is_now in different_texts(before.sample, after.sample):
        for sign, text in (("-", was), ("+", is_now)):
            if text:
                folded = fold(f"{sign} {role}: {text}", width - 7, limit=_EXCERPT_LINES)
                lines += [f"     {'' if number == 0 else '  '}{line}" for number, line in enumerate(folded)]
    return lines


def trace_lines(trace: Trace, *, width: int) -> Iterator[tuple[str, Tone]]:
    """All that is known of a sample, each line with its tone."""
    sample, record = trace.stored.sample, trace.record
    yield "", "plain"
    yield f"Sample {sample.id[:SHOWN_DIGITS]} of {record.name}", "heading"
    yield from ((line, "plain") for line in pairs(_facts(trace), width=width))
    yield "", "plain"
    yield "The sample", "heading"
    yield from ((line, "plain") for line in sample_lines(sample, 1, width=width))
    if trace.writer:
        yield "", "plain"
        yield "Written by", "heading"
        shown = [(key.replace("_", " "), str(value)) for key, value in trace.writer.items()]
        yield from ((line, "plain") for line in pairs(shown, width=width))
    yield "", "plain"
    yield "The text that it was made of", "heading"
    yield from _source_lines(trace, width)
    if trace.excerpt and trace.excerpt.cited:
        yield "", "plain"
        yield "Evidence that the judge cites", "heading"
        for number, words in trace.excerpt.cited:
            folded = fold(f"line {number:,}: {words}", width - 2, limit=_EXCERPT_LINES)
            yield from ((f"  {line}", "plain") for line in folded)
    yield "", "plain"
    yield "Versions", "heading"
    for step in trace.steps:
        reason = f" ({step.record.reason})" if step.record.reason else ""
        author = f" by {step.record.author}" if step.record.author else ""
        when = step.record.created_at.strftime("%Y-%m-%d %H:%M")
        yield clip(f"  {step.record.version}  {when}  {step.what}{reason}{author}", width), "plain"


def _facts(trace: Trace) -> list[tuple[str, str]]:
    sample, record = trace.stored.sample, trace.record
    deleted = ", deleted: 'datasets undo' brings it back" if record.deleted_at else ""
    rows = [
        ("Id", sample.id),
        ("Dataset", f"{record.name}, version {record.version}{deleted}"),
        ("Also in", ", ".join(trace.elsewhere)),
        ("Side", trace.stored.split or "not split"),
        ("Origin", sample.origin),
        ("File", sample.source_file),
        ("Place", _place(sample.locator)),
        ("Characters", f"{sample.span.start:,} to {sample.span.end:,}" if sample.span else ""),
        ("Keywords", ", ".join(sample.topic_keywords)),
    ]
    return [(label, value) for label, value in rows if value]


def _place(locator: str) -> str:
    """Where the passage begins that a sample stands in: its own first line may be a later one."""
    return f"from {locator} on" if locator.startswith("line ") else locator


def _source_lines(trace: Trace, width: int) -> Iterator[tuple[str, Tone]]:
    excerpt = trace.excerpt
    if excerpt is None:
        yield f"It cannot be shown: {trace.missing or 'the sample has no source'}.", "warning"
        return
    if excerpt.verbatim is not None:
        verdict: tuple[str, Tone] = (
            ("The sample is word for word what stands there.", "success")
            if excerpt.verbatim
            else ("The sample is not word for word what stands there.", "warning")
        )
        yield verdict
    yield f"From line {excerpt.first_line:,} of its text:", "quiet"
    yield from ((f"  {line}", "plain") for line in fold(excerpt.text, width - 2, limit=_SOURCE_LINES))
