"""Rows for a person to look at: drawn by kind, their code parsed and their sums computed again, as CSV and HTML."""

from __future__ import annotations

import csv
import heapq
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

import orjson
from xxhash import xxh3_64_intdigest

from src.core.errors import UsageError
from src.core.jsonl import atomic_writer
from src.core.types import ProgressEvent
from src.curation.dedupe_files import plain_file
from src.curation.records import NumberedRow, Pair, as_pair, read_rows
from src.curation.row_table import RejectedLine
from src.curation.select.categories import classify
from src.curation.verify.arithmetic import check_sums
from src.curation.verify.code_blocks import check_code, find_code
from src.curation.verify.spot_verdicts import read_verdicts, table_path
from src.reports.pages.layout import page, section
from src.reports.pages.markup import Markup, join, tag

Kind = Literal["random", "code", "math", "reasoning"]
Report = Callable[[ProgressEvent], None]

COLUMNS: Final = ("kind", "line", "id", "check", "verdict", "note", "category", "source", "instruction", "response")
_SHOWN_CHARS: Final = 4_000
_LONGEST_CELL: Final = 32_000
"""Characters: spreadsheets hold 32,767 in a cell, and Python reads 131,072."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How many rows of each kind are drawn."""

    random: int = 100
    code: int = 50
    math: int = 50
    reasoning: int = 50


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row to look at. ``check`` is what a machine can say of it, "" for nothing; ``broken`` where that is bad."""

    kind: Kind
    row: NumberedRow
    check: str
    broken: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was drawn and where it lies, and the lines that could not be read. ``checked`` and ``broken`` count rows
    whose code or sums could be checked."""

    csv: Path
    html: Path
    drawn: tuple[Drawn, ...]
    unread: tuple[RejectedLine, ...] = ()

    @property
    def checked(self) -> int:
        """Rows of which a machine can say something."""
        return sum(1 for one in self.drawn if one.check)

    @property
    def broken(self) -> int:
        """Rows of which it says something bad."""
        return sum(1 for one in self.drawn if one.broken)


def spot_check(source: Path, stem: Path, wish: Wish, report: Report) -> Sheet:
    """Draw rows by the hash of their texts and write ``stem.csv`` (column verdict: keep or drop, to be filled in) and
    ``stem.html``. A row is drawn for one kind only. Raises InputFileError, StorageError, and UsageError where a sheet
    with verdicts of people stands already."""
    table, html = table_path(stem), stem.with_name(f"{stem.name}.html")
    if read_verdicts(table).keys() - {""}:
        raise UsageError(
            f"{table} holds verdicts, which a new sheet would overwrite.", fix="Give --out another name, or move it."
        )
    unread: list[RejectedLine] = []
    drawn = tuple(_draw(source, wish, unread, report))
    _write_csv(table, drawn)
    with atomic_writer(html) as file:
        file.write(_page(source.name, drawn, table.name).encode("utf-8", "replace"))
    facts = {"set": source.name, "rows": len(drawn), "checked": sum(1 for one in drawn if one.check)}
    with atomic_writer(stem.with_name(f"{stem.name}.json")) as file:
        file.write(orjson.dumps({**facts, "broken": sum(1 for one in drawn if one.broken)}) + b"\n")
    return Sheet(table, html, drawn, tuple(unread))


def check_answer(pair: Pair) -> tuple[str, bool]:
    """What can be said of an answer without understanding it, and whether it is bad."""
    notes: list[str] = []
    broken = False
    verdicts = [check_code(block) for block in find_code(pair.answer)]
    parsed = sum(1 for verdict in verdicts if verdict.state == "parses")
    if parsed:
        notes.append(f"{parsed} code block{'s' * (parsed > 1)} can be parsed")
    for verdict in verdicts:
        if verdict.state == "broken":
            notes.append(f"code cannot be parsed: {verdict.problem}")
            broken = True
    sums = list(check_sums(pair.answer))
    wrong = [one.text for one in sums if not one.right]
    if sums:
        notes.append(f"{len(sums) - len(wrong)} of {len(sums)} sums are right")
    if wrong:
        notes.append(f"wrong: {'; '.join(wrong[:3])}")
    return "; ".join(notes), broken or bool(wrong)


