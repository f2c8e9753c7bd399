"""Reads Word documents: body in order with tables and text boxes, then notes, comments, headers and footers."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from src.core.types import Section
from src.utils.extractors.bold_openings import with_opening
from src.utils.extractors.drawing import choices, paragraph_text, related_texts
from src.utils.extractors.encoding import decode_bytes
from src.utils.extractors.html import html_sections
from src.utils.extractors.package import Package, local_name
from src.utils.extractors.sections import Warn, clean_text, heading, ignore_warning, paragraph
from src.utils.extractors.tables import TableRow, table_sections
from src.utils.extractors.text import text_sections

_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "txbxContent", "AlternateContent"}
)
_EXTRA_PARTS = (
    ("footnotes", "footnote"),
    ("endnotes", "endnote"),
    ("comments", "comment"),
    ("header", "header"),
    ("footer", "footer"),
)


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a .docx file, transitional or strict. Raises InputFileError when it is damaged or no document."""
    with Package(path) as package:
        main = package.main_part()
        root = package.xml(main)
        if local_name(root) != "document":
            raise package.error("is no Word document")
        body = next(root.iterchildren("{*}body"), None)
        if body is not None:
            yield from _Reader(_heading_levels(package, main)).blocks(body)
            yield from _alternative_chunks(package, main, warn)
        for what, text in related_texts(package, main):
            yield paragraph(text, what)
        yield from _extra_parts(package, main)


class _Reader:
    """Walks blocks in document order and counts them for the locators."""

    def __init__(self, levels: dict[str, int], prefix: str = "") -> None:
        self._levels = levels
        self._prefix = prefix
        self._paragraphs = 0
        self._tables = 0

    def blocks(self, container: Any) -> Iterator[Section]:
        """The sections of a body, a note, a header or a text box."""
        for element in _unwrapped(container):
            if local_name(element) == "tbl":
                self._tables += 1
                yield from table_sections(self._rows(element, self._tables))
            else:
                yield from self._paragraph(element)

    def _paragraph(self, element: Any) -> Iterator[Section]:
        self._paragraphs += 1
        boxes: list[Any] = []
        text = paragraph_text(element, boxes)
        locator = self._prefix or f"paragraph {self._paragraphs}"
        level = self._level(element)
        if text.strip():
            plain = paragraph(text, locator)
            yield heading(text, level, locator) if level else with_opening(plain, element, self._paragraphs)
        for box in boxes:
            yield from self.blocks(box)

    def _rows(self, table: Any, number: int) -> Iterator[TableRow]:
        for index, table_row in enumerate(_children(table, "tr"), start=1):
            columns: list[int] = []
            texts: list[str] = []
            column = _span(table_row, "gridBefore", 0)
            for cell in _children(table_row, "tc"):
                columns.append(column)
                texts.append(_cell_text(cell))
                column += _span(cell, "gridSpan", 1)
            yield TableRow(texts, f"{self._prefix} table {number} row {index}".strip(), tuple(columns))

    def _level(self, element: Any) -> int:
        for properties in element.iterchildren("{*}pPr"):
            for outline in properties.iterchildren("{*}outlineLvl"):
                return _outline_level(outline)
            for style in properties.iterchildren("{*}pStyle"):
                return self._levels.get(_value(style), 0)
        return 0


def _unwrapped(container: Any) -> Iterator[Any]:
    """Paragraphs and tables of a container, inside content controls and insertions too."""
    for child in container:
        name = local_name(child)
        if name in {"p", "tbl"}:
            yield child
        elif name == "AlternateContent":
            yield from _unwrapped(choices(child))
        elif name in _WRAPPERS:
            yield from _unwrapped(child)


