"""What a change of a dataset would do, as lines of a screen and as plain values."""

from __future__ import annotations

from typing import Any, Final

from src.cli.screens import counted, fold, pairs
from src.cli.views.different_texts import different_texts
from src.library.editing.preview import Change, Preview
from src.library.editing.private_data import say_found
from src.persistence.exporters import preview as preview_text
from src.persistence.models import StoredSample
from src.reports.tables import clip

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
        "private_data": dict(sorted(preview.private.items())),
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
    for _role, was, is_now in different_texts(before.sample, after.sample):
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
        ("Private data", f"comes in: {say_found(preview.private)}" if preview.private else ""),
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


def _texts(row: StoredSample | None) -> dict[str, Any] | None:
    if row is None:
        return None
    turns = [{"role": message.role, "content": message.content} for message in row.sample.messages]
    return {"messages": turns, "topic_keywords": list(row.sample.topic_keywords), "split": row.split}
