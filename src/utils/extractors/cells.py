"""Reads the cells of a workbook's sheets as text: shared strings, dates, booleans, errors, cached formula values."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from src.utils.extractors.fragments import PartStream
from src.utils.extractors.package import Package, local_name

_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that show a date or a time (ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are East Asian dates)."""

_FORMAT_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MAX_SERIAL = 2_958_466
"""The serial number of 10000-01-01."""

_CELL = re.compile(
    r'<c(?: r="([A-Z]{1,3})\d*")?(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    r"(?:<f(?:\s[^<>]*)?(?:/>|>([^<]*)</f>))?"
    r"(?:<v>([^<]*)</v>|<v/>)?"
    r"(?:<is><t(?:\s[^<>]*)?>([^<]*)</t></is>)?</c>)"
)
"""A cell as all common programs write it: column, style, type, formula, value, text."""

_PLAIN_STRING = re.compile(r"<si><t(?:\s[^<>]*)?>([^<]*)</t></si>")
_ROW_NUMBER = re.compile(r'\sr="(\d+)"')
_HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Row(NamedTuple):
    """A row of a sheet: the cells that hold text as (column counted from 0, text)."""

    number: int
    cells: tuple[tuple[int, str], ...]
    hidden: bool = False


class CellReader:
    """The strings, styles and date system that all sheets of one workbook share."""

    def __init__(self, package: Package, main: str, workbook: Any) -> None:
        self._package = package
        self._strings: list[str] = []
        for part in package.related(main, "sharedStrings"):
            self._strings.extend(_shared_strings(PartStream(package, part)))
        self._dates: list[bool] = []
        for part in package.related(main, "styles"):
            self._dates.extend(_date_styles(package.xml(part)))
        properties = next(workbook.iter("{*}workbookPr"), None)
        mac = properties is not None and properties.get("date1904") in {"1", "true"}
        # Day 0 is 1899-12-30: the format counts a 29 February 1900 that never was.
        self._epoch = datetime(1904, 1, 1) if mac else datetime(1899, 12, 30)  # noqa: DTZ001  (cells have no zone)

    def rows(self, part: str) -> Iterator[Row]:
        """The rows of a sheet that hold text, streaming."""
        stream = PartStream(self._package, part)
        found = self._plain_rows(stream) if stream.root_tag else self._parsed_rows(stream)
        number = 0
        for given, cells, hidden in found:
            number = given or number + 1
            if cells:
                yield Row(number, tuple(cells), hidden)

    def _plain_rows(self, stream: PartStream) -> Iterator[tuple[int, list[tuple[int, str]], bool]]:
        for text in stream.texts("row"):
            tag = text[: text.find(">")]
            cells = _CELL.findall(text)
            if len(cells) != text.count("<c") or "<!" in text:  # something that a plain cell does not have
                yield self._parsed_row(stream.parse(text))
                continue
            given = _ROW_NUMBER.search(tag)
            yield int(given[1]) if given else 0, list(self._plain_cells(cells)), _HIDDEN.search(tag) is not None

    def _plain_cells(self, cells: list[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
        column = -1
        for letters, style, kind, formula, value, inline in cells:
            column = column_number(letters) if letters else column + 1
            text = _unescape(inline) if inline else self._typed(kind, _unescape(value), style, _unescape(formula))
            text = text.strip()
            if text:
                yield column, text

    def _parsed_rows(self, stream: PartStream) -> Iterator[tuple[int, list[tuple[int, str]], bool]]:
        for element in stream.elements("row"):
            yield self._parsed_row(element)

    def _parsed_row(self, element: Any) -> tuple[int, list[tuple[int, str]], bool]:
        cells: list[tuple[int, str]] = []
        column = -1
        for cell in element.iter("{*}c"):
            letters = cell.get("r", "").rstrip("0123456789").upper()
            column = column_number(letters) if letters.isalpha() and letters.isascii() else column + 1
            text = self._text(cell).strip()
            if text:
                cells.append((column, text))
        given = element.get("r", "")
        return int(given) if given.isdigit() else 0, cells, element.get("hidden") in {"1", "true"}

    def _text(self, cell: Any) -> str:
        value = formula = ""
        for child in cell:
            name = local_name(child)
            if name == "v":
                value = child.text or ""
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                return _string(child)
        return self._typed(cell.get("t", ""), value, cell.get("s", ""), formula)

    def _typed(self, kind: str, value: str, style: str, formula: str) -> str:
        if not value:
            return f"={formula}" if formula else ""  # never computed: the formula is all there is
        if kind in {"", "n"}:
            return self._number(value, style)
        if kind == "s":
            return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value in {"1", "true"} else "FALSE"
        return _unescape_characters(value) if kind == "str" else value

    def _number(self, value: str, style: str) -> str:
        is_date = style.isdigit() and int(style) < len(self._dates) and self._dates[int(style)]
        if value.isdigit() and not is_date:
            return value
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        if is_date and 0 <= number < _MAX_SERIAL:
            return self._date(number)
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return f"{number:.15g}"  # a spreadsheet shows 15 digits; the 17 of the file are binary noise

    def _date(self, number: float) -> str:
        moment = self._epoch + timedelta(seconds=round(number * 86_400))
        if number < 1:
            return moment.strftime("%H:%M:%S")
        return moment.strftime("%Y-%m-%d") if number.is_integer() else moment.strftime("%Y-%m-%d %H:%M:%S")


def _shared_strings(stream: PartStream) -> Iterator[str]:
    if not stream.root_tag:
        yield from map(_string, stream.elements("si"))
        return
    for text in stream.texts("si"):
        plain = _PLAIN_STRING.fullmatch(text)
        yield _unescape(plain[1]) if plain else _string(stream.parse(text))


def _string(item: Any) -> str:
    """The text of a shared or inline string: plain or in runs, without phonetic hints."""
    runs = (node.text or "" for node in item.iter("{*}t") if local_name(node.getparent()) != "rPh")
    return _unescape_characters("".join(runs))


def _unescape(text: str) -> str:
    """The text of an XML element that holds no other."""
    if "&" in text:
        text = html.unescape(text)
    return _unescape_characters(text)


def _unescape_characters(text: str) -> str:
    """``_x000D_`` stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _date_styles(root: Any) -> Iterator[bool]:
    custom = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iter("{*}numFmt")}
    for table in root.iterchildren("{*}cellXfs"):
        for style in table.iterchildren("{*}xf"):
            identifier = style.get("numFmtId", "0")
            if identifier in custom:
                code = _FORMAT_LITERALS.sub("", custom[identifier]).casefold()
                yield any(letter in code for letter in "ymdhs") and "general" not in code
            else:
                yield identifier.isdigit() and int(identifier) in _BUILTIN_DATES


@cache
def column_number(letters: str) -> int:
    """The column of "BC", counted from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
