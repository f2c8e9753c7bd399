"""Text of Office Open XML paragraphs, charts, diagrams and comments: the same in documents, sheets and slides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from src.utils.extractors.package import Package, local_name

_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}

_NOT_TEXT = frozenset({"pPr", "rPr", "del", "moveFrom", "instrText", "delText", "sectPr", "rt"})
"""Properties, deleted or moved-away text, field codes and ruby readings."""


def paragraph_text(element: Any, boxes: list[Any] | None = None) -> str:
    """The text of a paragraph (``w:p`` or ``a:p``). Text boxes anchored in it are appended to ``boxes``, not read."""
    parts: list[str] = []
    _collect(element, parts, [] if boxes is None else boxes)
    return "".join(parts)


def part_paragraphs(root: Any) -> Iterator[str]:
    """The paragraphs of a whole part (diagram, comments, text boxes of a sheet) that hold text."""
    for element in root.iter("{*}p", "{*}text"):
        if local_name(element) == "p" or not len(element):
            text = paragraph_text(element) if local_name(element) == "p" else element.text or ""
            if text.strip():
                yield text


def chart_texts(root: Any) -> Iterator[str]:
    """Titles, then the series and category names of a chart."""
    yield from part_paragraphs(root)
    seen = set()
    for cache in root.iter("{*}strCache"):
        for value in cache.iter("{*}v"):
            text = (value.text or "").strip()
            if text and text not in seen:
                seen.add(text)
                yield text


def related_texts(package: Package, part: str) -> Iterator[tuple[str, str]]:
    """(what, text) of every chart and diagram that ``part`` points to."""
    for relation in package.relations(part):
        if relation.kind == "chart":
            yield "chart", "\n".join(chart_texts(package.xml(relation.target)))
        elif relation.kind == "chartEx":
            yield "chart", "\n".join(part_paragraphs(package.xml(relation.target)))
        elif relation.kind == "diagramData":
            yield "diagram", "\n".join(part_paragraphs(package.xml(relation.target)))


def choices(element: Any) -> Any:
    """The children of an ``mc:AlternateContent`` branch: the first choice that holds text, else the fallback."""
    branches = list(element)
    for branch in branches:
        if any((node.text or "").strip() for node in branch.iter("{*}t")):
            return branch
    return branches[0] if branches else ()


def _collect(element: Any, parts: list[str], boxes: list[Any]) -> None:
    for child in element:
        name = local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _BREAKS:
            parts.append(_BREAKS[name])
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "AlternateContent":
            _collect(choices(child), parts, boxes)
        elif name not in _NOT_TEXT:
            _collect(child, parts, boxes)
