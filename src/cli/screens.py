"""What is shown: tables, samples and reports as lines of plain text, for a width in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from src.core import wording
from src.core.types import DatasetRecord, RunFacts, RunReport, Sample, TokenCount
from src.reports.tables import clip, display_width

counted = wording.counted
_SAMPLE_LINES = 4
_ROLES = {"system": "System", "user": "User", "assistant": "Assistant"}
_FILES = {
    "train": "Training",
    "validation": "Validation",
    "train_preference": "Preference pairs",
    "validation_preference": "Their validation",
    "csv": "Table (CSV)",
    "stats": "Statistics",
    "report": "Report",
    "rejected": "Rejected, why",
}
_GAP = 2
_MOST_PARTS = 4
"""Lines that one cell may take."""
# a wide character is a word by itself, with the marks that stand with it: between two of them a line may be cut
_WIDE = (
    r"\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
    r"\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_WORD = re.compile(rf"\s+|[{_WIDE}][\u0300-\u036f\u3099\u309a\ufe0e\ufe0f\u200d]*|[^\s{_WIDE}]+")


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    width: int,
    right: frozenset[int] = frozenset(),
    whole: frozenset[int] = frozenset(),
    spare: Sequence[int] = (),
    folded: frozenset[int] = frozenset(),
) -> list[str]:
    """Aligned columns with a line under the heads. ``right`` are the indexes of columns of numbers.

    When the table is wider than ``width``, the columns ``spare`` are left out, the first one first, until it fits; then
    the widest columns are cut; numbers and the columns ``whole`` never. Those of ``folded`` go on in further lines.
    """
    widths = [max(display_width(line[column]) for line in (heads, *rows)) for column in range(len(heads))]
    if spare and sum(widths) + _GAP * (len(widths) - 1) > width:
        kept = [column for column in range(len(heads)) if column != spare[0]]
        return table(
            [heads[column] for column in kept],
            [[row[column] for column in kept] for row in rows],
            width=width,
            right=frozenset(kept.index(column) for column in right if column in kept),
            whole=frozenset(kept.index(column) for column in whole if column in kept),
            spare=[kept.index(column) for column in spare[1:]],
            folded=frozenset(kept.index(column) for column in folded if column in kept),
        )
    narrow_to(widths, width - _GAP * (len(widths) - 1), right | whole)
    lines = [_row(heads, widths, right), "  ".join("-" * size for size in widths)]
    return lines + [_row(part, widths, right) for row in rows for part in _parts(row, widths, folded)]


def narrow_to(widths: list[int], total: int, fixed: frozenset[int] = frozenset(), least: int = 8) -> None:
    """Make the widest of the columns that are not ``fixed`` narrower, one by one, until all fit into ``total``."""
    free = [column for column in range(len(widths)) if column not in fixed]
    while sum(widths) > total and free:
        widest = max(free, key=lambda column: widths[column])
        if widths[widest] <= least:
            return
        widths[widest] -= 1


def _parts(cells: Sequence[str], widths: Sequence[int], folded: frozenset[int]) -> Iterator[Sequence[str]]:
    """The lines of a row: one, or as many as the longest of its ``folded`` cells takes."""
    if all(display_width(cells[column]) <= widths[column] for column in folded):
        yield cells
        return
    columns = [
        (fold(cell, widths[column], limit=_MOST_PARTS) or [""]) if column in folded else [cell]
        for column, cell in enumerate(cells)
    ]
    yield from zip_longest(*columns, fillvalue="")


def _row(cells: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> str:
    shown = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        text = clip(cell, width)
        gap = " " * (width - display_width(text))
        shown.append(f"{gap}{text}" if column in right else f"{text}{gap}")
    return (" " * _GAP).join(shown).rstrip()


def pairs(entries: Sequence[tuple[str, str]], *, width: int) -> list[str]:
    """Labels and values, aligned; long values go on below themselves."""
    label_width = max((display_width(label) for label, _ in entries), default=0) + 2
    lines = []
    for label, value in entries:
        first, *rest = fold(value, width - label_width, limit=6) or [""]
        lines.append(f"{label}{' ' * (label_width - display_width(label))}{first}".rstrip())
        lines.extend(f"{' ' * label_width}{line}" for line in rest)
    return lines


def fold(text: str, width: int, *, limit: int) -> list[str]:
    """``text`` in at most ``limit`` lines of ``width`` columns; "..." ends it where more was there.

    Scripts without spaces, whose characters take two columns, are cut by columns.
    """
    lines: list[str] = []
    # more than can ever be shown need not be folded
    for paragraph in text[: 4 * width * (limit + 1)].splitlines():
        lines.extend(_wrap(paragraph, width))
        if len(lines) > limit:
            last = clip(lines[limit - 1] + " ...", width)
            return [*lines[: limit - 1], last]
    return lines


def _wrap(text: str, width: int) -> list[str]:
    """``text``, which is one line, in lines of ``width`` columns: cut at spaces, before and after wide characters, and
    within words that are longer than a line. What it begins with stays: code is indented."""
    lines: list[str] = []
    line, used, space = "", 0, ""
    for part in _WORD.findall(text.expandtabs()):
        if part.isspace():
            space = part if line or not lines else ""
            continue
        size = display_width(part)
        if line and used + len(space) + size > width:
            lines.append(line)
            line, used, space = "", 0, ""
        line, used, space = line + space + part, used + len(space) + size, ""
        while used > width:  # only a word that is longer than a line
            first = _fitting(line, width)
            lines.append(line[:first])
            line, used = line[first:], display_width(line[first:])
    return [*lines, line] if line or not lines else lines


def _fitting(text: str, width: int) -> int:
    """How many characters of ``text`` fit into ``width`` columns; at least one."""
    used = 0
    for number, character in enumerate(text):
        used += display_width(character)
        if used > width:
            return max(1, number)
    return len(text)


def sample_lines(sample: Sample, number: int, *, width: int) -> list[str]:
    """One sample: where it comes from, then every turn, folded and cut."""
    origin = f"{sample.origin} (demo quality)" if sample.metadata.get("quality") == "demo" else sample.origin
    place = ", ".join(part for part in (sample.source_file, sample.locator) if part)
    keywords = f"  [{', '.join(sample.topic_keywords[:3])}]" if sample.topic_keywords else ""
    lines = [clip(f"{number}. {origin}{f' from {place}' if place else ''}{keywords}", width)]
    shown = sample.messages[:4]
    for message in shown:
        role = f"   {_ROLES[message.role]:<9}  "
        first, *rest = fold(message.content, width - len(role), limit=_SAMPLE_LINES) or [""]
        lines.append(f"{role}{first}")
        lines.extend(f"{' ' * len(role)}{line}" for line in rest)
    more = len(sample.messages) - len(shown)
    if more > 0:
        lines.append(f"   ... {more} more turn{'s' if more > 1 else ''}")
    return lines


def report_lines(report: RunReport, root: Path, *, width: int) -> list[str]:
    """What a run did: numbers, tokens, cost, and where the files lie."""
    record, run, exact = report.record, report.record.run, report.validation.exact
    rows = [
        ("Requested", f"{record.requested:,}"),
        ("Proposed", f"{record.proposed:,}"),
        ("Kept", kept_text(report)),
        ("Rejected", rejected_text(record)),
        ("Tokens", token_text(TokenCount(report.validation.total_tokens, exact))),
    ]
    if report.judged:
        judged = (f"{wording.JUDGEMENTS.get(state, state)} {count:,}" for state, count in sorted(report.judged.items()))
        rows.append(("Judge", "; ".join(judged)))
    if run.privacy.get("found"):
        rows.append(("Private data", privacy_text(run.privacy)))
    if record.parent is None:  # a version that was derived asked no model: these are the figures of the first one
        time = "not known" if run.seconds is None else f"{run.seconds:.1f} s"
        rows += [("Model calls", calls_text(run)), ("Cost", cost_text(run)), ("Time", time)]
    rows += [(_FILES.get(kind, kind), show_path(path, root)) for kind, path in report.files.items()]
    return pairs(rows, width=width)


def kept_text(report: RunReport) -> str:
    """The number of samples and how they are divided."""
    sides = ", ".join(f"{count:,} {side}" for side, count in report.splits.items() if count)
    return f"{report.record.total_samples:,}" + (f" ({sides})" if sides else "")


def rejected_text(record: DatasetRecord) -> str:
    """The number of rejections by reason."""
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in sorted(record.rejected.items()))
    return f"{sum(record.rejected.values()):,}" + (f" ({reasons})" if reasons else "")


_DONE = {"report": "kept; privacy: redact or drop changes that", "redact": "replaced", "drop": "dropped"}


def privacy_text(privacy: Mapping[str, Any], noun: str = "sample") -> str:
    """How much of what was found in how many samples, and what was done about it; never a value."""
    found = ", ".join(f"{label} {count:,}" for label, count in privacy["found"].items())
    return f"{found} in {counted(privacy['samples'], noun)} ({_DONE[privacy['policy']]})"


def token_text(count: TokenCount) -> str:
    """A number of tokens, and whether it is exact."""
    return f"{count.tokens:,} (exact)" if count.exact else f"about {count.tokens:,} (estimate)"


def token_phrase(count: TokenCount) -> str:
    """As ``token_text``, to stand in a sentence: with the word."""
    if not count.tokens:
        return "no tokens counted"
    return token_text(count).replace(" (", " tokens (")


def calls_text(run: RunFacts) -> str:
    """Calls that were made, and answers that were there from an earlier run."""
    if run.calls is None:
        return "not known"
    earlier = f", {run.cached_calls:,} answers reused from an earlier run" if run.cached_calls else ""
    counted_here = f", {run.estimated_calls:,} without token counts: these are estimated" if run.estimated_calls else ""
    return f"{run.calls:,}{earlier}{counted_here}"


def cost_text(run: RunFacts) -> str:
    """What a run cost; without a price, the tokens that were used."""
    if run.usage is None:
        return "not known"
    if run.cost_usd is None:
        return f"no price known ({run.usage.input_tokens:,} tokens in, {run.usage.output_tokens:,} out)"
    return wording.dollars(run.cost_usd) if run.cost_usd else "$0 (nothing was paid)"


def duration_text(seconds: float) -> str:
    """A time as a person says it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def show_path(path: Path, root: Path) -> str:
    """``path`` as a person would type it from the project's folder."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(path)
