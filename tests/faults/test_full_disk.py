"""A disk that is full, a limit on files, folders that cannot be written: a cause, a fix, and nothing half written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.main import main
from tests.cli.driver import PROGRAM, ROOT, add_documents, dataset_with, unmeasured_environment
from tests.curation.making import make_row, write_lines
from tests.data_prep.making import make_row as make_chat_row
from tests.patience import PATIENCE_S

resource = pytest.importorskip("resource", reason="this system has no limits of processes")

NOBODY = 65534
SMALL = 2000
"""Bytes: less than any result of these commands has."""
COMMANDS = (
    ("generate", "--set", "mode=identify", "--set", "output_name=other"),
    ("curate", "rows.jsonl", "--out", "made.jsonl", "--any-score"),
    ("convert", "chats.jsonl", "made.jsonl", "--to", "sharegpt"),
    ("qc", "chats.jsonl", "--out", "made.jsonl"),
)


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """A workspace with a dataset, rows and chats."""
    dataset_with(workspace)
    write_lines(workspace.root / "rows.jsonl", [make_row(number) for number in range(60)])
    write_lines(workspace.root / "chats.jsonl", [make_chat_row(number) for number in range(30)])
    return workspace


def results_of(workspace: Workspace) -> dict[str, bytes]:
    """All files but the database, its log and its lock, and the finished shards that a curation goes on with."""
    own = {workspace.memory, workspace.root / "made.stages"}
    paths = (path for path in workspace.root.rglob("*") if path.is_file() and not own & set(path.parents))
    return {path.relative_to(workspace.root).as_posix(): path.read_bytes() for path in paths}


def run_limited(
    workspace: Workspace, command: Sequence[str], size: int | None = None
) -> subprocess.CompletedProcess[str]:
    """A program whose files may not grow beyond ``size`` bytes, if it is given."""
    limit = None if size is None else partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
    return subprocess.run(
        command,
        cwd=workspace.root,
        env=unmeasured_environment(workspace.root, PYTHONDONTWRITEBYTECODE="1"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        preexec_fn=limit,
    )


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_command_whose_files_may_not_grow_fails_with_a_fix_and_leaves_all_as_it_was(
    filled: Workspace, arguments: tuple[str, ...]
) -> None:
    before = results_of(filled)
    result = run_limited(filled, [*PROGRAM, *arguments], SMALL)
    assert result.returncode == 1, result.stderr
    assert "fix:" in result.stderr
    assert "defect" not in result.stderr
    assert "Traceback" not in result.stderr
    assert results_of(filled) == before


@pytest.fixture
def mounted(workspace: Workspace, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A disk of its own, of so many kilobytes, in the place of one of the folders."""
    name, kilobytes = request.param
    folder = workspace.root / name
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("mounted", [("output_datasets", 8), ("memory", 48), ("memory", 100)], indirect=True, ids=str)
def test_full_disk_is_told_and_the_same_run_ends_well_once_there_is_room(
    workspace: Workspace, mounted: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.root)
    add_documents(workspace)
    arguments = ["generate", "--set", "mode=identify"]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert "full" in said
    assert "fix:" in said
    assert not list(workspace.output_datasets.glob("*.part"))
    subprocess.run(["mount", "-o", "remount,size=20m", str(mounted)], check=True)
    assert main(arguments) == 0
    assert (workspace.output_datasets / "my_dataset_train.jsonl").exists()
    assert not list(workspace.output_datasets.glob("*.part"))


def as_nobody() -> list[str]:
    """What starts a program without the rights of root, who may write everywhere; empty for any other user."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and there is no setpriv to become somebody else")
    starter = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    probe = [*starter, sys.executable, "-c", "import src.main, pydantic"]
    if subprocess.run(
        probe, cwd="/", env=unmeasured_environment(Path("/")), capture_output=True, check=False
    ).returncode:
        pytest.skip("this checkout cannot be read by another user than root")
    return starter


@pytest.mark.parametrize("arguments", [COMMANDS[0], COMMANDS[2]], ids=lambda arguments: arguments[0])
def test_folders_that_cannot_be_written_are_told_with_what_to_check(arguments: tuple[str, ...]) -> None:
    starter = as_nobody()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        shutil.copytree(ROOT / "prompts", workspace.prompts)
        (workspace.root / "input_files").mkdir()
        add_documents(workspace)
        write_lines(workspace.root / "chats.jsonl", [make_chat_row(number) for number in range(5)])
        workspace.root.chmod(0o555)
        before = results_of(workspace)
        result = run_limited(workspace, [*starter, *PROGRAM, *arguments])
        after = results_of(workspace)
        workspace.root.chmod(0o755)
    assert result.returncode == 1, result.stderr
    assert "ermission" in result.stderr
    assert "fix:" in result.stderr
    assert "defect" not in result.stderr
    assert after == before


def test_what_does_not_fit_on_standard_output_is_told_without_a_buffer_too(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    code = "from src.cli.console import buffer_output; buffer_output(); print('x' * 1500)"
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-u", "-c", code],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
            preexec_fn=limit,
        )
    assert done.returncode != 0
    assert b"too large" in done.stderr
