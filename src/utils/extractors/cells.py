"""Reads the cells of a workbook's sheets as text: shared strings, dates, booleans, errors, cached formula values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from src.utils.extractors.package import DAMAGE, Package, local_name

_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that show a date or a time (ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are East Asian dates)."""

_FORMAT_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MAX_SERIAL = 2_958_466
"""The serial number of 10000-01-01."""

Cells = tuple[tuple[int, str], ...]


class CellReader:
    """The strings, styles and date system that all sheets of one workbook share."""

    def __init__(self, package: Package, main: str, workbook: Any) -> None:
        self._package = package
        self._strings: list[str] = []
        for part in package.related(main, "sharedStrings"):
            self._strings.extend(_string(item) for item in self._stream(part, "si"))
        self._dates: list[bool] = []
        for part in package.related(main, "styles"):
            self._dates.extend(_date_styles(package.xml(part)))
        properties = next(workbook.iter("{*}workbookPr"), None)
        mac = properties is not None and properties.get("date1904") in {"1", "true"}
        # Day 0 is 1899-12-30: the format counts a 29 February 1900 that never was.
        self._epoch = datetime(1904, 1, 1) if mac else datetime(1899, 12, 30)  # noqa: DTZ001  (cells have no zone)

    def rows(self, part: str) -> Iterator[tuple[int, Cells]]:
        """(row number, cells that hold text) of a sheet, streaming; rows without text are left out."""
        number = 0
        for element in self._stream(part, "row"):
            given = element.get("r", "")
            number = int(given) if given.isdigit() else number + 1
            cells: list[tuple[int, str]] = []
            column = -1
            for cell in element:
                column = _column(cell.get("r", ""), column + 1)
                text = self._text(cell).strip()
                if text:
                    cells.append((column, text))
            if cells:
                yield number, tuple(cells)

    def _stream(self, part: str, name: str) -> Iterator[Any]:
        from lxml import etree

        with self._package.open(part) as stream:
            try:
                for _, element in etree.iterparse(
                    stream, tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False
                ):
                    yield element
                    element.clear()
                    parent = element.getparent()
                    while parent is not None and element.getprevious() is not None:
                        del parent[0]
            except (etree.XMLSyntaxError, *DAMAGE) as error:
                raise self._package.error(f"has a damaged part {part} ({error})") from error

    def _text(self, cell: Any) -> str:
        value = formula = ""
        for child in cell:
            tag = child.tag
            if tag.endswith("}v"):
                value = child.text or ""
            elif tag.endswith("}f"):
                formula = child.text or ""
            elif tag.endswith("}is"):
                return _string(child)
        if not value:
            return f"={formula}" if formula else ""  # never computed: the formula is all there is
        kind = cell.get("t", "n")
        if kind == "s":
            return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._number(value, cell.get("s", "")) if kind == "n" else value

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


def _string(item: Any) -> str:
    """The text of a shared or inline string: plain or in runs, without phonetic hints."""
    if len(item) == 1 and item[0].tag.endswith("}t"):
        return item[0].text or ""
    return "".join(node.text or "" for node in item.iter("{*}t") if local_name(node.getparent()) != "rPh")


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


def _column(reference: str, default: int) -> int:
    """The column of "BC12", counted from 0; ``default`` where the cell does not say."""
    column = 0
    for letter in reference.upper():
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1 if column else default
