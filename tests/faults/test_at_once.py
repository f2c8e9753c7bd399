"""Two processes at a time: on one output each file is that of one of them, and on one database nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.core.errors import StorageError
from src.core.jsonl import atomic_writer, write_jsonl
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from tests.cli.driver import PROGRAM, add_documents, bare_environment
from tests.curation.making import make_row, write_lines
from tests.patience import PATIENCE_S

_SLOW = """
import sys, time
from pathlib import Path
from src.core.jsonl import atomic_writer
with atomic_writer(Path(sys.argv[1])) as file:
    file.write(b"slow")
    file.flush()
    print("begun", flush=True)
    sys.stdin.readline()
    file.write(b" and whole")
"""


def test_second_writer_of_a_file_is_refused_and_the_first_one_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with atomic_writer(path) as first:
        first.write(b"one")
        with pytest.raises(StorageError, match="being written by another process") as caught, atomic_writer(path):
            pass
        first.write(b" whole")
    assert caught.value.fix
    assert path.read_bytes() == b"one whole"
    assert write_jsonl(path, [{"a": 1}]) == 1
    assert sorted(tmp_path.iterdir()) == [path]


def test_writer_in_another_process_is_met_too_and_its_death_frees_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW, str(path)],
        env=bare_environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        with pytest.raises(StorageError, match="another process"), atomic_writer(path):
            pass
        process.kill()
    assert not path.exists()
    with atomic_writer(path) as file:
        file.write(b"mine")
    assert path.read_bytes() == b"mine"
    assert not path.with_name("rows.jsonl.part").exists()


def test_file_that_is_renamed_between_opening_and_locking_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with atomic_writer(path) as first:
        first.write(b"first")
    before = path.stat().st_ino
    with atomic_writer(path) as second:
        second.write(b"second, longer")
        assert path.read_bytes() == b"first"
        assert path.stat().st_ino == before
    assert path.read_bytes() == b"second, longer"


def start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=root,
        env=bare_environment(root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_two_commands_on_one_output_leave_one_whole_result(workspace: Workspace) -> None:
    arguments = ("curate", "rows.jsonl", "--out", "out.jsonl", "--any-score")
    write_lines(workspace.root / "rows.jsonl", [make_row(number) for number in range(150)])
    both = [start(workspace.root, *arguments) for _ in range(2)]
    said = [process.communicate(timeout=PATIENCE_S) for process in both]
    codes = [process.returncode for process in both]
    assert 0 in codes, said
    for code, (_, err) in zip(codes, said, strict=True):
        assert "defect" not in err
        assert code == 0 or "fix:" in err
    alone = workspace.root / "alone.jsonl"
    single = start(workspace.root, *(part.replace("out.jsonl", "alone.jsonl") for part in arguments))
    single.communicate(timeout=PATIENCE_S)
    assert (workspace.root / "out.jsonl").read_bytes() == alone.read_bytes()
    assert not list(workspace.root.rglob("*.part"))


def test_two_runs_on_one_database_make_two_datasets_or_one_is_told_to_wait(workspace: Workspace) -> None:
    add_documents(workspace)
    both = [start(workspace.root, "generate", "--set", "mode=identify", "--json") for _ in range(2)]
    said = [process.communicate(timeout=PATIENCE_S) for process in both]
    facts = [json.loads(out) for out, _ in said]
    done = [one for one in facts if "error" not in one]
    assert done, said
    assert all("Another run is writing" in one["error"] and one["fix"] for one in facts if "error" in one)
    with Store(workspace.database) as store:
        assert {record.name for record in store.datasets() if record.status == "finished"} == {
            one["name"] for one in done
        }
