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


_SHORTEST_KEY = 16
"""Bytes of a hash: fewer could stand anywhere."""


def is_database(head: bytes) -> bool:
    """Whether a file that begins like this is a SQLite database."""
    return head.startswith(_SQLITE)


def read_blobs(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects among the blobs of ``path``: those that the state it was left in names, in its order, else all
    in the order in which they were written. Nothing is changed.

    Raises InputFileError for a database that has no such table or is damaged.
    """
    try:
        with _address(path) as address, closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = bytes  # a text that is no UTF-8 shall cost itself alone
            named = [value for key in _named(database) if (value := _object(_blob(database, key))) is not None]
            if len(named) > 1:
                yield from named
                return
            for (blob,) in database.execute("SELECT data FROM blobs ORDER BY rowid"):
                value = _object(blob)
                if value is not None:
                    yield value
    except (sqlite3.Error, OSError) as error:
        raise InputFileError(
            f"{path.name} is no readable store of chats: {error}.", fix="Close Cursor, then copy the file again."
        ) from error


def _named(database: sqlite3.Connection) -> list[bytes]:
    """The keys that the last state names: its blob holds the bytes of each. None where no state is known: what was
    taken back or tried beside it then cannot be told from the rest."""
    try:
        (meta,) = database.execute("SELECT value FROM meta WHERE key = '0'").fetchone() or (None,)
        root = orjson.loads(bytes.fromhex(_as_text(meta)))["latestRootBlobId"]
    except (sqlite3.Error, ValueError, KeyError, TypeError):
        return []
    state = _blob(database, str(root).encode())
    keys = [key for (key,) in database.execute("SELECT id FROM blobs") if isinstance(key, bytes)]
    places = {key: place for key in keys if (place := _place(state, key)) >= 0}
    return sorted(places, key=places.__getitem__)


def _place(state: bytes, key: bytes) -> int:
    try:
        raw = bytes.fromhex(key.decode("ascii"))
    except ValueError:
        return -1
    return state.find(raw) if len(raw) >= _SHORTEST_KEY else -1


def _blob(database: sqlite3.Connection, key: bytes) -> bytes:
    """The blob of ``key``, which is text in the database; b"" where there is none."""
    found = database.execute("SELECT data FROM blobs WHERE id = CAST(? AS TEXT)", (key,)).fetchone()
    return found[0] if found and isinstance(found[0], bytes) else b""


def _as_text(value: Any) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else ""


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