def _children(container: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, inside content controls and insertions too."""
    for child in container:
        if local_name(child) == name:
            yield child
        elif local_name(child) in _WRAPPERS:
            yield from _children(child, name)


def _span(element: Any, name: str, default: int) -> int:
    """How many columns of the grid a cell takes, or a row leaves out before its first."""
    for properties in element.iterchildren("{*}tcPr", "{*}trPr"):
        for node in properties.iterchildren(f"{{*}}{name}"):
            return min(int(_value(node)), 1000) if _value(node).isdigit() else default
    return default


def _cell_text(cell: Any) -> str:
    return "\n".join(text for text in _cell_lines(cell) if text.strip())


def _cell_lines(container: Any) -> Iterator[str]:
    for element in _unwrapped(container):
        if local_name(element) == "tbl":
            for table_row in _children(element, "tr"):
                yield "\t".join(_cell_text(cell) for cell in _children(table_row, "tc"))
        else:
            boxes: list[Any] = []
            yield paragraph_text(element, boxes)
            for box in boxes:
                yield from _cell_lines(box)


def _alternative_chunks(package: Package, main: str, warn: Warn) -> Iterator[Section]:
    """Text of other formats that Word takes over when it next saves the file (ECMA-376 part 1, 17.17.2.1)."""
    for part in package.related(main, "aFChunk"):
        data = package.read(part)
        suffix = part.rpartition(".")[2].lower()
        if suffix in {"html", "htm", "xhtml", "mht", "mhtml"}:
            yield from _web_chunk(data, package.name)
        elif suffix in {"txt", "text"}:
            yield from text_sections([clean_text(decode_bytes(data))])
        else:
            warn(f"{package.name}: its part {part} is of a format that is not read.")


def _web_chunk(data: bytes, name: str) -> Iterator[Section]:
    """A page, or a page saved with its pictures as one mail (MHTML)."""
    pages = [data]
    if re.match(rb"\s*(MIME-Version|From|Content-Type):", data, re.IGNORECASE):
        parts = email.message_from_bytes(data.lstrip()).walk()
        pages = [bytes(part.get_payload(decode=True)) for part in parts if part.get_content_type() == "text/html"]
    for page in pages:
        yield from html_sections(page, name, "inserted page")


def _extra_parts(package: Package, main: str) -> Iterator[Section]:
    for kind, what in _EXTRA_PARTS:
        seen = set()  # each kind of page has its own header part, mostly with the same words
        for part in package.related(main, kind):
            root = package.xml(part)
            containers = [root] if kind in {"header", "footer"} else list(root)
            for container in containers:
                if _attribute(container, "type") in {"separator", "continuationSeparator"}:
                    continue
                author = _attribute(container, "author")
                for section in _Reader({}, f"{what} by {author}" if author else what).blocks(container):
                    if section.text not in seen:
                        yield section
                    if kind in {"header", "footer"}:
                        seen.add(section.text)


def _heading_levels(package: Package, main: str) -> dict[str, int]:
    """Style id -> heading level, through "based on": built-in names are English in every language's Word."""
    levels: dict[str, int] = {}
    parents: dict[str, str] = {}
    for part in package.related(main, "styles"):
        for style in package.xml(part).iterchildren("{*}style"):
            identifier = _attribute(style, "styleId")
            levels[identifier] = _own_level(style)
            parents[identifier] = next((_value(base) for base in style.iterchildren("{*}basedOn")), "")
    return {identifier: _inherited_level(identifier, levels, parents) for identifier in levels}


def _own_level(style: Any) -> int:
    name = next((_value(node) for node in style.iterchildren("{*}name")), "").casefold()
    numbered = re.fullmatch(r"heading ([1-9])", name)
    if numbered:
        return int(numbered[1])
    if name == "title":
        return 1
    return next((_outline_level(node) for node in style.iter("{*}outlineLvl")), 0)


def _inherited_level(identifier: str, levels: dict[str, int], parents: dict[str, str]) -> int:
    for _ in range(20):  # a chain of styles may be circular in a damaged file
        level = levels.get(identifier, 0)
        if level or identifier not in parents:
            return level
        identifier = parents[identifier]
    return 0


def _outline_level(node: Any) -> int:
    """``w:outlineLvl`` counts from 0; 9 means body text (ECMA-376 part 1, 17.3.1.20)."""
    value = _value(node)
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _value(node: Any) -> str:
    return _attribute(node, "val")


def _attribute(node: Any, name: str) -> str:
    return next((str(value) for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")
