"""Reads the rows of a sheet sparsely and as a stream: only cells that exist, by their own column numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from src.utils.extractors.cells import CellValues, Convert, string_text, unescape, unescape_characters
from src.utils.extractors.fragments import PartStream
from src.utils.extractors.package import Package, local_name

_CELL = re.compile(
    r'<c(?: r="([A-Z]++)\d*+")?+([^<>]*+)>'
    r"(?:(?:<f[^<>]*+>(?:[^<]*+</f>)?+)?+<(?:v|is><t)(?: [^<>]*+)?+>([^<]*+)</(?:v|t></is)></c>)?+"
)
"""A cell as all common programs write it: column, other attributes, value or inline text."""

_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")

_NUMBERED = re.compile(r'( r="[A-Z]*+)\d++(?=")')
_NOTHING = re.compile(r"(?!)")
_MAX_SHAPES = 1000


class Cells(NamedTuple):
    """The cells of a row that hold text: their columns counted from 0, their texts without space around them."""

    columns: tuple[int, ...]
    texts: Sequence[str]


class SheetRow(NamedTuple):
    """A row of a sheet; ``number`` counts from 1."""

    number: int
    cells: Cells
    hidden: bool = False


class _Shape(NamedTuple):
    """What rows with cells of the same columns, types and styles share. ``pattern`` matches rows written just like
    the first of them, and captures their number and values."""

    columns: tuple[int, ...]
    converters: tuple[Convert, ...]
    pattern: re.Pattern[str]


class RowReader:
    """Reads the rows of all sheets of one workbook."""

    def __init__(self, package: Package, values: CellValues) -> None:
        self._package = package
        self._values = values
        self._shapes: dict[tuple[tuple[str, ...], tuple[str, ...]], _Shape] = {}

    def rows(self, part: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold text; ones whose number the file does not give are counted."""
        stream = PartStream(self._package, part)
        found = self._plain_rows(stream) if stream.root_tag else map(self._parsed_row, stream.elements("row"))
        number = 0
        for row in found:
            number = row.number or number + 1
            if row.cells.texts:
                yield row if row.number else row._replace(number=number)

    def _plain_rows(self, stream: PartStream) -> Iterator[SheetRow]:
        shape = _Shape((), (), _NOTHING)
        for text in stream.texts("row"):
            found = shape.pattern.fullmatch(text)
            if found is not None:  # most rows are written like the one before
                groups = found.groups()
                yield SheetRow(int(groups[0]), _cells(shape, groups[1:], text))
                continue
            plain = self._plain_cells(text)
            if plain is None:
                yield self._parsed_row(stream.parse(text))
                continue
            shape, values = plain
            yield _row(dict(_ATTRIBUTE.findall(text[: text.find(">")])), _cells(shape, values, text))

    def _plain_cells(self, text: str) -> tuple[_Shape, Sequence[str]] | None:
        """The shape and values of a row as it stands in the file; None when a cell holds what a plain one does not."""
        found = _CELL.findall(text)
        if len(found) != text.count("<c") or "<!" in text:
            return None
        letters, attributes, values = zip(*found, strict=True) if found else ((), (), ())
        if "" in values and any(not value and given[-1:] != "/" for _, given, value in found):
            return None
        shape = self._shapes.get((letters, attributes)) or self._new_shape(letters, attributes, text)
        return shape, values

    def _new_shape(self, letters: tuple[str, ...], attributes: tuple[str, ...], text: str) -> _Shape:
        """Most rows of a sheet are of a handful of shapes."""
        columns = []
        column = -1
        for name in letters:
            column = column_number(name) if name else column + 1
            columns.append(column)
        given = [dict(_ATTRIBUTE.findall(entry)) for entry in attributes]
        converters = [self._values.converter(entry.get("t", ""), entry.get("s", "")) for entry in given]
        if len(self._shapes) > _MAX_SHAPES:
            self._shapes.clear()
        shape = _Shape(tuple(columns), tuple(converters), _pattern_of(text))
        self._shapes[letters, attributes] = shape
        return shape

    def _parsed_row(self, element: Any) -> SheetRow:
        columns: list[int] = []
        texts: list[str] = []
        column = -1
        for cell in element.iter("{*}c"):
            letters = cell.get("r", "").rstrip("0123456789").upper()
            column = column_number(letters) if letters.isalpha() and letters.isascii() else column + 1
            text = self._parsed_cell(cell)
            if text:
                columns.append(column)
                texts.append(text)
        return _row(element.attrib, Cells(tuple(columns), texts))

    def _parsed_cell(self, cell: Any) -> str:
        parts = {local_name(child): child for child in cell if isinstance(child.tag, str)}
        if "is" in parts:
            return string_text(parts["is"]).strip()
        value = parts["v"].text if "v" in parts else None
        if value:
            return self._values.converter(cell.get("t", ""), cell.get("s", ""))(unescape_characters(value))
        formula = parts["f"].text if "f" in parts else None
        return f"={formula}" if formula else ""  # never computed: the formula is all there is


def _cells(shape: _Shape, values: Sequence[str], text: str) -> Cells:
    if "&" in text or "_x" in text:
        values = tuple(map(unescape, values))
    texts = [convert(value) for convert, value in zip(shape.converters, values, strict=True)]
    if all(texts):
        return Cells(shape.columns, texts)
    filled = [(column, shown) for column, shown in zip(shape.columns, texts, strict=True) if shown]
    return Cells(tuple(column for column, _ in filled), [shown for _, shown in filled])


def _pattern_of(text: str) -> re.Pattern[str]:
    """Matches rows that differ from this one in nothing but their number and values; ``_NOTHING`` where a row of its
    kind has no number, is hidden, or holds an empty cell or a formula."""
    found = list(_CELL.finditer(text))
    tag = text[: text.find(">")]
    if not found or not tag.startswith('<row r="') or "hidden" in tag or "<f" in text or not all(m[3] for m in found):
        return _NOTHING
    literals, place = [], 0
    for cell in found:
        literals.append(text[place : cell.start(3)])
        place = cell.end(3)
    escaped = [re.escape(_NUMBERED.sub(r"\1\0", literal)) for literal in (*literals, text[place:])]
    return re.compile("([^<]++)".join(escaped).replace("\0", r"(\d++)", 1).replace("\0", r"\d++"))


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
