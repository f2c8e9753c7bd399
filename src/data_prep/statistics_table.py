"""The table of statistics in data/README.md, filled from prepared files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from src.core.errors import InputFileError
from src.core.jsonl import atomic_writer
from src.data_prep.lengths import ModelLengths, Spread

_TITLES: Final = {
    "claude_logs": ("Chat logs", "Conversation exports"),
    "git_history": ("Git history", "Repository commits"),
    "actual_code": ("FIM examples", "Code repositories"),
}
_MARKED: Final = re.compile(r"(<!-- statistics -->\n).*?(<!-- end of statistics -->)", re.DOTALL)


def statistics_table(lengths: ModelLengths) -> str:
    """One line per source with its examples and their mean length, and a line for all of them."""
    lines = ["| Dataset | Examples | Avg Length | Source |", "|---------|----------|------------|--------|"]
    about = "" if lengths.exact else "~"
    for source in sorted(lengths.sources, key=lambda name: (name not in _TITLES, name)):
        title, origin = _TITLES.get(source, (source, "-"))
        spread = Spread.of(lengths.sources[source])
        lines.append(f"| {title} | {spread.rows:,} | {about}{spread.mean:,.0f} tokens | {origin} |")
    total = Spread.of(lengths.tokens)
    lines.append(f"| **Total** | **{total.rows:,}** | **{about}{total.mean:,.0f} tokens** | {lengths.model} |")
    return "\n".join(lines)


def fill_table(readme: Path, table: str) -> None:
    """Put ``table`` between the two marks of a Markdown file. Raises InputFileError without marks, StorageError."""
    try:
        text = readme.read_text(encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{readme} cannot be read: {error.strerror}.", fix="Check the path.") from error
    filled, places = _MARKED.subn(lambda marks: f"{marks[1]}{table}\n{marks[2]}", text)
    if not places:
        fix = "Add '<!-- statistics -->' and '<!-- end of statistics -->', each on a line of its own."
        raise InputFileError(f"{readme} has no place for a table of statistics.", fix=fix)
    with atomic_writer(readme) as sink:
        sink.write(filled.encode("utf-8"))
