"""Files of public sets as JSON lines: lists of objects, Parquet, and messages that are linked into trees."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from src.core.errors import InputFileError, MissingPackageError
from src.core.jsonl import atomic_writer, dump_line

_LARGEST_LIST: Final = 2_000_000_000
"""Bytes of a JSON list, which is held in memory whole."""
_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"


def as_lines(path: Path, folder: Path) -> Path:
    """A file with one object a line: ``path`` itself where it is one. Raises InputFileError, MissingPackageError."""
    path = _unpacked(path, folder)
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise InputFileError(f"{path} is empty.", fix="Fetch it again.")
    if start.startswith(_PARQUET):
        return _written(folder / "rows.jsonl", _parquet_rows(path))
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return _written(folder / "rows.jsonl", _listed(path))
    return _linked(path, folder)


def _unpacked(path: Path, folder: Path) -> Path:
    with path.open("rb") as file:
        if file.read(2) != _GZIP:
            return path
    target = folder / "unpacked"
    try:
        with gzip.open(path) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
    except (gzip.BadGzipFile, EOFError) as error:
        raise InputFileError(f"{path} is damaged: {error}.", fix="Fetch it again.") from error
    return target


def _written(target: Path, rows: Iterator[Any]) -> Path:
    with atomic_writer(target) as file:
        for row in rows:
            file.write(dump_line(row))
    return target


def _listed(path: Path) -> Iterator[Any]:
    if path.stat().st_size > _LARGEST_LIST:
        raise InputFileError(f"{path} is one JSON list of more than 2 GB.", fix="Turn it into one object a line.")
    try:
        yield from orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise InputFileError(f"{path} is not valid JSON: {error}.", fix="Fetch it again.") from error


def _parquet_rows(path: Path) -> Iterator[Any]:
    try:
        from pyarrow import ArrowException, parquet
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{path.name} is Parquet, which needs the package pyarrow.", fix="pip install -r requirements-hub.txt"
        ) from error
    try:
        for batch in parquet.ParquetFile(path).iter_batches(1000):
            yield from batch.to_pylist()
    except ArrowException as error:
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
    return _written(folder / "trees.jsonl", trees)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}  # as a line of a tree it says nothing; in any other file it is rejected where rows are read
    return found if isinstance(found, dict) else {}
