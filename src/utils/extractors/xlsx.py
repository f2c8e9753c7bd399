"""Reads Excel workbooks: every sheet sparsely (only cells that hold something), cached values, comments, drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from src.core.types import Section
from src.utils.extractors.cells import CellValues
from src.utils.extractors.drawing import part_paragraphs, related_texts
from src.utils.extractors.fragments import PartStream
from src.utils.extractors.package import Package, local_name
from src.utils.extractors.sections import Warn, heading, ignore_warning, paragraph
from src.utils.extractors.sheet_rows import RowReader
from src.utils.extractors.tables import table_sections

_MARGIN_CODES = re.compile(r'&(?:&|"[^"]*"|\d+|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|[A-Za-z+&-])')
"""Codes in the header of a printed page: font, size, colour, part, page number (ECMA-376 part 1, 18.3.1.46)."""

_GENERIC_NAME = re.compile(r"\w+ ?\d+")
"""Names like Sheet1, Tabelle1, Feuil1: given by the program, they say nothing."""


def extract(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a .xlsx file, one "row" per row that holds values. Raises InputFileError when it is damaged.

    Only cells that exist are visited: a value in XFD1048576 costs no more than one in A1.
    """
    with Package(path) as package:
        main = package.main_part()
        root = package.xml(main)
        if local_name(root) != "workbook":
            raise package.error("is no Excel workbook")
        reader = RowReader(package, CellValues(package, main, root))
        for name, state, part in _sheets(package, main, root):
            yield from _sheet(package, reader, part, name, state)


def _sheets(package: Package, main: str, root: Any) -> Iterator[tuple[str, str, str]]:
    """(name, state, part) of every sheet in the order of the tabs."""
    targets = {relation.id: relation for relation in package.relations(main)}
    for sheet in root.iter("{*}sheet"):
        for key, value in sheet.attrib.items():
            if key.endswith("}id") and value in targets:
                yield sheet.get("name", ""), sheet.get("state", ""), targets[value].target


def _sheet(package: Package, reader: RowReader, part: str, name: str, state: str) -> Iterator[Section]:
    hidden = state in {"hidden", "veryHidden"}
    locator = f"sheet {name} (hidden)" if hidden else f"sheet {name}"
    rows = table_sections(reader.rows(part, locator))
    first = next(rows, None)
    if first is not None:
        if not _GENERIC_NAME.fullmatch(name):
            yield heading(name, 1, locator)
        yield first
        yield from rows
    yield from _attachments(package, part, locator)


def _attachments(package: Package, part: str, locator: str) -> Iterator[Section]:
    for title, text in _page_margins(PartStream(package, part)):
        yield paragraph(text, f"{locator} {title}")
    comments: dict[str, str] = {}
    for relation in sorted(package.relations(part), key=lambda relation: relation.kind == "threadedComment"):
        if relation.kind in {"comments", "threadedComment"}:
            for comment in package.xml(relation.target).iter("{*}comment", "{*}threadedComment"):
                text = "".join(node.text or "" for node in comment.iter("{*}t", "{*}text")).strip()
                cell = comment.get("ref", "")
                if text and text not in comments.get(cell, ""):  # a thread is kept a second time for older programs
                    comments[cell] = f"{comments.get(cell, '')}\n{text}"
                    yield paragraph(text, f"{locator} comment {cell}".strip())
        elif relation.kind == "drawing":
            for text in part_paragraphs(package.xml(relation.target)):
                yield paragraph(text, f"{locator} text box")
            for what, text in related_texts(package, relation.target):
                yield paragraph(text, f"{locator} {what}")


def _page_margins(stream: PartStream) -> Iterator[tuple[str, str]]:
    """(header or footer, text) of the printed page, once each, without the codes of fonts and page numbers.

    Only of plain parts: another would be parsed a second time for it.
    """
    seen = set()
    for element in map(stream.parse, stream.texts("headerFooter") if stream.root_tag else ()):
        for node in element:
            text = " ".join(_MARGIN_CODES.sub(_margin_text, node.text or "").split())
            if any(letter.isalpha() for letter in text) and text not in seen:
                seen.add(text)
                yield "header" if local_name(node).endswith("Header") else "footer", text


def _margin_text(found: re.Match[str]) -> str:
    return {"&&": "&", "&L": "\n", "&C": "\n", "&R": "\n"}.get(found[0], "")
