"""Reads CSV and TSV: the delimiter is found by trying, one section per row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.decode import read_lines
from src.utils.extractors.sections import Warn, clean_text, ignore_warning
from src.utils.extractors.tables import TableRow, table_sections

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
_ANNOUNCED = re.compile(r'"?sep=(.)"?\n?$')
"""The first line by which Excel is told the delimiter."""

_MAX_FIELD = 2**31 - 1
"""The module's own limit of 131,072 characters stops at real answers; this is the most a C long holds everywhere."""


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a CSV file; quoted cells keep their line breaks. Streams. Raises InputFileError for binary data."""
    lines = read_lines(path, warn)
    sample = list(islice(lines, _SAMPLE_LINES))
    announced = _ANNOUNCED.match(clean_text(sample[0])) if sample else None
    delimiter = announced[1] if announced else find_delimiter(sample)
    csv.field_size_limit(_MAX_FIELD)
    try:
        yield from table_sections(_rows(chain(sample[1:] if announced else sample, lines), delimiter))
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
    taken: list[str] = []

    def take() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    number = 1
    for cells in csv.reader(take(), delimiter=delimiter, skipinitialspace=True):
        if len(taken) > 1 and _is_open(taken):
            # A quote that is never closed takes the rest of the file into one cell: then it is a sign like others.
            yield from _single_lines(taken, delimiter, number)
        else:
            yield TableRow(cells, f"line {number}")
        number += len(taken)
        taken.clear()


def _is_open(lines: list[str]) -> bool:
    """Only the last row can be: its first quote has no partner."""
    return "".join(lines).count('"') % 2 == 1


def _single_lines(lines: list[str], delimiter: str, number: int) -> Iterator[TableRow]:
    for offset, line in enumerate(lines):
        if line.count('"') % 2:
            reader = csv.reader([line], delimiter=delimiter, skipinitialspace=True, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
        for cells in reader:
            yield TableRow(cells, f"line {number + offset}")
