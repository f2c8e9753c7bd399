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
    """Titles, then the names of the series, then per category its name and values, one line each.

    Numbers and names are those that the chart keeps of its workbook (``c:*Cache``, in newer charts ``cx:*Dim``).
    """
    yield from part_paragraphs(root)
    names: list[str] = []
    table: dict[str, list[str]] = {}
    for series in root.iter("{*}ser", "{*}series"):
        names += [name for part in series.iterchildren("{*}tx") for name in _points(part) if name not in names]
        categories = [name for part in series.iterchildren("{*}cat", "{*}xVal") for name in _points(part)]
        values = [value for part in series.iterchildren("{*}val", "{*}yVal") for value in _points(part)]
        for index, category in enumerate(categories):
            table.setdefault(category, []).extend(values[index : index + 1])
    yield from names
    yield from ("\t".join([category, *values]) for category, values in table.items())
    seen = {*names, *table}
    for cache in root.iter("{*}strCache", "{*}multiLvlStrCache", "{*}strLit", "{*}strDim"):
        for text in _points(cache):
            if text not in seen:
                seen.add(text)
                yield text


def _points(part: Any) -> list[str]:
    """The cached values below a part of a chart, in order; a newer chart has them as text of its points."""
    nodes = part.iter("{*}v", "{*}pt")
    return [text for node in nodes if (text := (node.text or "").strip())]


def related_texts(package: Package, part: str) -> Iterator[tuple[str, str]]:
    """(what, text) of every chart and diagram that ``part`` points to."""
    for relation in package.relations(part):
        if relation.kind in {"chart", "chartEx"}:
            yield "chart", "\n".join(chart_texts(package.xml(relation.target)))
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
