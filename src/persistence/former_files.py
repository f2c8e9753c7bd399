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

from src.core.jsonl import make_folder, storage_error
from src.core.types import DatasetRecord
from src.core.workspace import Workspace
from src.persistence.exporters import write_json
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store

_NOTE = "note.json"
_FILES = "files"
FilesOf = Callable[[Path, str], Sequence[Path]]
"""The files of a dataset of that name in a folder."""


@contextmanager
def former_kept(store: Store, version: DatasetRecord, workspace: Workspace, files_of: FilesOf) -> Iterator[None]:
    """Keep the files of the former version of ``version`` while those of the new one are written in the block and it is
    marked finished; where it is not, they are put back. Raises StorageError."""
    folder = workspace.former_files
    restore_former(store, workspace, files_of)
    try:
        _drop(folder)
        make_folder(folder / _FILES)
        for path in files_of(workspace.output_datasets, version.name):
            _link(path, folder / _FILES / path.name)
        write_json(folder / _NOTE, {"id": version.id, "name": version.name})
        yield
    finally:
        restore_former(store, workspace, files_of)


def recover_former(workspace: Workspace, files_of: FilesOf) -> str:
    """Put back what a killed program has left half replaced; the name of the dataset, "" where nothing was to be done.
    Raises StorageError when another run is writing."""
    if not is_left_over(workspace):
        return ""
    with hold_run_lock(workspace.run_lock), Store(workspace.database) as store:
        return restore_former(store, workspace, files_of)


def is_left_over(workspace: Workspace) -> bool:
    """Whether files of a former version are kept: a program that replaces them is running, or was killed."""
    return (workspace.former_files / _NOTE).exists()


def restore_former(store: Store, workspace: Workspace, files_of: FilesOf) -> str:
    """As ``recover_former``, for whoever holds the lock of the run."""
    folder = workspace.former_files
    if not is_left_over(workspace):
        return ""
    note = orjson.loads((folder / _NOTE).read_bytes())
    name: str = note["name"]
    finished = store.database.read("SELECT 1 FROM datasets WHERE id = ? AND status = 'finished'", (note["id"],))
    if not finished:
        _put_back(folder / _FILES, workspace.output_datasets, files_of(workspace.output_datasets, name))
    (folder / _NOTE).unlink()
    _drop(folder)
    return "" if finished else name


def _put_back(kept: Path, folder: Path, present: Sequence[Path]) -> None:
    """Make the files of ``folder`` that are ``present`` those that were ``kept``; it may be done again."""
    former = {path.name for path in kept.iterdir()}
    try:
        for path in present:
            if path.name not in former:
                path.unlink()
        for path in sorted(kept.iterdir()):
            aside = folder / f"{path.name}.part"
            aside.unlink(missing_ok=True)
            _link(path, aside)
            aside.replace(folder / path.name)
            aside.unlink(missing_ok=True)  # renaming one name of a file to another of the same file leaves both
    except OSError as error:
        raise storage_error(folder, error) from error


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
