"""Rows in files of bearable size, Parquet or JSON Lines, named as the Hugging Face Hub names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from src.core.errors import MissingPackageError
from src.core.jsonl import dump_line
from src.library.bundle.rows import COLUMNS

Kind = Literal["parquet", "jsonl"]
SHARD_BYTES: Final = 300_000_000
"""Of JSON in one file; the Hub advises against files of more than a few hundred MB."""
_GROUP_BYTES: Final = 32_000_000
"""Of JSON in one row group of Parquet: what is held in memory."""


def best_kind() -> Kind:
    """Parquet where pyarrow is installed, else JSON Lines."""
    return "parquet" if find_spec("pyarrow") else "jsonl"


def require_kind(kind: Kind) -> None:
    """Raises MissingPackageError where Parquet is wanted and cannot be written."""
    if kind == "parquet" and not find_spec("pyarrow"):
        raise MissingPackageError("Parquet needs the package pyarrow.", fix="make setup-hub, or leave --format out.")


def write_shards(
    rows: Iterable[Mapping[str, Any]], folder: Path, side: str, kind: Kind, *, shard_bytes: int = SHARD_BYTES
) -> list[Path]:
    """Write ``rows`` into ``<side>-00000-of-0000N.<kind>``, as many as they need; none for no rows. One row group is
    in memory at a time. ``folder`` is nobody else's until it is whole."""
    parts: list[Path] = []
    pieces = _cut(rows, shard_bytes)
    for piece in pieces:
        path = folder / f"{side}-{len(parts):05d}.part"
        (_write_parquet if kind == "parquet" else _write_jsonl)(path, piece)
        parts.append(path)
    return [
        path.rename(folder / f"{side}-{number:05d}-of-{len(parts):05d}.{kind}") for number, path in enumerate(parts)
    ]


class _Piece(Protocol):
    def __iter__(self) -> Iterator[tuple[Mapping[str, Any], bytes]]: ...


def _cut(rows: Iterable[Mapping[str, Any]], shard_bytes: int) -> Iterator[_Piece]:
    """The rows with their JSON, in pieces that must be read to their end one after the other."""
    lines = ((row, dump_line(row)) for row in rows)
    first = next(lines, None)

    def piece() -> Iterator[tuple[Mapping[str, Any], bytes]]:
        nonlocal first
        size = 0
        while first is not None and size < shard_bytes:
            size += len(first[1])
            yield first
            first = next(lines, None)

    while first is not None:
        yield piece()


def _write_jsonl(path: Path, piece: _Piece) -> None:
    with path.open("wb") as file:
        file.writelines(line for _, line in piece)


def _write_parquet(path: Path, piece: _Piece) -> None:
    from pyarrow import parquet

    schema = _schema()
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(piece):
            writer.write_table(_table(group, schema))


def _groups(piece: _Piece) -> Iterator[list[Mapping[str, Any]]]:
    group: list[Mapping[str, Any]] = []
    size = 0
    for row, line in piece:
        group.append(row)
        size += len(line)
        if size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _table(rows: list[Mapping[str, Any]], schema: Any) -> Any:
    import pyarrow

    return pyarrow.Table.from_pylist(rows, schema=schema)


def _schema() -> Any:
    import pyarrow as pa

    text = pa.string()
    kinds = {
        "string": text,
        "int64": pa.int64(),
        "strings": pa.list_(text),
        "messages": pa.list_(pa.struct([("role", text), ("content", text)])),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in COLUMNS])
