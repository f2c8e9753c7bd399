"""The rows of a span as sets of shingles: the part of deduplication that many processes can share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from src.curation.plain_rows import read_plain_rows
from src.curation.rows import RowError, RowId, read_row
from src.curation.spans import Span, read_lines
from src.utils.similarity.characters import encode_text
from src.utils.similarity.set_join import Piece
from src.utils.similarity.text_sets import shingle

Digests = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Task:
    """A span to read, the fields to compare, the tokens of a shingle, and the file for the sets."""

    span: Span
    fields: tuple[str, ...]
    ngram: int
    target: Path


class ReadSpan(NamedTuple):
    """What is known of the rows of a span. ``places`` counts their lines from 0; ``rejected`` are the other lines."""

    span: Span
    lines: int
    places: NDArray[np.int32]
    ids: list[RowId]
    qualities: NDArray[np.float64]
    texts: Digests
    piece: Piece
    sets: Digests
    rejected: list[tuple[int, str, str]]


def shingle_spans(tasks: Sequence[Task], workers: int = 1) -> Iterator[ReadSpan]:
    """Read the spans, in their order, with so many processes. Raises InputFileError."""
    if min(workers, len(tasks)) <= 1:
        yield from map(shingle_span, tasks)
        return
    shingle([b"a"], 1)  # compiles once, not in every process
    with ProcessPoolExecutor(workers, get_context("spawn")) as processes:
        yield from processes.map(shingle_span, tasks)


def shingle_span(task: Task) -> ReadSpan:
    """Read the rows of a span and write their sets to ``task.target``. Raises InputFileError."""
    lines = read_lines(task.span)
    block = np.frombuffer(lines.data, np.uint8)
    rows = read_plain_rows(block, lines.starts, lines.ends, *field_names(task.fields))
    rows.plain[[*lines.too_long]] = False
    ends = rows.ends.tolist()
    texts = rows.texts.data
    places: list[int] = []
    ids: list[RowId] = []
    qualities: list[float] = []
    encoded: list[bytes | memoryview] = []
    rejected: list[tuple[int, str, str]] = []
    columns = (rows.plain.tolist(), rows.has_id.tolist(), rows.ids.tolist(), rows.qualities.tolist())
    for place, (is_plain, has_id, known, quality) in enumerate(zip(*columns, strict=True)):
        if is_plain:
            ids.append(known if has_id else None)
            qualities.append(quality)
            encoded.append(texts[ends[place - 1] if place else 0 : ends[place]])
        else:
            try:
                row = read_row(lines.line(place), task.fields)
            except RowError as error:
                rejected.append((place, error.kind, str(error)))
                continue
            ids.append(row.id)
            qualities.append(row.quality)
            encoded.append(b"\n".join([encode_text(text) for text in row.texts]))
        places.append(place)
    sets = shingle(encoded, task.ngram)
    sets.members.tofile(task.target)
    digests = b"".join([xxhash.xxh3_128_digest(text) for text in encoded])
    return ReadSpan(
        task.span,
        len(lines),
        np.array(places, np.int32),
        ids,
        np.array(qualities, np.float64),
        np.frombuffer(digests, np.uint64).reshape(-1, 2),
        Piece(sets.sizes, task.target),
        sets.digests,
        rejected,
    )


def field_names(fields: tuple[str, ...]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The names of what is read of a row, as ``read_plain_rows`` takes them."""
    names = [name.encode() for name in ("id", "quality_score", *(fields or ("instruction", "response")))]
    return np.frombuffer(b"".join(names), np.uint8), np.cumsum([len(name) for name in names])
