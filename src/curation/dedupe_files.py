"""The files of a deduplication: what it reads, unpacked where needed, and what it leaves, whole or not at all."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from src.core.errors import InputFileError
from src.core.jsonl import atomic_writer, dump_line, make_folder, storage_error
from src.curation.row_table import RejectedLine, RowTable
from src.curation.shingling import ReadSpan
from src.curation.spans import Lines, read_lines
from src.utils.in_order import map_in_order

_GZIP: Final = b"\x1f\x8b"
_MAX_RATIO: Final = 200
"""Rows of text pack to a tenth of their size, very much alike ones to a fiftieth; gzip can come to a thousand."""
_ALWAYS_UNPACKED: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class OutputFiles:
    """Beside ``kept``: the removed rows with their witnesses, and the lines that are no rows with their reasons."""

    kept: Path
    removed: Path
    rejected: Path

    @classmethod
    def beside(cls, out: Path) -> OutputFiles:
        """``rows.jsonl`` has ``rows_removed.jsonl`` and ``rows_rejected.jsonl`` beside it."""
        return cls(out, *(out.with_name(f"{out.stem}_{kind}.jsonl") for kind in ("removed", "rejected")))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of every row: ``witnesses`` has the row it duplicates, -1 for none, ``similarities`` how much of the
    two is the same, ``exact`` whether all of it is."""

    witnesses: NDArray[np.int64]
    similarities: NDArray[np.float64]
    exact: NDArray[np.bool_]


@contextmanager
def work_folder(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` that is gone afterwards; so is what a killed run has left in it. Raises StorageError."""
    folder = out.with_name(f"{out.name}.work")
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def plain_file(path: Path, folder: Path) -> Path:
    """``path``, or what it holds in a file in ``folder`` where it is packed by gzip. Raises InputFileError."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_GZIP))
        if not start:
            raise InputFileError(f"{path} is empty.", fix="Name a JSONL file with one row a line.")
        if start != _GZIP:
            return path
        target = folder / f"{len(list(folder.iterdir()))}.jsonl"
        _unpack(path, target)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputFileError(f"{path} is damaged: {error}.", fix="Fetch or pack the file again.") from error
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error
    if not target.stat().st_size:
        raise InputFileError(f"{path} is empty.", fix="Name a JSONL file with one row a line.")
    return target


def _unpack(path: Path, target: Path) -> None:
    """Raises InputFileError for a file that is made to fill the disk, StorageError for a disk that is full."""
    with ExitStack() as left_over, gzip.open(path) as packed, target.open("wb") as plain:
        left_over.callback(target.unlink)
        for block in _blocks(packed, path):
            try:
                plain.write(block)
                plain.flush()
            except OSError as error:
                raise storage_error(target, error) from error
        left_over.pop_all()


def _blocks(packed: gzip.GzipFile, path: Path) -> Iterator[bytes]:
    left = _ALWAYS_UNPACKED + _MAX_RATIO * path.stat().st_size
    while block := packed.read(1 << 20):
        left -= len(block)
        if left < 0:
            raise InputFileError(
                f"{path} unpacks to more than {_MAX_RATIO} times its size.",
                fix="Do not unpack it: it may be made to fill the disk.",
            )
        yield block


def write_rejected(path: Path, rejected: Sequence[RejectedLine]) -> None:
    """One line per line that is no row; no file when there is none. Raises StorageError."""
    if not rejected:
        path.unlink(missing_ok=True)
        return
    with atomic_writer(path) as file:
        for one in rejected:
            file.write(dump_line({"file": one.file, "line": one.line, "kind": one.kind, "reason": one.reason}))


class _Sorted(NamedTuple):
    """The lines of a span that stay, as runs, and the removed ones with their witnesses."""

    kept: list[memoryview]
    removed: bytes
    end: int


def write_rows(
    files: OutputFiles, spans: Sequence[ReadSpan], table: RowTable, judgement: Judgement, workers: int = 1
) -> Iterator[int]:
    """Write the kept rows as they stand in the input, and the removed ones with their witnesses; gives the bytes that
    were read so far. Raises StorageError."""
    firsts = accumulate((len(read.ids) for read in spans[:-1]), initial=table.pinned)

    def sort_lines(place: tuple[ReadSpan, int]) -> _Sorted:
        read, first = place
        last = first + len(read.ids)
        lines = read_lines(read.span)
        stays = np.zeros(len(lines), np.bool_)
        stays[read.places] = table.valid[first:last] & (judgement.witnesses[first:last] < 0)
        return _Sorted(_runs(lines, stays), _removed(read, lines, table, judgement, first), read.span.end)

    # the file that tells that all is done appears last
    with atomic_writer(files.kept) as kept, atomic_writer(files.removed) as removed:
        for found in map_in_order(sort_lines, zip(spans, firsts, strict=True), workers):
            for run in found.kept:
                kept.write(run)
                kept.write(b"\n")
            removed.write(found.removed)
            yield found.end


def _runs(lines: Lines, stays: NDArray[np.bool_]) -> list[memoryview]:
    """Runs of lines that stay, as they are."""
    data = memoryview(lines.data)
    turns = np.flatnonzero(np.diff(stays, prepend=False, append=False)).reshape(-1, 2)
    starts, ends = lines.starts[turns[:, 0]].tolist(), lines.ends[turns[:, 1] - 1].tolist()
    return [data[start:end] for start, end in zip(starts, ends, strict=True)]


def _place_of(witness: int, table: RowTable) -> dict[str, str]:
    """There may be several files to compare with, but there is one input."""
    if witness < table.pinned:
        return {"witness_in": "reference", "witness_file": table.file_of(witness)}
    return {"witness_in": "input"}


def _removed(read: ReadSpan, lines: Lines, table: RowTable, judgement: Judgement, first: int) -> bytes:
    """Each row stands as it was read inside an object that says what it duplicates."""
    places = np.flatnonzero(judgement.witnesses[first : first + len(read.ids)] >= 0)
    rows = places + first
    witnesses = judgement.witnesses[rows]
    columns = (
        read.places[places].tolist(),
        witnesses.tolist(),
        table.lines[witnesses].tolist(),
        judgement.exact[rows].tolist(),
        judgement.similarities[rows].tolist(),
    )
    written = []
    for place, witness, witness_line, is_exact, similarity in zip(*columns, strict=True):
        line = lines.line(place)
        if line is None:
            continue
        facts = {
            "reason": "exact_duplicate" if is_exact else "near_duplicate",
            "witness": table.ids[witness],
            "witness_line": witness_line,
            **_place_of(witness, table),
            "jaccard": round(similarity, 4),
        }
        written += [orjson.dumps(facts)[:-1], b',"row":', line.strip(), b"}\n"]
    return b"".join(written)
