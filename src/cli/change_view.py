"""What a change of a dataset would do, as lines of a screen and as plain values."""

from __future__ import annotations

from typing import Any, Final

from src.cli.screens import counted, fold, pairs
from src.core.types import Sample
from src.library.editing.preview import Change, Preview
from src.persistence.exporters import preview as preview_text
from src.persistence.models import StoredSample
from src.reports.tables import clip

_AROUND: Final = 20
"""Characters that are shown on both sides of what changed."""
_MOST_BAD: Final = 10


def preview_lines(preview: Preview, *, width: int) -> list[str]:
    """The counts, the first changes with what stood there and what will, and the rows that would be spoilt."""
    lines = pairs(_counts(preview), width=width)
    if preview.changes:
        more = preview.total - len(preview.changes)
        lines += ["", f"First changes ({more:,} more):" if more > 0 else "Changes:"]
        for change in preview.changes:
            lines += change_lines(change, width=width)
    if preview.bad:
        lines += ["", f"{counted(len(preview.bad), 'row')} would be spoilt:"]
        for row in list(preview.bad.values())[:_MOST_BAD]:
            lines += fold(f"  row {row.row}, {row.field}: {row.detail}", width, limit=3)
    return lines


def preview_facts(preview: Preview) -> dict[str, Any]:
    """The counts, the first changes and every row that would be spoilt."""
    return {
        "rows": preview.rows,
        "edited": preview.edited,
        "relabelled": preview.relabelled,
        "moved": preview.moved,
        "added": preview.added,
        "dropped": dict(preview.dropped),
        "bad": [row._asdict() for row in preview.bad.values()],
        "changes": [
            {
                "row": change.row,
                "id": change.before.sample.id if change.before else None,
                "reason": change.reason,
                "before": _texts(change.before),
                "after": _texts(change.after),
            }
            for change in preview.changes
        ],
    }


def change_lines(change: Change, *, width: int) -> list[str]:
    """One change: dropped and added samples by how they begin, edited ones by what is other, side by side."""
    before, after = change.before, change.after
    head = f"  {change.row:>5}  "
    if after is None:
        text = preview_text(before.sample) if before else ""
        return [clip(f"{head}dropped ({change.reason}): {text}", width)]
    if before is None:
        return [clip(f"{head}added: {preview_text(after.sample)}", width)]
    lines = _label_lines(before, after)
    for old, new in _different_texts(before.sample, after.sample):
        was, is_now = _cut_to_difference(old, new)
        lines += [f"- {was}", f"+ {is_now}"]
    indent = " " * len(head)
    return [clip(f"{head if not number else indent}{line}", width) for number, line in enumerate(lines)]


def _counts(preview: Preview) -> list[tuple[str, str]]:
    dropped = ", ".join(f"{reason} {count:,}" for reason, count in sorted(preview.dropped.items()))
    rows = [
        ("Samples", f"{preview.rows:,}, afterwards {preview.left:,}"),
        ("Text changed", f"{preview.edited:,}" if preview.edited else ""),
        ("Labels changed", f"{preview.relabelled:,}" if preview.relabelled else ""),
        ("Other side", f"{preview.moved:,}" if preview.moved else ""),
        ("Added", f"{preview.added:,}" if preview.added else ""),
        ("Dropped", f"{preview.dropped.total():,} ({dropped})" if dropped else ""),
    ]
    return [(name, value) for name, value in rows if value]


def _label_lines(before: StoredSample, after: StoredSample) -> list[str]:
    lines = []
    if before.split != after.split:
        lines.append(f"side: {before.split or 'none'} -> {after.split or 'none'}")
    old, new = (", ".join(row.sample.topic_keywords) or "(none)" for row in (before, after))
    if old != new:
        lines.append(f"topics: {old} -> {new}")
    roles = [[message.role for message in row.sample.messages] for row in (before, after)]
    if roles[0] != roles[1]:
        lines.append(f"roles: {', '.join(roles[0])} -> {', '.join(roles[1])}")
    return lines


def _different_texts(before: Sample, after: Sample) -> list[tuple[str, str]]:
    old = [*(message.content for message in before.messages), before.rejected]
    new = [*(message.content for message in after.messages), after.rejected]
    length = max(len(old), len(new))
    padded = ([*texts, *[""] * (length - len(texts))] for texts in (old, new))
    return [(one, other) for one, other in zip(*padded, strict=True) if one != other]


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


def _texts(row: StoredSample | None) -> dict[str, Any] | None:
    if row is None:
        return None
    turns = [{"role": message.role, "content": message.content} for message in row.sample.messages]
    return {"messages": turns, "topic_keywords": list(row.sample.topic_keywords), "split": row.split}
