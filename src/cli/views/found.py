"""Shows what identify mode sees in documents: a table of all of them, or why one was or was not taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from src.cli.screens import counted, table
from src.reports.tables import on_one_line

if TYPE_CHECKING:
    from src.agents.identify_files import Preview

_SHOWN_REASONS = 5
_HEADS = ("source", "style found", "conversations", "turns")


def preview_table(previews: Sequence[Preview], *, width: int) -> list[str]:
    """One line per document, in ``width`` columns: the rules that found its conversations, and how much they found."""
    rows = [(seen.source, seen.style, f"{seen.conversations:,}", f"{seen.turns:,}") for seen in previews]
    return table(_HEADS, rows, width=width, right=frozenset({2, 3}))


def explanation(preview: Preview) -> list[str]:
    """The decision about one document, and below it why."""
    reasons = "; ".join(preview.reasons[:_SHOWN_REASONS])
    more = len(preview.reasons) - _SHOWN_REASONS
    if more > 0:
        reasons = f"{reasons}; and {counted(more, 'further reason')}"
    why = f"  Why: {reasons}."
    source = on_one_line(preview.source)
    if preview.conversations:
        found = f"{counted(preview.conversations, 'conversation')}, {counted(preview.turns, 'turn')}"
        return [f"{source}: taken as {preview.style} ({found}).", why]
    if preview.style != "undecided":
        return [f"{source}: not taken.", why]
    return [
        f"{source}: undecided.",
        f"  Why: {reasons}, but its paragraphs read like a dialogue.",
        "  In the modes identify and hybrid, a configured model is asked to point out the lines of such a document.",
    ]
