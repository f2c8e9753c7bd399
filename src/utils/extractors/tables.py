"""Turns the rows of any table into sections whose fields carry the column names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from src.core.types import Section
from src.utils.extractors.sections import row

_LOOKAHEAD = 40
"""Rows read before the header is decided."""

_HEADER_WITHIN = 6
"""A title or a note may stand above the header; further down it is data."""

_MAX_LABEL = 60
_MAX_SHAPES = 1000


class TableRow(NamedTuple):
    """The cells of one row. ``columns`` are counted from 0 and go up; empty: the cells fill them from the first."""

    texts: Sequence[str]
    locator: str = ""
    columns: tuple[int, ...] = ()

    def by_column(self) -> dict[int, str]:
        """Column -> text, without space around it, of the cells that hold text."""
        columns = self.columns or range(len(self.texts))
        return {column: text.strip() for column, text in zip(columns, self.texts, strict=True) if text.strip()}


def table_sections(rows: Iterable[TableRow]) -> Iterator[Section]:
    """One section of kind "row" per row that holds text, in order.

    Fields are named by the header's cell of their column, or by the column's letter. Rows up to and including the
    header have no fields: they are no data.
    """
    remaining = iter(rows)
    first = list(islice(filter(_has_text, remaining), _LOOKAHEAD))
    header = find_header(first)
    labels: dict[int, str] = {}
    if header is not None:
        labels = {column: " ".join(text.split()) for column, text in first[header].by_column().items()}
        for texts, locator, _ in first[: header + 1]:
            yield row((), list(map(str.strip, texts)), locator)
        del first[: header + 1]
    names: dict[tuple[int, ...] | int, list[str]] = {}
    for texts, locator, columns in chain(first, remaining):
        cells = list(map(str.strip, texts))
        if not any(cells):
            continue
        shape = columns or len(cells)
        named = names.get(shape)
        if named is None:
            if len(names) > _MAX_SHAPES:
                names.clear()
            named = [labels.get(column) or column_letter(column) for column in columns or range(len(cells))]
            names[shape] = named
        yield row(named, cells, locator)


def find_header(rows: Sequence[TableRow]) -> int | None:
    """The index of the row that names the columns, or None.

    It is the first full row of short, distinct labels with letters that no later row repeats in the same column.
    """
    filled = [entry.by_column() for entry in rows]
    width = max((len(cells) for cells in filled), default=0)
    for index, cells in enumerate(filled[:_HEADER_WITHIN]):
        if len(cells) < 2 or len(cells) < width - 1 or index + 1 == len(filled):
            continue
        return index if _names_columns(cells, filled[index + 1 :]) else None
    return None


@cache
def column_letter(column: int) -> str:
    """The spreadsheet name of a column counted from 0: A, B, ... Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _has_text(entry: TableRow) -> bool:
    return any(map(str.strip, entry.texts))


def _names_columns(cells: dict[int, str], later: Sequence[dict[int, str]]) -> bool:
    labels = [text.casefold() for text in cells.values()]
    if len(set(labels)) < len(labels) or not all(_is_label(text) for text in cells.values()):
        return False
    return not any(
        entry.get(column, "").casefold() == text.casefold() for entry in later for column, text in cells.items()
    )


def _is_label(text: str) -> bool:
    return (
        len(text) <= _MAX_LABEL
        and "\n" not in text
        and text[-1] not in ".!?。！？"
        and any(letter.isalpha() for letter in text)
    )
