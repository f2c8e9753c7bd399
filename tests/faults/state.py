"""What a workspace holds: its files by their hashes, and what its database has accepted."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from src.core.workspace import Workspace

_NOT_COMPARED = ("memory", ".git", "numba_cache")
"""The database, the log and the cache of what was read are looked at by what they hold, or are no result."""


_DATED = (".html", ".json", ".md")
_OF_ONE_PROCESS = re.compile(
    rb"\d{4}-\d\d-\d\d(?:[T ]| at )\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
    rb'|"(?:seconds|calls|cached_calls|input_tokens|output_tokens|cost_usd)": ?(?:[\d.]+|null)'
    rb"|<dt>Cost</dt>.*?(?:model calls?|not counted)(?:, [\d,]+ s\b)?",
    re.DOTALL,
)
"""When a report was made, how long that took and what this process asked of models is no part of its contents: a run
that goes on after a kill asks only for what is missing. A page tells whole seconds: two runs may agree in them by
chance, and a third one not."""


@dataclass(frozen=True, slots=True)
class State:
    """``files``: hashes by relative path. ``finished`` and ``begun``: the content hashes of the samples of every
    dataset, by its id. ``paid``: the keys of all answers of models. ``damage``: what SQLite's check finds."""

    files: Mapping[str, str]
    finished: Mapping[str, tuple[str, ...]]
    begun: Mapping[str, tuple[str, ...]]
    marks: frozenset[tuple[Any, ...]]
    paid: frozenset[str]
    damage: str = ""


def read_state(workspace: Workspace) -> State:
    """The state of a workspace that nobody is writing in; nothing in it is changed."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        for suffix in ("", "-wal"):
            path = workspace.database.with_name(f"{workspace.database.name}{suffix}")
            if path.exists():
                shutil.copy(path, copy.with_name(f"{copy.name}{suffix}"))
        files = {name: _hash(workspace.root / name) for name in _names(workspace.root)}
        if not copy.exists():
            return State(files, {}, {}, frozenset(), frozenset())
        with closing(sqlite3.connect(copy)) as db:
            return _read_database(db, files)


def _read_database(db: sqlite3.Connection, files: Mapping[str, str]) -> State:
    damage = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    kept: dict[str, dict[str, tuple[str, ...]]] = {"finished": {}, "running": {}}
    for dataset, status in db.execute("SELECT id, status FROM datasets") if "datasets" in tables else ():
        rows = db.execute("SELECT content_hash FROM samples WHERE dataset_id = ? ORDER BY position", (dataset,))
        kept[status][dataset] = tuple(row[0] for row in rows)
    marks = db.execute("SELECT dataset_name, content_hash, note FROM dropped_samples") if "datasets" in tables else ()
    paid = db.execute("SELECT key FROM requests") if "requests" in tables else ()
    return State(
        files,
        kept["finished"],
        kept["running"],
        frozenset(marks),
        frozenset(row[0] for row in paid),
        "" if damage == "ok" else damage,
    )


def half_written(path: Path) -> str:
    """What shows that a file ends too early, for one that names the time and cannot be compared; "" for a whole one."""
    data = path.read_bytes()
    if path.suffix == ".json":
        try:
            json.loads(data)
        except ValueError as error:
            return f"{path.name}: {error}"
    if path.suffix == ".html" and not data.rstrip().endswith(b"</html>"):
        return f"{path.name}: it has no end"
    return "" if data else f"{path.name} is empty"


def _names(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and not set(name.parts) & set(_NOT_COMPARED):
            yield name.as_posix()


def _hash(path: Path) -> str:
    data = path.read_bytes()
    return hashlib.sha256(_OF_ONE_PROCESS.sub(b"", data) if path.suffix in _DATED else data).hexdigest()
