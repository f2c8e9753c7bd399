"""The files of a dataset: JSONL per split, CSV for a spreadsheet, rejections and figures; each whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from src.core.errors import StorageError
from src.core.jsonl import atomic_writer, dump_line, write_jsonl
from src.core.names import well_formed
from src.core.types import Rejection, Sample
from src.persistence.models import StoredSample, join_keywords, rejected_sample

CSV_COLUMNS = ("sample_id", "content_preview", "token_length", "topic_keywords", "source_file", "split")
PREVIEW_CHARACTERS = 120

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
# https://owasp.org/www-community/attacks/CSV_Injection; the full-width forms work in East Asian editions of Excel
_FORMULA_START = "=+-@\uff1d\uff0b\uff0d\uff20"
# where the list separator is ';', a spreadsheet ignores our quotes and begins a new cell in the middle of ours
_NEW_CELL = re.compile(rf"([;\t\r\n][\s\"'\u200b-\u200f\ufeff]*)(?=[{re.escape(_FORMULA_START)}])")
_GUARDED_CELL = re.compile(rf"([;\t\r\n][\s\"'\u200b-\u200f\ufeff]*)'(?=[{re.escape(_FORMULA_START)}])")


def jsonl_path(folder: Path, name: str, split: str) -> Path:
    """Where the rows of one side of dataset ``name`` go (``train``, ``validation_preference``)."""
    return folder / f"{name}_{split}.jsonl"


def export_jsonl(folder: Path, name: str, splits: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, Path]:
    """Write ``<name>_<split>.jsonl`` for every side that has rows; returns the files written.

    As ``export_lines``, which is faster where the rows are lines already.
    """
    return export_lines(folder, name, ((split, dump_line(row)) for split, rows in splits.items() for row in rows))


def export_lines(folder: Path, name: str, lines: Iterable[tuple[str, bytes]]) -> dict[str, Path]:
    """Write each line into the file of the side that it comes with; returns the files written.

    All lines of all sides are on the disk before the first file gets its name, so that a failure leaves the last good
    files in place. No file is made for a side without rows, as no provider takes an empty one; a file that an earlier
    export left there is the caller's to judge. Raises StorageError.
    """
    written: dict[str, Path] = {}
    writes: dict[str, Callable[[bytes], int]] = {}
    with ExitStack() as files:
        handles = []
        for split, line in lines:
            if split not in writes:
                path = jsonl_path(folder, name, split)
                _refuse_folder(path)
                handle = files.enter_context(atomic_writer(path))
                written[split], writes[split] = path, handle.write
                handles.append(handle)
            writes[split](line)
        for handle in handles:
            handle.flush()
            os.fsync(handle.fileno())
    return written


def write_csv(path: Path, rows: Iterable[StoredSample]) -> int:
    """Write one line per sample with the columns of CSV_COLUMNS; returns how many samples.

    ``sample_id`` is the hash of the content, the same for the same conversation in every dataset. UTF-8 without a
    byte order mark, which would become part of the first column's name for every reader but a spreadsheet; Excel
    reads the file by Data > From Text/CSV. Cells that a spreadsheet would take for a formula begin with an
    apostrophe. Raises StorageError.
    """
    count = 0
    with atomic_writer(path) as handle:
        text = io.TextIOWrapper(handle, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for stored in rows:
            writer.writerow(_csv_row(stored))
            count += 1
        text.detach()
    return count


def write_rejected(path: Path, rejections: Iterable[Rejection]) -> int:
    """Write one JSON line per rejection with its reason, place, sample and raw answer; returns how many.

    No file is made when nothing was rejected. Raises StorageError.
    """
    items = iter(rejections)
    first = next(items, None)
    if first is None:
        return 0
    return write_jsonl(path, (_rejection_line(item) for item in chain((first,), items)))


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write one indented JSON object, in the order of its keys. Raises StorageError."""
    with atomic_writer(path) as handle:
        handle.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def write_text(path: Path, text: str) -> None:
    """Write ``text`` in UTF-8, broken Unicode as escapes. Raises StorageError."""
    with atomic_writer(path) as handle:
        handle.write(text.encode("utf-8", "backslashreplace"))


def preview(sample: Sample) -> str:
    """The turns of a sample on one line, without system prompts (they are mostly alike), cut at 120 characters."""
    turns = _without_system(sample)
    # cut before folding too, so that a turn of megabytes costs nothing
    flat = " / ".join(_one_line(turn[: 4 * PREVIEW_CHARACTERS]) for turn in turns)
    return flat if len(flat) <= PREVIEW_CHARACTERS else f"{flat[: PREVIEW_CHARACTERS - 3].rstrip()}..."


def safe_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula: an apostrophe stands before one."""
    guarded = _NEW_CELL.sub(r"\1'", text)
    first = next((character for character in guarded if not _is_skipped(character)), "")
    starts_cell = guarded[:1] in {"\t", "\r", "\n"} or (first != "" and first in _FORMULA_START)
    return f"'{guarded}" if starts_cell else guarded


def bare_cell(text: str) -> str:
    """The text of a cell that ``safe_cell`` has written; a cell without an apostrophe that it would have put there is
    the text already."""
    bare = _GUARDED_CELL.sub(r"\1", text)
    return bare[1:] if text[:1] == "'" and safe_cell(bare[1:]) == text else bare


def keywords_cell(sample: Sample) -> str:
    """The keywords of a sample as one cell."""
    return safe_cell(_one_line(join_keywords(sample.topic_keywords)))


def source_cell(sample: Sample) -> str:
    """The source file of a sample as one cell."""
    return safe_cell(_one_line(sample.source_file))


def _csv_row(stored: StoredSample) -> tuple[str | int, ...]:
    sample = stored.sample
    return (
        sample.id,
        safe_cell(preview(sample)),
        stored.token_length,
        keywords_cell(sample),
        source_cell(sample),
        stored.split or "",
    )


def _rejection_line(rejection: Rejection) -> dict[str, Any]:
    return {
        "reason": rejection.reason,
        "detail": well_formed(rejection.detail),
        "source_file": well_formed(rejection.source_file),
        "span": list(rejection.span) if rejection.span else None,
        "sample": rejected_sample(rejection.sample) if rejection.sample else None,
        "raw": well_formed(rejection.raw),
    }


def _without_system(sample: Sample) -> Iterator[str]:
    turns = [turn.content for turn in sample.messages if turn.role != "system"]
    yield from turns or (turn.content for turn in sample.messages)


def _one_line(text: str) -> str:
    """White space and control characters as single spaces, broken Unicode as escapes."""
    return " ".join(well_formed(_CONTROL.sub(" ", text)).split())


def _is_skipped(character: str) -> bool:
    """True for what a spreadsheet may drop before it looks for a formula: white space, invisible marks, quotes."""
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf"} or character in "\"'"


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise StorageError(f"{path} is a folder.", fix="Rename that folder, or choose another output_name.")
