"""What all pages share: their style, and how a section and a figure are set."""

from __future__ import annotations

from pathlib import Path

from src.reports.pages.markup import Child, Markup, document, tag

_STYLE = Path(__file__).with_name("report.css")


def page(title: str, body: Markup) -> str:
    """A whole page of sections."""
    return document(title, _STYLE.read_text(encoding="utf-8"), tag("main", body))


def section(title: str, *children: Child, class_: str | None = None) -> Markup:
    """A part of the page: its title in the margin, its content beside it."""
    return tag("section", tag("h2", title), tag("div", *children, class_="content"), class_=class_)


def figure(label: str, value: str, note: str) -> Markup:
    """One of the large figures at the top."""
    return tag("div", tag("dt", label), tag("dd", value), tag("dd", note, class_="note"))
