"""Reads the rows of a sheet sparsely and as a stream: only cells that exist, by their own column numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from src.utils.extractors.cells import CellValues, Convert, string_text, unescape, unescape_characters
from src.utils.extractors.fragments import PartStream
from src.utils.extractors.package import Package, local_name
from src.utils.extractors.tables import TableRow, column_letter

_CELL = re.compile(
    r'<c(?: r="([A-Z]++)\d*+")?+([^<>]*+)>'
    r"(?:(?:<f[^<>]*+>(?:[^<]*+</f>)?+)?+<(?:v|is><t)(?: [^<>]*+)?+>([^<]*+)</(?:v|t></is)></c>)?+"
)
"""A cell as all common programs write it: column, other attributes, value or inline text."""

_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")

_NUMBERED = re.compile(r'( r="[A-Z]*+)\d++(?=")')
_NOTHING = re.compile(r"(?!)")
_MAX_SHAPES = 1000
_MAX_ALIKE = 500
_NUMBER = "\0"


class _Row(NamedTuple):
    """A row as the file has it: attributes, columns of the cells counted from 0, their texts, "" for an empty cell."""

    given: Mapping[str, str]
    columns: Sequence[int]
    texts: Sequence[str]


class _Shape(NamedTuple):
    """What rows with cells of the same columns, types and styles share. ``pattern`` matches rows written just like
    the first of them, and captures their number and values; ``area`` names their cells."""

    columns: tuple[int, ...]
    converters: tuple[Convert, ...]
    pattern: re.Pattern[str]
    area: str


class RowReader:
    """Reads the rows of all sheets of one workbook."""

    def __init__(self, package: Package, values: CellValues) -> None:
        self._package = package
        self._values = values
        self._shapes: dict[tuple[tuple[str, ...], tuple[str, ...]], _Shape] = {}

    def rows(self, part: str, place: str) -> Iterator[TableRow]:
        """The rows of a sheet that hold text, each located in ``place``."""
        stream = PartStream(self._package, part)
        if stream.root_tag:
            return self._plain_rows(stream, place)
        return self._parsed_rows(stream, place)

    def _plain_rows(self, stream: PartStream, place: str) -> Iterator[TableRow]:
        number = 0
        shape = _Shape((), (), _NOTHING, "")
        alike: list[tuple[str, ...]] = []
        for text in stream.texts("row"):
            found = shape.pattern.fullmatch(text)
            if found is not None:
                alike.append(found.groups())
                if len(alike) < _MAX_ALIKE:
                    continue
            if alike:
                number = int(alike[-1][0])
                yield from _rows_alike(shape, alike, place)
                alike.clear()
            if found is None:
                row, shape = self._row_of(stream, text, shape)
                number = _number_of(row, number)
                yield from _located(row, number, place)
        if alike:
            yield from _rows_alike(shape, alike, place)

    def _row_of(self, stream: PartStream, text: str, shape: _Shape) -> tuple[_Row, _Shape]:
        """The row that stands so in the file, and the shape that the next one may have."""
        plain = self._plain_cells(text)
        if plain is None:
            return self._parsed_row(stream.parse(text)), shape
        shape, values = plain
        texts = [convert(unescape(value)) for convert, value in zip(shape.converters, values, strict=True)]
        return _Row(dict(_ATTRIBUTE.findall(text[: text.find(">")])), shape.columns, texts), shape

    def _parsed_rows(self, stream: PartStream, place: str) -> Iterator[TableRow]:
        number = 0
        for row in map(self._parsed_row, stream.elements("row")):
            number = _number_of(row, number)
            yield from _located(row, number, place)

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
        shape = _Shape(tuple(columns), tuple(converters), _pattern_of(text), _area(columns))
        self._shapes[letters, attributes] = shape
        return shape

    def _parsed_row(self, element: Any) -> _Row:
        columns: list[int] = []
        texts: list[str] = []
        column = -1
        for cell in element.iter("{*}c"):
            letters = cell.get("r", "").rstrip("0123456789").upper()
            column = column_number(letters) if letters.isalpha() and letters.isascii() else column + 1
            columns.append(column)
            texts.append(self._parsed_cell(cell))
        return _Row(element.attrib, columns, texts)

    def _parsed_cell(self, cell: Any) -> str:
        parts = {local_name(child): child for child in cell if isinstance(child.tag, str)}
        if "is" in parts:
            return string_text(parts["is"]).strip()
        value = parts["v"].text if "v" in parts else None
        if value:
            return self._values.converter(cell.get("t", ""), cell.get("s", ""))(unescape_characters(value))
        formula = parts["f"].text if "f" in parts else None
        return f"={formula}" if formula else ""  # never computed: the formula is all there is


def _rows_alike(shape: _Shape, alike: Sequence[tuple[str, ...]], place: str) -> Iterator[TableRow]:
    """Rows of one shape, given as number and values. They are converted column by column: sheets have millions."""
    numbers, *columns = zip(*alike, strict=True)
    plain = map(_unescape_column, columns)
    shown = (map(convert, column) for convert, column in zip(shape.converters, plain, strict=True))
    for number, texts in zip(numbers, zip(*shown, strict=True), strict=True):
        if all(texts):
            yield TableRow(texts, f"{place} {shape.area.replace(_NUMBER, number)}", shape.columns)
        else:
            yield from _located(_Row({}, shape.columns, texts), int(number), place)


def _unescape_column(values: tuple[str, ...]) -> Iterable[str]:
    text = "".join(values)
    return map(unescape, values) if "&" in text or "_x" in text else values


def _located(row: _Row, number: int, place: str) -> Iterator[TableRow]:
    """The row without its empty cells; nothing when it has no others."""
    filled = [(column, text) for column, text in zip(row.columns, row.texts, strict=True) if text]
    if filled:
        columns, texts = zip(*filled, strict=True)
        locator = f"{place} {_area(columns).replace(_NUMBER, str(number))}"
        hidden = row.given.get("hidden") in {"1", "true"}
        yield TableRow(texts, f"{locator} (hidden)" if hidden else locator, columns)


def _number_of(row: _Row, before: int) -> int:
    """The number of a row, counted from 1; the next one where the file gives none."""
    given = row.given.get("r", "")
    return (int(given) if given.isdigit() else 0) or before + 1


def _area(columns: Sequence[int]) -> str:
    """The cells from the first to the last of these columns, ``_NUMBER`` standing for that of the row."""
    first, last = (f"{column_letter(column)}{_NUMBER}" for column in (columns[0], columns[-1])) if columns else ("", "")
    return first if first == last else f"{first}:{last}"


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


@cache
def column_number(letters: str) -> int:
    """The column of "BC", counted from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
