"""The files of a job: what a name may mean, and what cannot be trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import InputFileError, UsageError
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from src.tuning.files import find_source, slug
from tests.cli.driver import dataset_with
from tests.tuning.makers import to_messages, write_rows


def test_a_file_is_taken_as_it_is_and_brings_its_validation_file(workspace: Workspace) -> None:
    train = write_rows(workspace.root / "bikes.jsonl", 3, to_messages)
    held_out = write_rows(workspace.root / "held_out.jsonl", 2, to_messages)
    with Store(workspace.database) as store:
        source = find_source(str(train), str(held_out), store)
    assert (source.name, source.train, source.validation) == ("bikes", train, held_out)


def test_a_stored_dataset_brings_its_own_validation_file(workspace: Workspace) -> None:
    name = dataset_with(workspace)
    with Store(workspace.database) as store:
        assert find_source(name, "", store).record is not None
        with pytest.raises(UsageError, match="--validation"):
            find_source(name, "held_out.jsonl", store)


def test_a_file_that_is_not_there_is_no_dataset(workspace: Workspace) -> None:
    with Store(workspace.database) as store, pytest.raises(InputFileError, match="no file"):
        find_source("nowhere.jsonl", "", store)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("My Bikes!", "my-bikes"),
        ("été__2026", "ete-2026"),
        ("自転車", "dataset"),
        ("a" * 60, "a" * 40),
        ("x--y", "x-y"),
    ],
)
def test_every_name_becomes_one_that_all_vendors_take(name: str, expected: str, tmp_path: Path) -> None:
    assert slug(name) == expected
    assert slug(slug(name)) == slug(name)
