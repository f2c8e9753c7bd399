"""Files of a former version, kept while those of the next one are written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from src.core.errors import StorageError
from src.core.types import DatasetRecord
from src.core.workspace import Workspace
from src.dataset_files import files_of, hold_workspace
from src.persistence.former_files import former_kept, is_left_over
from src.persistence.run_lock import hold_run_lock
from src.persistence.sqlite_client import Store
from tests.cli.driver import dataset_with


def _begin(workspace: Workspace, store: Store) -> DatasetRecord:
    """The next version of the dataset, whole and not finished."""
    former = store.find(dataset_with(workspace))
    writer = store.begin(store.derive(former, "edited"))
    writer.add(store.samples(former.id))
    return writer.end(former.run)


def _contents(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.output_datasets.iterdir()}


def _replace(path: Path) -> None:
    """As a writer does: another file under the same name."""
    part = path.with_suffix(".part")
    part.write_text("new", encoding="utf-8")
    part.replace(path)


def _begin_to_write(store: Store, version: DatasetRecord, workspace: Workspace) -> None:
    """A file replaced, one removed, one added; then somebody presses Ctrl-C."""
    with former_kept(store, version, workspace, files_of):
        _replace(workspace.output_datasets / "my_dataset_train.jsonl")
        (workspace.output_datasets / "my_dataset.csv").unlink()
        (workspace.output_datasets / "my_dataset_rejected.jsonl").write_text("{}\n", encoding="utf-8")
        assert is_left_over(workspace)
        raise KeyboardInterrupt


def test_an_interrupt_puts_the_former_files_back_and_leaves_nothing(workspace: Workspace) -> None:
    with Store(workspace.database) as store:
        version = _begin(workspace, store)
        before = _contents(workspace)
        with pytest.raises(KeyboardInterrupt):
            _begin_to_write(store, version, workspace)
    assert _contents(workspace) == before
    assert not workspace.former_files.exists()


def test_a_version_that_is_finished_keeps_its_files(workspace: Workspace) -> None:
    with Store(workspace.database) as store:
        version = _begin(workspace, store)
        with former_kept(store, version, workspace, files_of):
            _replace(workspace.output_datasets / "my_dataset_train.jsonl")
            store.mark_finished(version)
    assert (workspace.output_datasets / "my_dataset_train.jsonl").read_text(encoding="utf-8") == "new"
    assert not workspace.former_files.exists()


def test_what_a_running_program_keeps_is_left_to_it(workspace: Workspace) -> None:
    with Store(workspace.database) as store:
        version = _begin(workspace, store)
        with hold_run_lock(workspace.run_lock), former_kept(store, version, workspace, files_of):
            _replace(workspace.output_datasets / "my_dataset_train.jsonl")
            with pytest.raises(StorageError, match="Another run is writing"), hold_workspace(workspace):
                pass
            assert (workspace.output_datasets / "my_dataset_train.jsonl").read_text(encoding="utf-8") == "new"
            store.mark_finished(version)


def test_nothing_is_done_where_nothing_was_cut_short(workspace: Workspace) -> None:
    with hold_workspace(workspace) as restored:
        assert restored == ""


def _killed(workspace: Workspace) -> dict[str, bytes]:
    """What a killed program leaves: files half replaced, the former ones kept. Returns the contents of those."""
    aside = workspace.memory / "aside"
    with Store(workspace.database) as store:
        version = _begin(workspace, store)
        before = _contents(workspace)
        with former_kept(store, version, workspace, files_of):
            shutil.copytree(workspace.former_files, aside)
    aside.rename(workspace.former_files)
    _replace(workspace.output_datasets / "my_dataset_train.jsonl")
    return before


def test_whoever_changes_a_dataset_next_puts_back_what_a_killed_program_left(workspace: Workspace) -> None:
    before = _killed(workspace)
    with hold_workspace(workspace) as restored:
        assert restored == "my_dataset"
        assert _contents(workspace) == before
    with hold_workspace(workspace) as restored:
        assert restored == ""


def test_a_recovery_that_was_cut_short_itself_spoils_nothing(workspace: Workspace) -> None:
    before = _killed(workspace)
    kept = workspace.former_files / "files" / "my_dataset_train.jsonl"
    # as a kill between two steps leaves it
    (workspace.output_datasets / ".my_dataset_train.jsonl.former").hardlink_to(kept)
    with hold_workspace(workspace):
        assert _contents(workspace) == before


@pytest.mark.parametrize("note", [b"", b"{}", b"[1]"])
def test_a_note_that_cannot_be_read_is_said(workspace: Workspace, note: bytes) -> None:
    _killed(workspace)
    workspace.former_note.write_bytes(note)
    with pytest.raises(StorageError, match="cannot be read") as found, hold_workspace(workspace):
        pass
    assert "away" in found.value.fix


def test_kept_files_that_are_gone_are_said(workspace: Workspace) -> None:
    _killed(workspace)
    shutil.rmtree(workspace.former_files / "files")
    with pytest.raises(StorageError), hold_workspace(workspace):
        pass
