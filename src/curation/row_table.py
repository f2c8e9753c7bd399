"""All rows of a run in columns with the place and the rank of each one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

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
    row whose id was used before; the first ``pinned`` rows are only there to be compared with. ``files`` has the
    first row and the name of each file."""

    lines: Places
    ids: list[RowId]
    qualities: NDArray[np.float64]
    texts: Digests
    sets: Digests
    sizes: NDArray[np.int32]
    valid: NDArray[np.bool_]
    pinned: int
    files: tuple[tuple[int, str], ...]

    def file_of(self, row: int) -> str:
        """The name of the file that holds a row."""
        return self.files[bisect_right(self.files, row, key=itemgetter(0)) - 1][1]


def make_table(reference: Sequence[ReadSpan], spans: Sequence[ReadSpan]) -> tuple[RowTable, list[RejectedLine]]:
    """The columns of both, those of ``reference`` pinned, and every line that was rejected, in order. An id may stand
    once in each file of the reference, and once in ``spans``."""
    reads = [*reference, *spans]
    bases = list(_line_bases(reads))
    ids = [known for read in reads for known in read.ids]
    lines = np.concatenate([read.places + base for read, base in zip(reads, bases, strict=True)])
    valid = np.ones(len(ids), np.bool_)
    rejected = [
        RejectedLine(read.span.name, base + place, kind, reason)
        for read, base in zip(reads, bases, strict=True)
        for place, kind, reason in read.rejected
    ]
    row = 0
    files: list[tuple[int, str]] = []
    for file in _files(reads):
        files.append((row, file[0].span.name))
        count = sum(len(read.ids) for read in file)
        for again, first in _repeated(ids[row : row + count]):
            valid[row + again] = False
            reason = f"the id {ids[row + again]!r} was used before, in line {lines[row + first]}"
            rejected.append(RejectedLine(file[0].span.name, int(lines[row + again]), "duplicate_id", reason))
        row += count
    table = RowTable(
        lines,
        ids,
        np.concatenate([read.qualities for read in reads]),
        np.concatenate([read.texts for read in reads]),
        np.concatenate([read.sets for read in reads]),
        np.concatenate([read.piece.sizes for read in reads]),
        valid,
        sum(len(read.ids) for read in reference),
        tuple(files),
    )
    return table, rejected


def _files(reads: Sequence[ReadSpan]) -> list[list[ReadSpan]]:
    """The spans of each file."""
    files: list[list[ReadSpan]] = []
    for read in reads:
        if read.span.start == 0:
            files.append([])
        files[-1].append(read)
    return files


def _line_bases(reads: Sequence[ReadSpan]) -> Iterator[int]:
    """The number of the first line of each span in its file."""
    for file in _files(reads):
        base = 1
        for read in file:
            yield base
            base += read.lines


def _repeated(ids: Sequence[RowId]) -> Iterator[tuple[int, int]]:
    """Each place whose id stands at an earlier one already, and that one."""
    if len({*ids}) == len(ids):
        return
    first: dict[RowId, int] = {}
    for place, known in enumerate(ids):
        if known is not None and first.setdefault(known, place) != place:
            yield place, first[known]


def rank_rows(table: RowTable) -> Places:
    """The rows that are used, best first: the pinned ones, then by quality, then by id: numbers before texts, and rows
    without an id in the order of their lines."""
    rows = np.arange(len(table.ids))
    order = np.lexsort((_id_ranks(table.ids), -table.qualities, rows >= table.pinned))
    return order[table.valid[order]]


def _id_ranks(ids: Sequence[RowId]) -> Places:
    """Numbers in order of the ids."""
    if {*map(type, ids)} == {int} and max(map(abs, cast("Sequence[int]", ids))) < 1 << 62:
        return np.array(ids, np.int64)
    numbers = [row for row, known in enumerate(ids) if type(known) is int]
    texts = [row for row, known in enumerate(ids) if type(known) is str]
    others = [row for row, known in enumerate(ids) if known is None]
    numbers.sort(key=cast("Sequence[int]", ids).__getitem__)
    texts.sort(key=cast("Sequence[str]", ids).__getitem__)
    ranked = [*numbers, *texts, *others]
    ranks = np.empty(len(ids), np.int64)
    ranks[ranked] = np.arange(len(ids))
    return ranks
