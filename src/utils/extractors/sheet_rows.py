"""Reads the rows of a sheet sparsely and as a stream: only cells that exist, by their own column numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from src.utils.extractors.cells import CellValues, Convert, string_text, unescape
from src.utils.extractors.fragments import PartStream
from src.utils.extractors.package import Package, local_name

_ROW_TAG = re.compile(r"<row\b([^<>]*)>")
_CELL = re.compile(
    r'<c(?: r="([A-Z]++)\d*+")?+([^<>]*+)>'
    r"(?:(?:<f[^<>]*+>(?:[^<]*+</f>)?+)?+<(?:v|is><t)(?: [^<>]*+)?+>([^<]*+)</(?:v|t></is)></c>)?+"
)
"""A cell as all common programs write it: column, other attributes, value or inline text."""

_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")

Cells = list[tuple[int, str]]


class SheetRow(NamedTuple):
    """A row of a sheet. ``cells``: those that hold text as (column counted from 0, text without space around it)."""

    number: int
    cells: Cells
    hidden: bool = False


class RowReader:
    """Reads the rows of all sheets of one workbook."""

    def __init__(self, package: Package, values: CellValues) -> None:
        self._package = package
        self._values = values
        self._converters: dict[str, Convert] = {}

    def rows(self, part: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold text; ones whose number the file does not give are counted."""
        stream = PartStream(self._package, part)
        found = self._plain_rows(stream) if stream.root_tag else map(self._parsed_row, stream.elements("row"))
        number = 0
        for row in found:
            number = row.number or number + 1
            if row.cells:
                yield row if row.number else row._replace(number=number)

    def _plain_rows(self, stream: PartStream) -> Iterator[SheetRow]:
        for text in stream.texts("row"):
            cells = self._plain_cells(text)
            if cells is None:
                yield self._parsed_row(stream.parse(text))
                continue
            tag = _ROW_TAG.match(text)
            attributes = dict(_ATTRIBUTE.findall(tag[1])) if tag else {}
            yield _row(attributes, cells)

    def _plain_cells(self, text: str) -> Cells | None:
        """The cells of a row as it stands in the file; None when one of them holds what a plain cell does not."""
        found = _CELL.findall(text)
        if len(found) != text.count("<c") or "<!" in text:
            return None
        escaped = "&" in text or "_x" in text
        cells = []
        column = -1
        for letters, attributes, value in found:
            column = column_number(letters) if letters else column + 1
            if not value:
                if attributes.endswith("/"):
                    continue
                return None
            convert = self._converters.get(attributes) or self._converter(attributes)
            shown = convert(unescape(value) if escaped else value)
            if shown:
                cells.append((column, shown))
        return cells

    def _converter(self, attributes: str) -> Convert:
        """Most cells of a workbook share a handful of types and styles."""
        given = dict(_ATTRIBUTE.findall(attributes))
        self._converters[attributes] = self._values.converter(given.get("t", ""), given.get("s", ""))
        return self._converters[attributes]

    def _parsed_row(self, element: Any) -> SheetRow:
        cells: Cells = []
        column = -1
        for cell in element.iter("{*}c"):
            letters = cell.get("r", "").rstrip("0123456789").upper()
            column = column_number(letters) if letters.isalpha() and letters.isascii() else column + 1
            text = self._parsed_cell(cell)
            if text:
                cells.append((column, text))
        return _row(element.attrib, cells)

    def _parsed_cell(self, cell: Any) -> str:
        parts = {local_name(child): child for child in cell if isinstance(child.tag, str)}
        if "is" in parts:
            return string_text(parts["is"]).strip()
        value = parts["v"].text if "v" in parts else None
        if value:
            return self._values.converter(cell.get("t", ""), cell.get("s", ""))(value)
        formula = parts["f"].text if "f" in parts else None
        return f"={formula}" if formula else ""  # never computed: the formula is all there is


def _row(attributes: Any, cells: Cells) -> SheetRow:
    given = attributes.get("r", "")
    return SheetRow(int(given) if given.isdigit() else 0, cells, attributes.get("hidden") in {"1", "true"})


@cache
def column_number(letters: str) -> int:
    """The column of "BC", counted from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
