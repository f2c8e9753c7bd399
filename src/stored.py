"""What can be done with datasets that are stored: split anew, export again, describe."""

from __future__ import annotations

from pathlib import Path

from src.core.config import RunConfig
from src.core.parts import Parts
from src.core.types import RunReport
from src.core.workspace import Workspace
from src.documents import read_again
from src.persistence.backup import backup_database
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from src.publish import (
    Described,
    describe_dataset,
    finish_dataset,
    publish_csv,
    publish_figures,
    publish_jsonl,
    publish_rejected,
)


def resplit(config: RunConfig, parts: Parts, name: str) -> RunReport:
    """Divide a stored dataset anew by ``config.split``, as a new version of it, and write its files again; until that
    is done the former version is the dataset. Raises DatasetError, and StorageError when another run is writing."""
    workspace = parts.workspace
    with hold_run_lock(workspace.run_lock), Store(workspace.database, clock=parts.clock) as store:
        former = store.find(name)
        # only now: a wrong name must not push an older backup out
        backup_database(workspace.database, workspace.backups, now=parts.clock())
        version = store.begin(store.derive(former, "split anew"))
        version.add(store.samples(former.id))
        version.reject(store.rejections(former.id))
        documents = read_again(former, config, workspace)
        return finish_dataset(store, version.end(former.run), config, parts, documents)


def export_stored(
    config: RunConfig, parts: Parts, name: str, *, jsonl: bool = True, csv: bool = True
) -> dict[str, Path]:
    """Write the files of a stored dataset again, in the format of its provider; ``jsonl`` also means the rejected rows
    and, where ``config.output`` wants them, the statistics and the report. Raises DatasetError, and StorageError when
    another run is writing."""
    folder = parts.workspace.output_datasets
    with hold_run_lock(parts.workspace.run_lock), Store(parts.workspace.database) as store:
        record = store.find(name)
        files: dict[str, Path] = {}
        if jsonl:
            files |= publish_jsonl(store, record, folder) | publish_rejected(store, record, folder)
        if csv:
            files |= publish_csv(store, record, folder)
        if jsonl:
            documents = read_again(record, config, parts.workspace)
            files |= publish_figures(store, describe_dataset(store, record), folder, config.output, documents)
    return files


def describe_stored(workspace: Workspace, name: str) -> Described:
    """Count and check the samples of a stored dataset. Raises DatasetError."""
    with Store(workspace.database) as store:
        return describe_dataset(store, store.find(name))
