"""Turns the values of a workbook's cells into text: shared strings, dates, booleans, cached formula values."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from src.utils.extractors.fragments import PartStream
from src.utils.extractors.package import Package, local_name

_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that show a date or a time (ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are East Asian dates)."""

_FORMAT_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MAX_SERIAL = 2_958_466
"""The serial number of 10000-01-01."""

_PLAIN_STRING = re.compile(r"<si><t(?:\s[^<>]*)?>([^<]*)</t></si>")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Convert = Callable[[str], str]


class CellValues:
    """The strings, styles and date system that all sheets of one workbook share."""

    def __init__(self, package: Package, main: str, workbook: Any) -> None:
        self._strings: list[str] = []
        for part in package.related(main, "sharedStrings"):
            self._strings.extend(text.strip() for text in _shared_strings(PartStream(package, part)))
        self._dates: list[bool] = []
        for part in package.related(main, "styles"):
            self._dates.extend(_date_styles(package.xml(part)))
        properties = next(workbook.iter("{*}workbookPr"), None)
        mac = properties is not None and properties.get("date1904") in {"1", "true"}
        # Day 0 is 1899-12-30: the format counts a 29 February 1900 that never was.
        self._epoch = datetime(1904, 1, 1) if mac else datetime(1899, 12, 30)  # noqa: DTZ001  (cells have no zone)

    def converter(self, kind: str, style: str) -> Convert:
        """From the value of a cell of this type and style to what a person sees, without space around it."""
        if kind in {"", "n"}:
            is_date = style.isdigit() and int(style) < len(self._dates) and self._dates[int(style)]
            return self._date if is_date else _number
        if kind == "s":
            return self._shared
        if kind == "b":
            return _boolean
        return str.strip

    def _shared(self, value: str) -> str:
        try:
            return self._strings[int(value)]
        except (ValueError, IndexError):
            return ""

    def _date(self, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if not 0 <= number < _MAX_SERIAL:
            return _number(value)
        moment = self._epoch + timedelta(seconds=round(number * 86_400))
        if number < 1:
            return moment.strftime("%H:%M:%S")
        return moment.strftime("%Y-%m-%d") if number.is_integer() else moment.strftime("%Y-%m-%d %H:%M:%S")


def string_text(item: Any) -> str:
    """The text of a shared or inline string: plain or in runs, without phonetic hints."""
    runs = (node.text or "" for node in item.iter("{*}t") if local_name(node.getparent()) != "rPh")
    return unescape_characters("".join(runs))


def unescape(text: str) -> str:
    """The text of an XML element that holds no other, as it stands in the file."""
    return unescape_characters(html.unescape(text) if "&" in text else text)


def unescape_characters(text: str) -> str:
    """``_x000D_`` stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _boolean(value: str) -> str:
    return value and ("TRUE" if value in {"1", "true"} else "FALSE")


def _number(value: str) -> str:
    if value.isdigit() or not value:
        return value
    try:
        number = float(value)
    except ValueError:
        return value.strip()
    if not math.isfinite(number):
        return value
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"  # a spreadsheet shows 15 digits; the 17 of the file are binary noise


def _shared_strings(stream: PartStream) -> Iterator[str]:
    if not stream.root_tag:
        yield from map(string_text, stream.elements("si"))
        return
    for text in stream.texts("si"):
        plain = _PLAIN_STRING.fullmatch(text)
        yield unescape(plain[1]) if plain else string_text(stream.parse(text))


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
