"""Reads CSV and TSV: the delimiter is found by trying, one section per row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, ignore_warning
from src.utils.extractors.tables import TableRow, table_sections

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
_MAX_FIELD = 2**31 - 1
"""The module's own limit of 131,072 characters stops at real answers; this is the most a C long holds everywhere."""


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a CSV file; quoted cells keep their line breaks. Streams. Raises InputFileError for binary data."""
    lines = read_lines(path, warn)
    sample = list(islice(lines, _SAMPLE_LINES))
    delimiter = find_delimiter(sample)
    csv.field_size_limit(_MAX_FIELD)
    try:
        yield from table_sections(_rows(chain(sample, lines), delimiter))
    except csv.Error as error:
        raise InputFileError(
            f"{path.name} is no readable CSV ({error}).", fix="Save it as CSV (UTF-8) again."
        ) from error


def find_delimiter(sample: Iterable[str]) -> str:
    """The delimiter that cuts most rows into the same number (two or more) of cells; a comma where none does.

    csv.Sniffer guesses letters on prose; a short list of real delimiters and a vote of the rows does not.
    """
    lines = list(sample)
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        csv.field_size_limit(_MAX_FIELD)
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if cells]
        common = Counter(width for width in widths if width > 1).most_common(1)
        if common:
            width, count = common[0]
            score = (round(count / len(widths), 1), width)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[TableRow]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    line = 1
    for cells in reader:
        filled = tuple((column, text) for column, text in enumerate(cells))
        yield TableRow(filled, f"line {line}")
        line = reader.line_num + 1
