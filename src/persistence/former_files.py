"""The files of a dataset, kept until its next version is finished: a kill on the way leaves the former version whole.

A folder of memory/ holds them by second names (hard links, copies where the file system has none), and a note that says
whose they are. The note is written when all are there and goes first, so that a folder without one means nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson

from src.core.errors import StorageError
from src.core.jsonl import make_folder, storage_error
from src.core.types import DatasetRecord
from src.core.workspace import Workspace
from src.persistence.exporters import write_json
from src.persistence.sqlite_client import Store

_FILES = "files"
FilesOf = Callable[[Path, str], Sequence[Path]]
"""The files of a dataset of that name in a folder."""


@contextmanager
def former_kept(store: Store, version: DatasetRecord, workspace: Workspace, files_of: FilesOf) -> Iterator[None]:
    """Keep the files of the former version of ``version`` while those of the new one are written in the block and it is
    marked finished; where it is not, they are put back. For whoever holds the lock of the run. Raises StorageError."""
    folder = workspace.former_files
    _drop(folder)
    try:
        make_folder(folder / _FILES)
        for path in files_of(workspace.output_datasets, version.name):
            _link(path, folder / _FILES / path.name)
        write_json(workspace.former_note, {"id": version.id, "name": version.name})
        yield
    finally:
        restore_former(store, workspace, files_of)


def is_left_over(workspace: Workspace) -> bool:
    """Whether files of a former version are kept: a program that replaces them is running, or was killed."""
    return workspace.former_note.exists()


def restore_former(store: Store, workspace: Workspace, files_of: FilesOf) -> str:
    """Put back what was left half replaced; the name of the dataset, "" where nothing was to be done. For whoever holds
    the lock of the run. Raises StorageError."""
    if not is_left_over(workspace):
        _drop(workspace.former_files)
        return ""
    version, name = _read_note(workspace.former_note)
    finished = store.database.read("SELECT 1 FROM datasets WHERE id = ? AND status = 'finished'", (version,))
    try:
        if not finished:
            present = files_of(workspace.output_datasets, name)
            _put_back(workspace.former_files / _FILES, workspace.output_datasets, present)
        workspace.former_note.unlink()
    except OSError as error:
        raise storage_error(workspace.former_files, error) from error
    _drop(workspace.former_files)
    return "" if finished else name


def _read_note(note: Path) -> tuple[str, str]:
    """The id of the version that was being written, and the name of its dataset."""
    try:
        facts = orjson.loads(note.read_bytes())
        return str(facts["id"]), str(facts["name"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{note} cannot be read, so that nobody can tell whose files lie beside it.",
            fix=f"Move {note.parent} away, and write the files of your datasets again with 'export'.",
        ) from error


def _put_back(kept: Path, folder: Path, present: Sequence[Path]) -> None:
    """Make the files of ``folder`` that are ``present`` those that were ``kept``; it may be done again."""
    former = {path.name for path in kept.iterdir()}
    for path in present:
        if path.name not in former:
            path.unlink()
    for path in sorted(kept.iterdir()):
        # no writer uses this name: one that was left by a kill is a second name of the kept file, and would be emptied
        aside = folder / f".{path.name}.former"
        aside.unlink(missing_ok=True)
        _link(path, aside)
        aside.replace(folder / path.name)
        aside.unlink(missing_ok=True)  # renaming one name of a file to another of the same file leaves both


def _link(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:  # the file system has no second names, or lies elsewhere
        try:
            shutil.copy2(path, to)
        except OSError as error:
            raise storage_error(to, error) from error


def _drop(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
