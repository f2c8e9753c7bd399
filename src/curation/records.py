"""A row as the stages hand it on: a checked object, and what in it is the question and what the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.curation.row_table import RejectedLine
from src.curation.rows import RowError, check_object, read_object
from src.curation.spans import Span, read_lines, split_file

CuratedObject = dict[str, Any]
"""A JSON object with ``instruction`` and ``response``, or ``messages``; see ``parse_object``."""
_IDS: Final = (int, str)
_LARGEST: Final = 1e300


class Pair(NamedTuple):
    """The two halves of a row as plain text."""

    question: str
    answer: str


class NumberedRow(NamedTuple):
    """A row and the number of its line. (A tuple: there are hundreds of thousands.)"""

    line: int
    value: CuratedObject


def parse_object(line: bytes | None) -> CuratedObject:
    """A line as a checked row: right types, a finite ``quality_score``, texts where texts belong. Raises RowError."""
    row = read_object(line)
    if _is_usual(row):
        return row
    check_object(row)
    return row


def _is_usual(row: CuratedObject) -> bool:
    """Whether a row is what nearly every one is, so that nothing more need be looked at."""
    get = row.get
    quality = get("quality_score")
    return (
        type(quality) is float
        and -_LARGEST < quality < _LARGEST
        and type(get("instruction")) is str
        and type(get("response")) is str
        and type(get("id")) in _IDS
        and type(get("source")) is str
        and type(get("category")) is str
        and type(get("scored_by", "")) is str
        and "teacher" not in row
        and "licence" not in row
    )


Parse = Callable[[bytes | None], CuratedObject]
"""A line as a row. Raises RowError."""


def is_talk(row: CuratedObject) -> bool:
    """Whether a row is its ``messages``: one with an instruction is that and its response."""
    return "instruction" not in row and "messages" in row


def as_pair(row: CuratedObject) -> Pair:
    """The question is everything before the last turn of the assistant, the answer is that turn."""
    if not is_talk(row):
        return Pair(row["instruction"], row["response"])
    turns = [turn for turn in row["messages"] if turn.get("role") != "system"]
    answer = turns.pop()["content"] if turns else ""
    return Pair("\n".join(turn["content"] for turn in turns), answer)


def source_of(row: CuratedObject) -> str:
    """The set that a row comes from as it says itself; "" for none."""
    return row.get("source") or ""


def read_rows(path: Path, name: str, rejected: list[RejectedLine], size: int = 1 << 20) -> Iterator[NumberedRow]:
    """Every row of a JSONL file, about ``size`` bytes in memory at a time; what is none, and a row whose id was there
    before, goes to ``rejected`` with its line and the reason. Raises InputFileError."""
    first = 1
    ids = Ids()
    for span in split_file(path, name, size):
        found = ids.without_repeated(read_span(span), first)
        yield from (NumberedRow(first + row.line, row.value) for row in found.rows)
        rejected += [RejectedLine(name, first + place, kind, reason) for place, kind, reason in found.rejected]
        first += found.lines


class SpanRows(NamedTuple):
    """The rows of a span and the lines that are none, both counted from 0, and how many lines there are."""

    rows: list[NumberedRow]
    rejected: list[tuple[int, str, str]]
    lines: int


class Ids:
    """The ids of a file so far, each with its line."""

    def __init__(self) -> None:
        self._lines: dict[Any, int] = {}

    def add(self, ids: dict[Any, int]) -> None:
        """Ids of lines that were read before."""
        self._lines.update(ids)

    def without_repeated(self, found: SpanRows, first: int) -> SpanRows:
        """``found``, whose first line is the one of number ``first``, with repeated ids among its rejected lines."""
        rows: list[NumberedRow] = []
        again: list[tuple[int, str, str]] = []
        lines = self._lines
        for row in found.rows:
            known = row.value.get("id")
            if known is None or lines.setdefault(known, first + row.line) == first + row.line:
                rows.append(row)
            else:
                reason = f"the id {known!r} was used before, in line {lines[known]}"
                again.append((row.line, "duplicate_id", reason))
        if not again:
            return found
        return SpanRows(rows, sorted([*found.rejected, *again]), found.lines)


def read_span(span: Span, parse: Parse = parse_object) -> SpanRows:
    """The rows of some whole lines, each as ``parse`` reads it. Raises InputFileError."""
    lines = read_lines(span)
    rows, rejected = [], []
    data = lines.data
    for place, (start, end) in enumerate(zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)):
        try:
            rows.append(NumberedRow(place, parse(None if place in lines.too_long else data[start:end])))
        except RowError as error:
            rejected.append((place, error.kind, str(error)))
    return SpanRows(rows, rejected, len(lines))