def _draw(source: Path, wish: Wish, unread: list[RejectedLine], report: Report) -> Iterable[Drawn]:
    quotas: dict[Kind, int] = {"code": wish.code, "math": wish.math, "reasoning": wish.reasoning, "random": wish.random}
    heaps: dict[Kind, list[tuple[int, int, NumberedRow]]] = {kind: [] for kind in quotas}
    # a row may be drawn for its kind and by chance: twice as many random ones leave enough
    room = {**quotas, "random": sum(quotas.values())}
    with TemporaryDirectory() as folder:
        for row in read_rows(plain_file(source, Path(folder)), str(source), unread):
            rank = xxh3_64_intdigest("\n".join(as_pair(row.value)).encode())
            for kind in _kinds(row):
                _push(heaps[kind], (-rank, row.line, row), room[kind])
            if row.line % 20_000 == 0:
                report(ProgressEvent("rows", row.line, None))
    taken: set[int] = set()
    for kind, wished in quotas.items():
        best = [row for _, _, row in sorted(heaps[kind], reverse=True) if row.line not in taken][:wished]
        taken |= {row.line for row in best}
        for row in sorted(best):
            yield Drawn(kind, row, *check_answer(as_pair(row.value)))


def _kinds(row: NumberedRow) -> Iterable[Kind]:
    pair = as_pair(row.value)
    if "```" in pair.answer:
        yield "code"
    if next(check_sums(pair.answer), None) is not None:
        yield "math"
    elif classify(row.value) == "reasoning_math":
        yield "reasoning"
    yield "random"


def _push(heap: list[tuple[int, int, NumberedRow]], entry: tuple[int, int, NumberedRow], room: int) -> None:
    if len(heap) < room:
        heapq.heappush(heap, entry)
    elif room and entry[:2] > heap[0][:2]:
        heapq.heapreplace(heap, entry)


def _write_csv(path: Path, drawn: Sequence[Drawn]) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for one in drawn:
        value, pair = one.row.value, as_pair(one.row.value)
        cells = [one.kind, one.row.line, value.get("id", ""), one.check, "", "", value.get("category", "")]
        cells += [value.get("source", ""), pair.question, pair.answer]
        table.writerow([_harmless(cell) for cell in cells])
    with atomic_writer(path) as file:
        file.write(text.getvalue().encode("utf-8-sig", "replace"))


def _harmless(cell: object) -> object:
    """A text that a spreadsheet can hold and does not take for a formula (OWASP, CSV injection)."""
    if not isinstance(cell, str):
        return cell
    text = cell if len(cell) <= _LONGEST_CELL else f"{cell[:_LONGEST_CELL]} [... {len(cell) - _LONGEST_CELL:,} more]"
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _page(name: str, drawn: Sequence[Drawn], table: str) -> str:
    lead = tag(
        "p", f"Mark what you keep and what you drop in the column verdict of {table}: keep or drop.", class_="lead"
    )
    return page(
        f"Spot check of {name}",
        join(
            tag("h1", f"Spot check of {name}"),
            section("How", lead),
            *(_row(number, one) for number, one in enumerate(drawn, 1)),
        ),
    )


def _row(number: int, one: Drawn) -> Markup:
    pair = as_pair(one.row.value)
    box = tag("label", tag("input", type="checkbox"), " keep ")
    drop = tag("label", tag("input", type="checkbox"), " drop")
    value = one.row.value
    about = f"line {one.row.line}, {value.get('category', 'no category')}, {value.get('source', 'no source')}"
    return section(
        f"{number}. {one.kind}",
        tag("p", about, class_="quiet"),
        tag("p", box, drop),
        tag("p", one.check, class_="warning" if one.broken else "quiet") if one.check else None,
        tag("pre", pair.question[:_SHOWN_CHARS]),
        tag("pre", pair.answer[:_SHOWN_CHARS]),
    )
