"""Reads the chats that Cursor's command line keeps in a database of content-addressed blobs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from src.core.errors import InputFileError

_SQLITE = b"SQLite format 3\x00"


def is_database(head: bytes) -> bool:
    """Whether a file that begins like this is a SQLite database."""
    return head.startswith(_SQLITE)


def read_blobs(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects among the blobs of ``path`` in the order in which they were written; nothing is changed.

    Raises InputFileError for a database that has no such table or is damaged.
    """
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            for (blob,) in database.execute("SELECT data FROM blobs ORDER BY rowid"):
                value = _object(blob)
                if value is not None:
                    yield value
    except sqlite3.Error as error:
        raise InputFileError(
            f"{path.name} is no readable store of chats: {error}.", fix="Close Cursor, then copy the file again."
        ) from error


def _object(blob: Any) -> dict[str, Any] | None:
    """None for the other blobs: they hold how the program ran."""
    data = blob.encode("utf-8", "replace") if isinstance(blob, str) else blob
    if not isinstance(data, bytes) or data[:1] != b"{":
        return None
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
