"""Rows that ask and answer the same in other words: found by sentence vectors, marked for a person, never removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import orjson

from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProgressEvent
from src.curation.records import CuratedObject, Pair, as_pair
from src.curation.rows import check_row
from src.curation.spans import read_lines, split_file
from src.utils.similarity.meaning import (
    ANSWER_CHARS,
    QUESTION_CHARS,
    SAME_ANSWER,
    SAME_QUESTION,
    Alike,
    Embed,
    Vectors,
    embed_sorted,
    find_alike,
)

MARK: Final = "like_in_meaning"
"""The field of a marked row: the id and the line of the row before it that it is like, and both cosines."""

_MARKED = f'"{MARK}"'.encode()

_SORTED: Final = 4_096
"""Texts that are sorted by length, so that those of a batch are as long as each other."""


class _Line(NamedTuple):
    number: int
    row: CuratedObject


def review_path(out: Path) -> Path:
    """``rows.jsonl`` has ``rows_review.jsonl`` beside it."""
    return out.with_name(f"{out.stem}_review.jsonl")


def mark_alike(path: Path, fields: tuple[str, ...], embed: Embed, report: Callable[[ProgressEvent], None]) -> int:
    """Mark each row of ``path`` that asks and answers what a row before it does, by the field MARK, and write the two
    beside each other into ``review_path``. Every other line stays as it is, but for a mark of an earlier pass. Returns
    how many rows are marked.

    A row is compared with the one before it that has the nearest question, and with its answer; of the
    ``fields`` the first one is the question. Raises InputFileError, StorageError.
    """
    vectors = _question_vectors(path, fields, embed, report)
    pairs = find_alike(vectors, SAME_QUESTION) if len(vectors) else []
    lines = _lines_at(path, {place for pair in pairs for place in (pair.row, pair.other)})
    marks: dict[int, tuple[CuratedObject, Alike]] = {}
    for pair in pairs:
        answer = _answer_cosine(lines[pair.row].row, lines[pair.other].row, fields, embed)
        if answer >= SAME_ANSWER:
            other = lines[pair.other]
            cosines = {"question": round(pair.cosine, 4), "answer": round(answer, 4)}
            marks[pair.row] = ({"id": other.row.get("id"), "line": other.number, **cosines}, pair)
    with atomic_writer(path) as target, atomic_writer(review_path(path)) as sheet:
        for place, (number, line) in enumerate(_numbered(path)):
            if place not in marks:
                target.write((_without_mark(line) if _MARKED in line else line) + b"\n")
                continue
            mark, pair = marks[place]
            row = lines[place].row
            target.write(dump_line({**row, MARK: mark}))
            sheet.write(dump_line({**mark, "row_line": number, "row": row, "like": lines[pair.other].row}))
    return len(marks)


def _question_vectors(
    path: Path, fields: tuple[str, ...], embed: Embed, report: Callable[[ProgressEvent], None]
) -> Vectors:
    blocks: list[Vectors] = []
    texts: list[str] = []
    done, total = 0, path.stat().st_size
    for _, line in _numbered(path):
        texts.append(_pair(orjson.loads(line), fields).question[:QUESTION_CHARS])
        done += len(line) + 1
        if len(texts) == _SORTED or done >= total:
            blocks.append(embed_sorted(texts, embed))
            texts = []
            report(ProgressEvent("compare", min(done, total), total, unit="bytes"))
    if texts:  # the last line has no end
        blocks.append(embed_sorted(texts, embed))
    return np.concatenate(blocks) if blocks else np.zeros((0, 0), np.float32)


def _answer_cosine(row: CuratedObject, other: CuratedObject, fields: tuple[str, ...], embed: Embed) -> float:
    vectors = embed([_pair(one, fields).answer[:ANSWER_CHARS] for one in (row, other)])
    return float(vectors[0] @ vectors[1])


def _without_mark(line: bytes) -> bytes:
    """A row without the mark of an earlier pass, whose lines and cosines may no longer be so."""
    row = orjson.loads(line)
    row.pop(MARK, None)
    return dump_line(row).rstrip(b"\n")


def _pair(row: CuratedObject, fields: tuple[str, ...]) -> Pair:
    if not fields:
        return as_pair(row)
    question, *others = check_row(row, fields).texts
    return Pair(question, "\n".join(others) or question)


def _lines_at(path: Path, places: set[int]) -> dict[int, _Line]:
    """The rows at these places among all rows."""
    return {
        place: _Line(number, orjson.loads(line))
        for place, (number, line) in enumerate(_numbered(path))
        if place in places
    }


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, from 1 on. All are rows: deduplication has written them."""
    first = 1
    for span in split_file(path, str(path)):
        lines = read_lines(span)
        yield from ((first + place, lines.line(place) or b"") for place in range(len(lines)))
        first += len(lines)
