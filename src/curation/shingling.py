"""The rows of a span as sets of shingles: the part of deduplication that takes most of its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from src.curation.plain_rows import PlainRows, read_plain_rows
from src.curation.rows import RowError, RowId, read_row
from src.curation.spans import Lines, Span, read_lines
from src.utils.in_order import map_in_order
from src.utils.similarity.characters import encode_text
from src.utils.similarity.set_join import Piece
from src.utils.similarity.text_sets import shingle_joined

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


class _Rows(NamedTuple):
    """The rows of some lines in columns; ``texts`` holds what is compared, one behind the other, each up to its end."""

    places: NDArray[np.int32]
    ids: list[RowId]
    qualities: NDArray[np.float64]
    texts: NDArray[np.uint8]
    ends: NDArray[np.int64]
    rejected: list[tuple[int, str, str]]


def shingle_spans(tasks: Sequence[Task], workers: int = 1) -> Iterator[ReadSpan]:
    """Read the spans, in their order, with so many threads. Raises InputFileError."""
    return map_in_order(shingle_span, tasks, min(workers, len(tasks)))


def shingle_span(task: Task) -> ReadSpan:
    """Read the rows of a span and write their sets to ``task.target``. Raises InputFileError."""
    lines = read_lines(task.span)
    block = np.frombuffer(lines.data, np.uint8)
    found = read_plain_rows(block, lines.starts, lines.ends, *field_names(task.fields))
    found.plain[[*lines.too_long]] = False
    rows = _all_plain(found) if found.plain.all() else _mixed(found, lines, task.fields)
    sets = shingle_joined(rows.texts, rows.ends, task.ngram)
    sets.members.tofile(task.target)
    digests = b"".join([xxhash.xxh3_128_digest(text) for text in _texts(rows.texts, rows.ends)])
    return ReadSpan(
        task.span,
        len(lines),
        rows.places,
        rows.ids,
        rows.qualities,
        np.frombuffer(digests, np.uint64).reshape(-1, 2),
        Piece(sets.sizes, task.target),
        sets.digests,
        rows.rejected,
    )


def _texts(texts: NDArray[np.uint8], ends: NDArray[np.int64]) -> Iterator[memoryview]:
    data = texts.data
    return (data[start:end] for start, end in pairwise([0, *ends.tolist()]))


def _all_plain(found: PlainRows) -> _Rows:
    """The usual case: the compiled reader has read every line."""
    known = found.ids.tolist()
    ids = known if found.has_id.all() else [one if has else None for one, has in zip(known, found.has_id, strict=True)]
    count = len(known)
    return _Rows(np.arange(count, dtype=np.int32), ids, found.qualities, found.texts[: found.ends[-1]], found.ends, [])


def _mixed(found: PlainRows, lines: Lines, fields: tuple[str, ...]) -> _Rows:
    """Lines of which some are read one by one, and some may be no rows."""
    places: list[int] = []
    ids: list[RowId] = []
    qualities: list[float] = []
    encoded: list[bytes | memoryview] = []
    rejected: list[tuple[int, str, str]] = []
    columns = (found.plain.tolist(), found.has_id.tolist(), found.ids.tolist(), found.qualities.tolist())
    plain_texts = _texts(found.texts, found.ends)
    for place, (text, is_plain, has_id, known, quality) in enumerate(zip(plain_texts, *columns, strict=True)):
        if is_plain:
            ids.append(known if has_id else None)
            qualities.append(quality)
            encoded.append(text)
        else:
            try:
                row = read_row(lines.line(place), fields)
            except RowError as error:
                rejected.append((place, error.kind, str(error)))
                continue
            ids.append(row.id)
            qualities.append(row.quality)
            encoded.append(b"\n".join([encode_text(part) for part in row.texts]))
        places.append(place)
    return _Rows(
        np.array(places, np.int32),
        ids,
        np.array(qualities, np.float64),
        np.frombuffer(b"".join(encoded), np.uint8),
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded))),
        rejected,
    )


def field_names(fields: tuple[str, ...]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The names of what is read of a row, as ``read_plain_rows`` takes them."""
    names = [name.encode() for name in ("id", "quality_score", *(fields or ("instruction", "response")))]
    return np.frombuffer(b"".join(names), np.uint8), np.cumsum([len(name) for name in names])
