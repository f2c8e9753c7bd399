"""Reads PowerPoint files slide by slide: text, tables, groups, charts, diagrams, notes and comments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from src.core.types import Section
from src.utils.extractors.drawing import choices, paragraph_text, part_paragraphs, related_texts
from src.utils.extractors.package import Package, local_name
from src.utils.extractors.sections import Warn, heading, ignore_warning, paragraph
from src.utils.extractors.tables import TableRow, table_sections

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "sldImg"})
"""Placeholders that the program fills: what they show says nothing of its own, unless somebody typed it."""


def extract(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a .pptx file, slides in their order. Raises InputFileError when it is damaged or no presentation."""
    with Package(path) as package:
        main = package.main_part()
        if local_name(package.xml(main)) != "presentation":
            raise package.error("is no PowerPoint presentation")
        for number, part in enumerate(_slide_parts(package, main), start=1):
            root = package.xml(part)
            hidden = root.get("show") in {"0", "false"}
            yield from _slide(package, part, root, f"slide {number} (hidden)" if hidden else f"slide {number}")


def _slide_parts(package: Package, main: str) -> list[str]:
    targets = {relation.id: relation.target for relation in package.relations(main) if relation.kind == "slide"}
    ordered = []
    for node in package.xml(main).iter("{*}sldId"):
        for key, value in node.attrib.items():
            if key.endswith("}id") and value in targets:
                ordered.append(targets.pop(value))
    return ordered + list(targets.values())


def _slide(package: Package, part: str, root: Any, locator: str) -> Iterator[Section]:
    shapes = [shape for tree in root.iter("{*}spTree") for shape in _shapes(tree)]
    shapes.sort(key=lambda shape: _placeholder(shape) not in _TITLES)  # stable: only the title moves to the front
    for shape in shapes:
        yield from _shape_sections(shape, locator)
    for what, text in related_texts(package, part):
        yield paragraph(text, f"{locator} {what}")
    for notes in package.related(part, "notesSlide"):
        for shape in _shapes(package.xml(notes)):
            yield from _shape_sections(shape, f"{locator} notes")
    for comments in package.related(part, "comments"):
        for text in part_paragraphs(package.xml(comments)):
            yield paragraph(text, f"{locator} comment")


def _shapes(container: Any) -> Iterator[Any]:
    """Shapes and graphic frames in drawing order, groups opened."""
    for child in container:
        name = local_name(child)
        if name in {"sp", "graphicFrame", "cxnSp"}:
            yield child
        elif name == "AlternateContent":
            yield from _shapes(choices(child))
        elif name in {"grpSp", "spTree", "cSld", "contentPart"}:
            yield from _shapes(child)


def _shape_sections(shape: Any, locator: str) -> Iterator[Section]:
    for table in shape.iter("{*}tbl"):
        yield from table_sections(_rows(table, f"{locator} table"))
    kind = _placeholder(shape)
    for body in shape.iterchildren("{*}txBody"):
        text = "\n".join(filter(None, (paragraph_text(node).strip() for node in body.iterchildren("{*}p"))))
        if text and not (kind in _FURNITURE and _is_filled_in(kind, body, text)):
            yield heading(text, 1, locator) if kind in _TITLES else paragraph(text, locator)


def _is_filled_in(kind: str, body: Any, text: str) -> bool:
    """Whether the program wrote the text: a number, or a date that it keeps up to date."""
    is_date = kind == "dt" and next(body.iter("{*}fld"), None) is not None
    return is_date or not any(letter.isalpha() for letter in text)


def _rows(table: Any, locator: str) -> Iterator[TableRow]:
    for number, table_row in enumerate(table.iterchildren("{*}tr"), start=1):
        cells = ["\n".join(part_paragraphs(cell)) for cell in table_row.iterchildren("{*}tc")]
        yield TableRow(cells, f"{locator} row {number}")


def _placeholder(shape: Any) -> str:
    """The placeholder type of a shape: "body" where none is given, "" for a shape that is no placeholder."""
    for properties in shape.iterchildren("{*}nvSpPr"):
        for node in properties.iter("{*}ph"):
            return str(node.get("type", "body"))
    return ""
