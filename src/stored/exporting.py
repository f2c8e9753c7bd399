"""What can be done with datasets that are stored: split anew, export again, describe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from src.core.author import author_of
from src.core.config import RunConfig
from src.core.errors import DatasetError
from src.core.parts import Parts
from src.core.types import RunReport, Sample, SplitName
from src.core.workspace import Workspace
from src.dataset_files import SIDES, hold_workspace
from src.documents import read_again
from src.library.editing.revision import Revision
from src.persistence.backup import backup_database
from src.persistence.exporters import export_jsonl
from src.persistence.sqlite_client import Store
from src.providers.conversation import conversation_of
from src.publish.figures import Described, describe_dataset, publish_figures
from src.publish.finishing import finish_dataset
from src.publish.row_files import publish_csv, publish_jsonl, publish_rejected, publish_scored, remove_unwritten
from src.stored.revising import Edit, apply_edit
from src.utils.conversion import ConversionReport, convert_conversations, require_no_loss
from src.utils.descriptions import describe_for_llama_factory, read_descriptions
from src.utils.formats.form import Format
from src.utils.formats.sharegpt import LLAMA_FACTORY


def resplit(config: RunConfig, parts: Parts, name: str) -> RunReport:
    """Divide a stored dataset anew by ``config.split``, as a new version of it, and write its files again; until that
    is done the former version is the dataset. Raises DatasetError, and StorageError when another run is writing."""
    workspace = parts.workspace
    with hold_workspace(workspace), Store(workspace.database, clock=parts.clock) as store:
        former = store.find(name)
        # only now: a wrong name must not push an older backup out
        backup_database(workspace.database, workspace.backups, now=parts.clock())
        version = store.begin(store.derive(former, "split anew", author_of()))
        version.add(store.samples(former.id))
        version.reject(store.rejections(former.id))
        documents = read_again(former, config, workspace)
        return finish_dataset(store, version.end(former.run), config, parts, documents)


def annotate(config: RunConfig, parts: Parts, name: str, reason: str, change: Callable[[Sample], Sample]) -> RunReport:
    """A new version of a stored dataset in which every sample is what ``change`` makes of it; its texts must stay. The
    sides are those of the dataset. Raises DatasetError, and StorageError when another run is writing."""
    edit = Edit(reason, revise=lambda row: Revision(replace(row, sample=change(row.sample))), even_if_same=True)
    return apply_edit(config, parts, name, edit)


def export_stored(
    config: RunConfig, parts: Parts, name: str, *, jsonl: bool = True, csv: bool = True
) -> dict[str, Path]:
    """Write the files of a stored dataset again, in the format of its provider; ``jsonl`` also means the rejected rows
    and, where ``config.output`` wants them, the statistics and the report. Raises DatasetError, and StorageError when
    another run is writing."""
    folder = parts.workspace.output_datasets
    with hold_workspace(parts.workspace), Store(parts.workspace.database) as store:
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


def export_scored(parts: Parts, name: str, least: float) -> dict[str, Path]:
    """Write the samples of a stored dataset that score ``least`` or more; see ``publish_scored``. Raises DatasetError
    where there is none, and StorageError when another run is writing."""
    with hold_workspace(parts.workspace), Store(parts.workspace.database) as store:
        record = store.find(name)
        files = publish_scored(store, record, parts.workspace.output_datasets, least)
    if not files:
        raise DatasetError(
            f"No sample of {record.name} scores {least:g} or more.", fix=f"'score {record.name}' gives them scores."
        )
    return files


def read_samples(workspace: Workspace, name: str) -> Iterator[Sample]:
    """The samples of a stored dataset. Raises DatasetError."""
    with Store(workspace.database) as store:
        yield from (row.sample for row in store.samples(store.find(name).id))


class Exported(NamedTuple):
    """The files of an export by side, and what became of the samples."""

    files: dict[str, Path]
    report: ConversionReport


def export_in_format(parts: Parts, name: str, form: Format, *, allow_loss: bool = False) -> Exported:
    """Write the sides of a stored dataset in a training format, whole or not at all, beside the files of its provider:
    ``<name>_train_<format>.jsonl``. Raises DatasetError, also when something would be lost and ``allow_loss`` is False.
    """
    report = ConversionReport(form, form)

    def rows_of(side: SplitName) -> Iterator[dict[str, Any]]:
        conversations = (conversation_of(row.sample) for row in store.side(record.id, side))
        yield from convert_conversations(conversations, report)
        require_no_loss(report, allow_loss=allow_loss)

    with hold_workspace(parts.workspace), Store(parts.workspace.database) as store:
        record = store.find(name)
        if form is LLAMA_FACTORY:
            read_descriptions(parts.workspace.output_datasets)  # before anything is written
        sides = {f"{side}_{form.name}": rows_of(side) for side in SIDES}
        files = export_jsonl(parts.workspace.output_datasets, record.name, sides)
        remove_unwritten(parts.workspace.output_datasets, record.name, sides, files)
    if form is LLAMA_FACTORY:
        for path in files.values():
            describe_for_llama_factory(path)
    return Exported(files, report)


def describe_stored(workspace: Workspace, name: str) -> Described:
    """Count and check the samples of a stored dataset. Raises DatasetError."""
    with Store(workspace.database) as store:
        return describe_dataset(store, store.find(name))
