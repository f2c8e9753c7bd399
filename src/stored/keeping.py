"""Stored datasets kept in order: renamed, deleted and brought back, rolled back to an earlier version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

import orjson

from src.core.author import author_of
from src.core.config import RunConfig
from src.core.errors import DatasetError, UsageError
from src.core.jsonl import make_folder, storage_error
from src.core.names import check_output_name
from src.core.parts import Parts
from src.core.types import DatasetRecord, RunReport, SplitName
from src.core.workspace import Workspace
from src.dataset_files import SIDES, files_of, hold_workspace, report_path, stats_path
from src.documents import read_again
from src.persistence.backup import backup_database
from src.persistence.exporters import write_json
from src.persistence.removal import (
    KEPT_DAYS,
    bring_back,
    deleted_datasets,
    find_deleted,
    mark_deleted,
    remove_for_good,
    rename_dataset,
)
from src.persistence.sqlite_client import Store
from src.persistence.versions import pick_version, versions_of
from src.publish.figures import describe_dataset, publish_figures
from src.publish.finishing import as_made, finish_dataset
from src.utils.descriptions import bring_up_to_date
from src.utils.splitter import Sides

__all__ = ["KEPT_DAYS", "Deletion", "delete", "preview_deletion", "purge", "rename", "roll_back", "undo_deletion"]


class Deletion(NamedTuple):
    """What deleting a dataset takes out of sight: its versions, and its files in output_datasets/."""

    record: DatasetRecord
    versions: tuple[DatasetRecord, ...]
    files: tuple[Path, ...]


def preview_deletion(workspace: Workspace, name: str) -> Deletion:
    """What ``delete`` would take away; nothing is changed. Raises DatasetError when there is no such dataset."""
    with Store(workspace.database) as store:
        return _deletion(workspace, store, name)


def delete(parts: Parts, name: str) -> Deletion:
    """Take a dataset, all of its versions and its files out of sight, for KEPT_DAYS. Raises DatasetError, and
    StorageError when another run is writing."""
    workspace = parts.workspace
    with hold_workspace(workspace), Store(workspace.database, clock=parts.clock) as store:
        _end_renaming(workspace, store)
        deletion = _deletion(workspace, store, name)
        backup_database(workspace.database, workspace.backups, now=parts.clock())
        # the files first: killed in between, the dataset is still there and writes them again
        _move(deletion.files, _folder_of(workspace, deletion.record.name))
        mark_deleted(store, deletion.record)
        bring_up_to_date(workspace.output_datasets)
    return deletion


def undo_deletion(parts: Parts, name: str) -> Deletion:
    """Bring a deleted dataset back, with those of its files that no other file has taken the place of. Raises
    DatasetError, and StorageError when another run is writing."""
    workspace = parts.workspace
    with hold_workspace(workspace), Store(workspace.database, clock=parts.clock) as store:
        _end_renaming(workspace, store)
        record = bring_back(store, find_deleted(store, name))
        kept = _folder_of(workspace, record.name)
        there = sorted(kept.iterdir()) if kept.is_dir() else []
        files = [path for path in there if not (workspace.output_datasets / path.name).exists()]
        _move(files, workspace.output_datasets)
        _drop_folder(kept)
        back = tuple(workspace.output_datasets / path.name for path in files)
        bring_up_to_date(workspace.output_datasets, back)
        return Deletion(record, versions_of(store, record.name), back)


def purge(parts: Parts, name: str = "") -> tuple[DatasetRecord, ...]:
    """Remove one deleted dataset, or all of them, for good, which frees the names. Raises DatasetError, and
    StorageError when another run is writing."""
    workspace = parts.workspace
    with hold_workspace(workspace), Store(workspace.database, clock=parts.clock) as store:
        records = (find_deleted(store, name),) if name else deleted_datasets(store)
        if records:
            backup_database(workspace.database, workspace.backups, now=parts.clock())
        for record in records:
            remove_for_good(store, record, workspace)
    return records


def rename(config: RunConfig, parts: Parts, name: str, new_name: str) -> DatasetRecord:
    """Give a dataset another name, in all of its versions; its files get the new name too, and those that speak of it
    are written again. Raises UsageError for a name that no file can have, DatasetError for one that is taken, and
    StorageError when another run is writing."""
    try:
        check_output_name(new_name)
    except ValueError as error:
        raise UsageError(f"A dataset cannot be named {new_name!r}: {error}.", fix="Choose another name.") from error
    workspace = parts.workspace
    with hold_workspace(workspace), Store(workspace.database, clock=parts.clock) as store:
        if ended := _end_renaming(workspace, store):
            _write_figures(config, parts, store, ended)
        record = store.find(name)
        taken = [path.name for path in _files_of(workspace, store, new_name)] if new_name != record.name else []
        if taken:
            raise DatasetError(f"There are files of that name already: {taken[0]}.", fix="Choose another name.")
        backup_database(workspace.database, workspace.backups, now=parts.clock())
        write_json(_renaming(workspace), {"from": record.name, "to": normalize("NFC", new_name)})
        renamed = rename_dataset(store, record, new_name)
        _end_renaming(workspace, store)
        _write_figures(config, parts, store, renamed)
    return renamed


def roll_back(config: RunConfig, parts: Parts, name: str, number: int, author: str = "") -> RunReport:
    """A new version of a dataset that is equal to its version ``number``: the same samples on the same sides in the
    same order; its files are written again. Raises DatasetError, and StorageError when another run is writing."""
    workspace = parts.workspace
    with hold_workspace(workspace), Store(workspace.database, clock=parts.clock) as store:
        _end_renaming(workspace, store)
        former = store.find(name)
        wanted = pick_version(store, former.name, number)
        if (wanted.content_hash or store.hash_content(wanted.id)) == store.hash_content(former.id):
            raise DatasetError(
                f"Dataset {former.name!r} is as version {number} was.",
                fix=f"See 'python -m src.main datasets versions {former.name}'.",
            )
        backup_database(workspace.database, workspace.backups, now=parts.clock())
        derived = store.derive(former, f"rolled back to version {number}", author_of(author))
        version = store.begin(replace(derived, config=wanted.config, requested=wanted.requested))
        version.add(store.samples(wanted.id))
        version.reject(store.rejections(wanted.id))
        record = version.end(wanted.run)
        sides = _sides_of(store, wanted)
        same = as_made(config, wanted, is_split=bool(sides.validation))
        return finish_dataset(store, record, same, parts, read_again(wanted, config, workspace), sides)


def _renaming(workspace: Workspace) -> Path:
    """The note of a renaming that is not through: the database is changed at once, files one by one."""
    return workspace.memory / "renaming.json"


def _end_renaming(workspace: Workspace, store: Store) -> DatasetRecord | None:
    """Give the files of a dataset the name that it got in the database, where a renaming was begun; the dataset, None
    where there is nothing to do. No file is overwritten."""
    note = _renaming(workspace)
    if not note.exists():
        return None
    names = orjson.loads(note.read_bytes())
    former, name = names["from"], names["to"]
    versions = versions_of(store, name)
    is_done = versions and not store.database.read("SELECT 1 FROM datasets WHERE name = ?", (former,))
    if is_done:
        for path in _files_of(workspace, store, former):
            _give_name(path, path.with_name(name + path.name.removeprefix(former)))
        _give_name(workspace.drafts_of(former), workspace.drafts_of(name))
        bring_up_to_date(workspace.output_datasets, _files_of(workspace, store, name))
    note.unlink()
    return versions[-1] if is_done else None


def _give_name(path: Path, to: Path) -> None:
    if path.exists() and (not to.exists() or to.samefile(path)):  # the same where names differ in case alone
        _replace(path, to)


def _write_figures(config: RunConfig, parts: Parts, store: Store, record: DatasetRecord) -> None:
    """Write the statistics and the report of a dataset again, where it has them: its name stands in both."""
    folder = parts.workspace.output_datasets
    there = {
        "include_stats": stats_path(folder, record.name).is_file(),
        "include_report": report_path(folder, record.name).is_file(),
    }
    wanted = config.output.model_copy(update=there)
    documents = read_again(record, config, parts.workspace)
    publish_figures(store, describe_dataset(store, record), folder, wanted, documents)


def _sides_of(store: Store, record: DatasetRecord) -> Sides:
    numbers: dict[SplitName, list[int]] = {side: [] for side in SIDES}
    for number, turns in enumerate(store.turns(record.id)):
        numbers[turns.split].append(number)
    return Sides(numbers["train"], numbers["validation"], record.run.split_warnings)


def _deletion(workspace: Workspace, store: Store, name: str) -> Deletion:
    record = store.find(name)
    return Deletion(record, versions_of(store, record.name), _files_of(workspace, store, record.name))


def _files_of(workspace: Workspace, store: Store, name: str) -> tuple[Path, ...]:
    """The files of a dataset, with the table that it is edited in where the menu puts it, ``<name>_edit.csv``; not
    where that is the CSV file of another dataset."""
    files = files_of(workspace.output_datasets, name)
    table = workspace.output_datasets / f"{name}_edit.csv"
    is_its_own = not store.database.read("SELECT 1 FROM datasets WHERE name = ?", (table.stem,))
    return (*files, table) if is_its_own and table.is_file() and table not in files else files


def _folder_of(workspace: Workspace, name: str) -> Path:
    """Where the files of a deleted dataset lie; its name stays taken as long."""
    return workspace.deleted / name


def _move(files: Sequence[Path], folder: Path) -> None:
    if files:
        make_folder(folder)
    for path in files:
        _replace(path, folder / path.name)


def _replace(path: Path, to: Path) -> None:
    try:
        path.replace(to)
    except OSError as error:
        raise storage_error(path, error) from error


def _drop_folder(folder: Path) -> None:
    """Remove a folder that is empty."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
