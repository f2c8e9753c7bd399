"""The files of a dataset after an edit: none of them holds what the dataset no longer has, or has on another side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from src.core.config import RunConfig, load_config
from src.core.types import Rejection, RunReport, SplitName
from src.core.workspace import Workspace
from src.library.editing.revision import Revision
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store
from src.publish.finishing import finish_dataset
from src.stored.exporting import export_in_format, export_scored, export_stored
from src.stored.keeping import roll_back
from src.stored.revising import Edit, apply_edit
from src.utils.formats.registry import find_format
from src.utils.splitter import Sides
from tests.library.stored import NOON, parts_of, record_named, rows, say, store_first

SAMPLES = tuple(
    say(f"What is pot {number}?", f"Pot {number} is a {number}-handled one.", metadata={"quality_score": 8.0})
    for number in range(6)
)
SHAREGPT = find_format("sharegpt")


@pytest.fixture
def config(workspace: Workspace) -> RunConfig:
    with Store(workspace.database, clock=lambda: NOON) as store:
        store_first(store, record_named("pots"), rows(SAMPLES))
    return load_config(workspace.config_file)


def move_all_to(side: SplitName) -> Edit:
    return Edit("moved", revise=lambda row: Revision(replace(row, split=side)))


def drop_first(row: StoredSample) -> Revision:
    return Revision(None, "dull") if row.sample == SAMPLES[0] else Revision(row)


def edit(workspace: Workspace, config: RunConfig, change: Edit) -> RunReport:
    return apply_edit(config, parts_of(workspace), "pots", change)


def names_in(folder: Path, part: str = "") -> set[str]:
    return {path.name for path in folder.iterdir() if part in path.name}


def test_files_of_other_formats_and_scores_do_not_outlive_an_edit(workspace: Workspace, config: RunConfig) -> None:
    parts, folder = parts_of(workspace), workspace.output_datasets
    export_in_format(parts, "pots", SHAREGPT)
    export_scored(parts, "pots", 7)
    export_stored(config, parts, "pots")
    foreign = folder / "pots_train_notes.jsonl"
    foreign.write_text("mine", encoding="utf-8")
    report = edit(workspace, config, move_all_to("train"))
    assert names_in(folder, "sharegpt") == names_in(folder, "_score_") == names_in(folder, "validation") == set()
    assert len((folder / "pots.csv").read_text(encoding="utf-8").splitlines()) == 7
    assert "validation" not in (folder / "pots.csv").read_text(encoding="utf-8")
    (said,) = report.warnings
    assert "pots_validation_sharegpt.jsonl" in said
    assert foreign.exists()


def test_an_export_removes_the_file_of_a_side_that_has_no_rows_now(workspace: Workspace, config: RunConfig) -> None:
    parts, folder = parts_of(workspace), workspace.output_datasets
    edit(workspace, config, move_all_to("train"))
    for left in ("validation_sharegpt", "validation_score_7"):
        (folder / f"pots_{left}.jsonl").write_text("{}\n", encoding="utf-8")
    assert set(export_in_format(parts, "pots", SHAREGPT).files) == {"train_sharegpt"}
    assert set(export_scored(parts, "pots", 7)) == {"train_score_7"}
    assert names_in(folder, "validation") == set()


def test_a_version_without_rejected_rows_has_no_file_of_them(workspace: Workspace, config: RunConfig) -> None:
    folder = workspace.output_datasets
    edit(workspace, config, Edit("dull", revise=drop_first))
    assert names_in(folder, "rejected")
    roll_back(config, parts_of(workspace), "pots", 1)
    assert not names_in(folder, "rejected")


def test_what_is_stopped_while_it_is_measured_leaves_the_files_of_the_former_version(
    workspace: Workspace, config: RunConfig
) -> None:
    def documents():
        raise KeyboardInterrupt
        yield Rejection("unreadable", "")

    export_stored(config, parts_of(workspace), "pots")
    before = {path.name: path.read_bytes() for path in workspace.output_datasets.iterdir()}
    with Store(workspace.database, clock=lambda: NOON) as store:
        former = store.find("pots")
        version = store.begin(store.derive(former, "fewer"))
        version.add(rows(SAMPLES[:3], validation=0))
        with pytest.raises(KeyboardInterrupt):
            finish_dataset(
                store, version.end(former.run), config, parts_of(workspace), documents(), Sides([0, 1, 2], [])
            )
        assert store.find("pots") == former
    assert {path.name: path.read_bytes() for path in workspace.output_datasets.iterdir()} == before
    edit(workspace, config, move_all_to("train"))
    assert not names_in(workspace.output_datasets, "validation")
