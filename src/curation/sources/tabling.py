"""Files of public sets as JSON lines: lists of objects, Parquet, and messages that are linked into trees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from src.core.errors import InputFileError, MissingPackageError
from src.core.jsonl import atomic_writer, dump_line
from src.curation.dedupe_files import plain_file
from src.utils.formats.row_file import read_file_rows

_PARQUET: Final = b"PAR1"


def as_lines(path: Path, folder: Path) -> Path:
    """A file with one object a line: ``path`` itself where it is one. Raises InputFileError, MissingPackageError."""
    named, path = path, plain_file(path, folder)
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise InputFileError(f"{named} is empty.", fix="Fetch it again.")
    if start.startswith(_PARQUET):
        return _written(folder / "rows.jsonl", map(json_line, _parquet_rows(path)))
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        return _written(folder / "rows.jsonl", _listed(path, named))
    return _linked(path, folder)


def _written(target: Path, lines: Iterator[bytes]) -> Path:
    with atomic_writer(target) as file:
        file.writelines(lines)
    return target


def _listed(path: Path, named: Path) -> Iterator[bytes]:
    """A line for each element of a JSON list, one in memory at a time. An element that is no row, as a number, becomes
    ``null``: so it keeps its place, and is rejected where rows are read. Raises InputFileError where the list breaks
    off."""
    last = None
    for last in read_file_rows(path):
        yield dump_line(last.value)
    if last is not None and last.error.startswith("not valid JSON"):
        raise InputFileError(f"{named}: element {last.number} is {last.error}.", fix="Fetch it again.")


def json_line(row: dict[str, Any]) -> bytes:
    """A row of a table as a line, without the columns that JSON cannot hold, as pictures."""
    try:
        return dump_line(row)
    except ValueError:
        return dump_line({name: value for name, value in row.items() if _fits_json(value)})


def _fits_json(value: Any) -> bool:
    try:
        dump_line(value)
    except ValueError:
        return False
    return True


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{path.name} is Parquet, which needs the package pyarrow.", fix="pip install -r requirements-hub.txt"
        ) from error
    try:
        for batch in parquet.ParquetFile(path).iter_batches(1000):
            yield from batch.to_pylist()
    except (ArrowException, ValueError) as error:
        raise InputFileError(f"{path} cannot be read: {error}.", fix="Fetch it again.") from error


def _linked(path: Path, folder: Path) -> Path:
    """Messages of which each names its parent become trees, one a line."""
    with path.open("rb") as file:
        first = _object(file.readline())
        if not {"message_id", "parent_id", "text", "role"} <= first.keys():
            return path
        file.seek(0)
        nodes = [node for node in map(_object, file) if node.get("message_id")]
    replies: dict[Any, list[dict[str, Any]]] = {}
    for node in nodes:
        replies.setdefault(node.get("parent_id"), []).append(node)
    for node in nodes:
        node["replies"] = replies.get(node["message_id"], [])
    trees = ({"message_tree_id": root["message_id"], "prompt": root} for root in replies.get(None, []))
    return _written(folder / "trees.jsonl", map(dump_line, trees))


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}  # as a line of a tree it says nothing; in any other file it is rejected where rows are read
    return found if isinstance(found, dict) else {}
