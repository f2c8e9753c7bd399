"""Builds sections: clean text that ends with a line break, and the spans of its fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from src.core.types import Field, RowFields, Section, SectionKind, Span

Warn = Callable[[str], None]
"""Takes one line about something that was read only in part."""

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_DIRTY = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ud800-\udfff]")
_ASCII_DIRT = bytes([*range(9), *range(11, 32), 127])


def ignore_warning(message: str) -> None:
    """Take a warning and do nothing with it."""


def clean_text(text: str) -> str:
    """``text`` with line feeds only, no control characters but tab, no byte order marks and no lone surrogates.

    A lone surrogate cannot be written as UTF-8; it becomes U+FFFD. Idempotent.
    """
    if is_clean(text):
        return text
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _LINE_BREAKS.sub("\n", text)))


def is_clean(text: str) -> bool:
    """Whether ``clean_text`` would leave ``text`` as it is."""
    if text.isascii():  # five times as fast as the pattern
        return len(text.encode("ascii").translate(None, _ASCII_DIRT)) == len(text)
    return _DIRTY.search(text) is None


def paragraph(text: str, locator: str = "") -> Section:
    """A block of prose, followed by an empty line."""
    return Section(f"{clean_text(text).strip()}\n\n", locator)


def heading(text: str, level: int, locator: str = "") -> Section:
    """A heading of depth ``level`` (1 = top) on one line, followed by an empty line."""
    return Section(f"{' '.join(clean_text(text).split())}\n\n", locator, "heading", level)


def row(names: Sequence[str], cells: Sequence[str], locator: str = "") -> Section:
    """A table row: cells joined by tabs. ``names`` of the same length name the fields; empty: no fields."""
    text = "\t".join(cells)
    if not is_clean(text):
        cells = [clean_text(cell) for cell in cells]
        text = "\t".join(cells)
    if not names:
        return Section(f"{text}\n", locator, "row")
    if text.count("\t") < len(cells):
        return Section(f"{text}\n", locator, "row", 0, RowFields(names, text))
    ends = accumulate(len(cell) + 1 for cell in cells)
    spans = [Span(end - len(cell) - 1, end - 1) for cell, end in zip(cells, ends, strict=True)]
    return Section(f"{text}\n", locator, "row", 0, tuple(map(Field, names, spans)))


def record(values: Iterable[tuple[str, str, str]], locator: str = "", kind: SectionKind = "record") -> Section:
    """Lines of the form ``label: value`` (the bare value where the label is empty), followed by an empty line.

    ``values`` are (label, name, value); the fields carry the names and span the values only.
    """
    text = ""
    fields = []
    for label, name, value in values:
        text += f"{label}: " if label else ""
        cleaned = clean_text(value)
        fields.append(Field(name, Span(len(text), len(text) + len(cleaned))))
        text += f"{cleaned}\n"
    return Section(f"{text}\n", locator, kind, 0, tuple(fields))
