"""One sample as a page of a terminal: what it is, its turns, and as many lines of them as fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from src.cli.console import safe
from src.cli.screens import fold
from src.core.types import EDITED, Sample
from src.library.editing.drafts import Decision
from src.persistence.models import StoredSample
from src.reports.tables import clip, display_width

_MOST_LINES: Final = 100_000
_SHORT: Final = ("n next", "p back", "k keep", "d drop", "f fix", "q leave", "? keys")
_DECIDED: Final = {"keep": "keep", "drop": "DROP", "fix": "FIXED"}


@dataclass(frozen=True, slots=True)
class Page:
    """``title`` and ``facts`` stand above the text; ``lines`` are all of the text, of which a part is shown."""

    title: str
    facts: tuple[str, ...]
    lines: tuple[str, ...]

    def room(self, height: int) -> int:
        """How many lines of the text fit into a terminal of ``height`` lines."""
        return max(3, height - len(self.facts) - 4)

    def last_start(self, height: int) -> int:
        """The first line of the text from which its end is shown."""
        return max(0, len(self.lines) - self.room(height))

    def shown(self, start: int, height: int) -> list[str]:
        """The lines of the text from ``start`` on, and how much more there is."""
        room = self.room(height)
        part = [*self.lines[start : start + room]]
        more = len(self.lines) - start - len(part)
        if more > 0:
            hidden = more + 1
            part[-1] = f"... {hidden:,} more lines (space)"
        return part


def make_page(
    row: StoredSample, title: str, *, width: int, why: str = "", decision: Decision | None = None, twin: str = ""
) -> Page:
    """The page of a sample in ``width`` columns; ``why`` it is asked about, and which ``twin`` it has."""
    sample = row.sample
    done = f" [{_DECIDED[decision.choice]}]" if decision else ""
    facts = [_origin(sample), _labels(row)]
    facts += [part for part in (why, twin) if part]
    return Page(
        clip(f"{title}{done}", width),
        tuple(clip(safe(fact), width) for fact in facts),
        tuple(_text_lines(sample, width)),
    )


def footer(width: int) -> str:
    """The keys that matter most, as many as fit."""
    line = ""
    for key in _SHORT:
        longer = f"{line}  {key}" if line else key
        if display_width(longer) > width:
            return line
        line = longer
    return line


def _origin(sample: Sample) -> str:
    place = ", ".join(part for part in (sample.source_file, sample.locator) if part)
    edited = " (edited)" if EDITED in sample.metadata else ""
    return f"{sample.origin}{edited}{f' from {place}' if place else ''}"


def _labels(row: StoredSample) -> str:
    keywords = ", ".join(row.sample.topic_keywords) or "no keywords"
    return f"{row.split or 'not split'} | {row.token_length:,} tokens | {keywords}"


def _text_lines(sample: Sample, width: int) -> list[str]:
    lines: list[str] = []
    parts = [(message.role, message.content) for message in sample.messages]
    worse = [("worse answer", sample.rejected)] if sample.rejected else []
    for name, text in (*parts, *worse):
        lines.append(f"{name.upper()}:")
        lines += [f"  {line}".rstrip() for line in fold(safe(text), width - 2, limit=_MOST_LINES)]
        lines.append("")
    return lines[:-1]
