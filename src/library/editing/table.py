"""Samples as a table for a spreadsheet, and such a table read back, whatever the spreadsheet made of its encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from src.core.errors import InputFileError
from src.core.jsonl import atomic_writer
from src.core.types import DatasetRecord
from src.library.editing.sample_text import write_turns
from src.persistence.exporters import CSV_COLUMNS, keywords_cell, safe_cell, source_cell
from src.persistence.models import StoredSample
from src.utils.extractors.decode import read_lines

ID, CONTENT, VERSION = "sample_id", "content", "dataset_version"
TABLE_COLUMNS: Final = (ID, "topic_keywords", "split", "source_file", "token_length", VERSION, CONTENT)
KNOWN_COLUMNS: Final = frozenset({*CSV_COLUMNS, *TABLE_COLUMNS})
LONGEST_CELL: Final = 32_767
"""Characters of a cell in Excel, which cuts the rest off
(https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3)."""
_DELIMITERS: Final = ",;\t|"
_ANNOUNCED: Final = "sep="
_MAX_FIELD: Final = 2**31 - 1


class Line(NamedTuple):
    """A row of a table that a person edited. ``cells`` by column; ``problem``: why it cannot be read."""

    number: int
    cells: Mapping[str, str]
    problem: str = ""


class Table(NamedTuple):
    """``lines`` are read once, one at a time; ``columns`` in their order."""

    columns: tuple[str, ...]
    lines: Iterator[Line]


def version_mark(record: DatasetRecord) -> str:
    """What a row of a table says of the version that it was written from, as ``v3-9f2c4e1a0b7d``: letters in front, for
    a spreadsheet makes a number of digits. The hash decides: a version that was rolled back to is the same one."""
    return f"v{record.version}-{(record.content_hash or record.id)[:12]}"


def write_table(path: Path, rows: Iterable[StoredSample], mark: str = "") -> int:
    """Write every sample whole, one row each; returns how many do not fit into a cell of Excel. With a byte order mark,
    by which Excel knows UTF-8. ``mark`` is the ``version_mark`` of the dataset. Raises StorageError."""
    too_long = 0
    with atomic_writer(path) as handle:
        text = io.TextIOWrapper(handle, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(TABLE_COLUMNS)
        for row in rows:
            content = content_cell(row)
            too_long += len(content) > LONGEST_CELL
            sample = row.sample
            labels = (keywords_cell(sample), row.split or "", source_cell(sample), row.token_length)
            writer.writerow((sample.id, *labels, mark, content))
        text.detach()
    return too_long


def content_cell(row: StoredSample) -> str:
    """The turns of a sample as one cell, in the form of ``write_turns``."""
    return safe_cell(write_turns(row.sample.messages, row.sample.rejected))


def read_table(path: Path) -> Table:
    """A table with a column ``sample_id``: commas, semicolons or tabs between cells, in UTF-8, UTF-16 or a code page.
    Raises InputFileError for a file that is none, also in the middle of it."""
    try:
        lines = read_lines(path)
        first = next(lines, "")
        if first.strip().strip('"').startswith(_ANNOUNCED):  # how Excel is told the delimiter
            first = next(lines, "")
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error
    for delimiter in _DELIMITERS:
        columns = tuple(name.strip() for name in next(csv.reader([first], delimiter=delimiter), []))
        if ID in columns:
            _require_once(path, columns)
            return Table(columns, _read_lines(path, columns, chain((first,), lines), delimiter))
    raise InputFileError(
        f"{path} has no column {ID!r} in its first line.",
        fix="Give the CSV of 'export', or that of 'edit --table', with its first line.",
    )


def _require_once(path: Path, columns: tuple[str, ...]) -> None:
    twice = sorted({name for name in columns if name in KNOWN_COLUMNS and columns.count(name) > 1})
    if twice:
        raise InputFileError(f"{path} has two columns {twice[0]!r}.", fix="Remove one of them.")


def _read_lines(path: Path, columns: tuple[str, ...], lines: Iterable[str], delimiter: str) -> Iterator[Line]:
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = 1
    try:
        next(reader)
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                problem = (
                    "" if len(cells) == len(columns) else f"{len(cells)} cells where there are {len(columns)} columns"
                )
                yield Line(start, dict(zip(columns, cells, strict=False)), problem)
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputFileError(
            f"{path} cannot be read from line {start} on: {error}.",
            fix="A quotation mark is missing or too many there; save the table as CSV again.",
        ) from error
