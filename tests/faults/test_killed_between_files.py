"""An edit that is killed while the files of its version take the place of the former ones: the next start finds a whole
library, and the same edit can be made again."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from src.core.workspace import Workspace
from src.main import main
from src.persistence.sqlite_client import Store
from tests.cli.driver import dataset_with
from tests.faults.cases import Case
from tests.faults.kills import run
from tests.stub_server import StubServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
EDIT = Case("clean", ("clean", "my_dataset", "--replace", "crowns", "coins", "--yes"))


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


def files_in(workspace: Workspace) -> dict[str, bytes]:
    """The files of all datasets, without what a dead writer has left behind."""
    return {path.name: path.read_bytes() for path in workspace.output_datasets.iterdir() if path.suffix != ".part"}


def version_in(workspace: Workspace) -> int:
    with Store(workspace.database) as store:
        return store.find("my_dataset").version


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        (r"os.rename .*/output_datasets/my_dataset\.csv", 1),  # the rows are those of the new one already
        ("INSERT INTO datasets.*'finished'", 1),  # every file is the new one
        ("os.remove .*/former_files/note.json", 2),
    ],
)
def test_next_start_finds_one_version_with_its_own_files(
    workspace: Workspace,
    stub: StubServer,
    moment: str,
    version: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(workspace.root)
    dataset_with(workspace)
    assert main(["export", "my_dataset", "--format", "sharegpt"]) == 0  # a new version makes these files stale
    before = files_in(workspace)
    dead = run(EDIT, workspace, f"at:{moment}", stub)
    assert dead.code < 0, dead.said
    left = files_in(workspace)
    assert left != before
    capfd.readouterr()
    assert main(["datasets"]) == 0
    assert ("was cut short" in capfd.readouterr().err) is (version == 1)
    assert version_in(workspace) == version
    assert files_in(workspace) == (before if version == 1 else left)
    assert not workspace.former_files.exists()
    if version == 1:
        assert main([*EDIT.arguments]) == 0
        assert version_in(workspace) == 2
    assert b"crowns" not in files_in(workspace)["my_dataset_train.jsonl"]
