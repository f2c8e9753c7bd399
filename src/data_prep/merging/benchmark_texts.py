"""Texts that must not be trained on: the items of benchmarks, read from files of any simple shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from src.core.errors import InputFileError
from src.utils.formats.row_file import read_file_rows

_NAMES: Final = ("id", "task_id", "name")


class BenchmarkText(NamedTuple):
    """One text of an item: the file, what the item calls itself (else its number from 1), and the text."""

    file: str
    item: str
    text: str


def read_benchmarks(paths: Sequence[Path]) -> Iterator[BenchmarkText]:
    """Every text of the files: JSON Lines or a JSON list (each text of an item, however deep), one JSON object, or a
    plain text, whose paragraphs are items. Raises InputFileError for a file that cannot be read or has no text."""
    for path in paths:
        texts = list(_read(path))
        if not texts:
            raise InputFileError(f"{path} holds no text to look for.", fix="Name a file of benchmark items.")
        yield from texts


def _read(path: Path) -> Iterator[BenchmarkText]:
    if path.suffix.lower() in {".json", ".jsonl"}:
        for number, item in _items(path):
            name = _name_of(item) or str(number)
            yield from (BenchmarkText(str(path), name, text) for text in _leaves(item))
    else:
        paragraphs = _text_of(path).split("\n\n")
        for number, text in enumerate(filter(str.strip, paragraphs), start=1):
            yield BenchmarkText(str(path), str(number), text)


def _items(path: Path) -> Iterator[tuple[int, Any]]:
    """The items with their numbers. A list of texts, or one object over several lines, is no file of rows."""
    if path.suffix.lower() == ".json":
        try:
            whole = orjson.loads(_text_of(path))
        except orjson.JSONDecodeError as error:
            raise InputFileError(f"{path} is not valid JSON: {error.msg}.", fix="Repair the file.") from error
        yield from enumerate(whole if isinstance(whole, list) else [whole], start=1)
        return
    for row in read_file_rows(path):
        if row.value is None:
            raise InputFileError(f"{path}, line {row.number}: {row.error}.", fix="Repair the line.")
        yield row.number, row.value


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputFileError(f"{path} is not UTF-8: {error.reason}.", fix="Save it in UTF-8.") from error


def _name_of(item: Any) -> str:
    return next((str(item[name]) for name in _NAMES if name in item), "") if isinstance(item, dict) else ""


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
