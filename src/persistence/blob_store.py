"""Reads the chats that Cursor's command line keeps in a database of content-addressed blobs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import orjson

from src.core.errors import InputFileError

_SQLITE = b"SQLite format 3\x00"
BESIDE = ("-wal", "-journal")
"""What ends the names of files beside a database in which a program that runs, or was stopped, keeps what is not yet
in the database itself, or shall leave it again."""


def is_database(head: bytes) -> bool:
    """Whether a file that begins like this is a SQLite database."""
    return head.startswith(_SQLITE)


def read_blobs(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects among the blobs of ``path`` in the order in which they were written; nothing is changed.

    Raises InputFileError for a database that has no such table or is damaged.
    """
    try:
        with _address(path) as address, closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = bytes  # a text that is no UTF-8 shall cost itself alone
            for (blob,) in database.execute("SELECT data FROM blobs ORDER BY rowid"):
                value = _object(blob)
                if value is not None:
                    yield value
    except (sqlite3.Error, OSError) as error:
        raise InputFileError(
            f"{path.name} is no readable store of chats: {error}.", fix="Close Cursor, then copy the file again."
        ) from error


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """Where SQLite finds the content of ``path`` without a change to its folder: in a copy, if files lie beside it, or
    beside what it links to."""
    path = path.resolve()
    beside = [path.with_name(path.name + ending) for ending in BESIDE]
    beside = [one for one in beside if one.is_file() and one.stat().st_size]
    if not beside:
        yield f"file:{quote(str(path))}?mode=ro&immutable=1"
        return
    with TemporaryDirectory() as folder:
        for one in (path, *beside):
            copyfile(one, Path(folder, one.name))
        yield f"file:{quote(str(Path(folder, path.name)))}"


def _object(blob: Any) -> dict[str, Any] | None:
    """None for the other blobs: they hold how the program ran."""
    if not isinstance(blob, bytes) or blob[:1] != b"{":
        return None
    try:
        value = orjson.loads(blob)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
