"""A run that is killed without warning goes on where it stopped and pays only for what was in flight."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from tests.cli.driver import PROGRAM, add_documents, bare_environment, run_program
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

ROOT = Path(__file__).parents[2]
SIZE = 40


def start(workspace: Workspace, stub: StubServer) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "src.main", "generate"]
    for setting in ("mode=create", f"dataset_size={SIZE}", "system.agentic_llm=openai"):
        command += ["--set", setting]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OPENAI_API_KEY": "test-key",
        "OPENAI_BASE_URL": stub.url("openai"),
    }
    return subprocess.Popen(
        command, cwd=workspace.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_killed_run_pays_again_only_for_what_was_in_flight(stub: StubServer, workspace: Workspace) -> None:
    for path in (ROOT / "input_files").iterdir():
        shutil.copy(path, workspace.root / "input_files")
    stub.responder = answer_truthfully
    stub.latency_s = 0.1
    process = start(workspace, stub)
    deadline = time.monotonic() + 40
    while len(stub.calls) < 16 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert process.returncode < 0
    assert not list(workspace.output_datasets.glob("*.jsonl"))
    asked = [call.prompt for call in stub.calls]
    second = start(workspace, stub)
    out, err = second.communicate(timeout=50)
    assert second.returncode == 0, err.decode()
    prompts = [call.prompt for call in stub.calls]
    paid_twice = len(prompts) - len(set(prompts))
    assert paid_twice <= stub.most_at_once
    assert set(asked) <= set(prompts)
    assert (workspace.output_datasets / "my_dataset_train.jsonl").exists()
    assert b"Kept" in out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is what holds the run at its last step")
def test_run_killed_while_its_files_are_written_goes_on_under_its_name(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.output_datasets.mkdir(exist_ok=True)
    blocked = workspace.output_datasets / "my_dataset_train.jsonl.part"
    os.mkfifo(blocked)  # opening it waits for a reader, who never comes
    arguments = ("generate", "--set", "mode=identify", "--json")
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=workspace.root,
        env=bare_environment(workspace.root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 40
    while not has_samples(workspace) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    blocked.unlink()
    assert has_samples(workspace)
    facts = json.loads(run_program(workspace.root, *arguments).stdout)
    assert facts["name"] == "my_dataset"
    assert all((workspace.root / path).exists() for path in facts["files"].values())


def has_samples(workspace: Workspace) -> bool:
    if not workspace.database.exists():
        return False
    with Store(workspace.database) as store:
        return any(record.total_samples for record in store.datasets())
