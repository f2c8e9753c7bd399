"""All rows of a run in columns with the place and the rank of each one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from src.curation.rows import RowId
from src.curation.shingling import Digests, ReadSpan

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that is no row: its file, its number from 1 on, what it is counted under, and the reason."""

    file: str
    line: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class RowTable:
    """The rows of several spans, one behind the other. ``lines`` counts from 1 in each file; ``valid`` is False for a
    row whose id was used before; the first ``pinned`` rows are only there to be compared with."""

    lines: Places
    ids: list[RowId]
    qualities: NDArray[np.float64]
    texts: Digests
    sets: Digests
    sizes: NDArray[np.int32]
    valid: NDArray[np.bool_]
    pinned: int


def make_table(reference: Sequence[ReadSpan], spans: Sequence[ReadSpan]) -> tuple[RowTable, list[RejectedLine]]:
    """The columns of both, those of ``reference`` pinned, and every line that was rejected, in order. An id may stand
    once in each file of the reference, and once in ``spans``."""
    reads = [*reference, *spans]
    bases = list(_line_bases(reads))
    ids = [number for read in reads for number in read.ids]
    lines = np.concatenate([read.places + base for read, base in zip(reads, bases, strict=True)])
    valid = np.ones(len(ids), np.bool_)
    rejected: list[RejectedLine] = []
    first_lines: dict[RowId, int] = {}
    row = 0
    for read, base in zip(reads, bases, strict=True):
        file = read.span.name
        if base == 1:
            first_lines = {}
        found = [RejectedLine(file, base + place, kind, reason) for place, kind, reason in read.rejected]
        for known in read.ids:
            line = int(lines[row]) if known is not None else 0
            if known is not None and first_lines.setdefault(known, line) != line:
                valid[row] = False
                reason = f"the id {known!r} was used before, in line {first_lines[known]}"
                found.append(RejectedLine(file, line, "duplicate_id", reason))
            row += 1
        rejected += sorted(found, key=lambda one: one.line)
    table = RowTable(
        lines,
        ids,
        np.concatenate([read.qualities for read in reads]),
        np.concatenate([read.texts for read in reads]),
        np.concatenate([read.sets for read in reads]),
        np.concatenate([read.piece.sizes for read in reads]),
        valid,
        sum(len(read.ids) for read in reference),
    )
    return table, rejected


def _line_bases(reads: Sequence[ReadSpan]) -> Iterator[int]:
    """The number of the first line of each span in its file."""
    base = 1
    for read in reads:
        if read.span.start == 0:
            base = 1
        yield base
        base += read.lines


def rank_rows(table: RowTable) -> Places:
    """The rows that can be compared, best first: the pinned ones, then by quality, then by id: numbers before texts,
    and rows without an id in the order of their lines."""
    rows = np.arange(len(table.ids))
    order = np.lexsort((_id_ranks(table.ids), -table.qualities, rows >= table.pinned))
    comparable = table.valid & (table.sizes > 0)  # a row without a word is like no other
    return order[comparable[order]]


def _id_ranks(ids: Sequence[RowId]) -> Places:
    numbers = [row for row, known in enumerate(ids) if type(known) is int]
    texts = [row for row, known in enumerate(ids) if type(known) is str]
    others = [row for row, known in enumerate(ids) if known is None]
    ranked = [*sorted(numbers, key=ids.__getitem__), *sorted(texts, key=ids.__getitem__), *others]
    ranks = np.empty(len(ids), np.int64)
    ranks[ranked] = np.arange(len(ids))
    return ranks
