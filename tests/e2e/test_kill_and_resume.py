"""A run that is killed without warning goes on where it stopped and pays only for what was in flight."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from src.core.config import load_config, with_values
from src.core.secrets import Secrets
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from src.pipeline import Parts, build_dataset
from tests.cli.driver import PROGRAM, add_documents, bare_environment, run_program
from tests.patience import PATIENCE_S
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

ROOT = Path(__file__).parents[2]
SIZE = 40


def start(workspace: Workspace, stub: StubServer) -> subprocess.Popen[bytes]:
    settings = ("mode=create", f"dataset_size={SIZE}", "system.agentic_llm=openai")
    key = {"OPENAI_API_KEY": "test-key", "OPENAI_BASE_URL": stub.url("openai")}
    return subprocess.Popen(
        [*PROGRAM, "generate", *(part for setting in settings for part in ("--set", setting))],
        cwd=workspace.root,
        env=bare_environment(workspace.root, **key),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def kill_after(workspace: Workspace, stub: StubServer, calls: int) -> None:
    """Begin or go on with a run, and kill it once the model was called so many times more."""
    enough = len(stub.calls) + calls
    with start(workspace, stub) as process:
        deadline = time.monotonic() + PATIENCE_S
        while len(stub.calls) < enough and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.communicate()
    assert process.returncode < 0


def rows_of(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.output_datasets.glob("*.jsonl")}


def test_run_killed_again_and_again_pays_twice_only_for_what_was_in_flight_and_makes_the_same_dataset(
    stub: StubServer, workspace: Workspace, tmp_path: Path
) -> None:
    for path in (ROOT / "input_files").iterdir():
        shutil.copy(path, workspace.root / "input_files")
    undisturbed = Workspace(tmp_path / "undisturbed")
    shutil.copytree(workspace.root, undisturbed.root)
    stub.responder = answer_truthfully
    stub.latency_s = 0.1
    kills = (5, 14)
    for calls in kills:
        kill_after(workspace, stub, calls)
        assert not rows_of(workspace)
    out, err = start(workspace, stub).communicate(timeout=PATIENCE_S)
    assert b"Kept" in out, err.decode()
    prompts = [call.prompt for call in stub.calls]
    assert len(prompts) - len(set(prompts)) <= len(kills) * stub.most_at_once
    stub.latency_s = 0
    config = with_values(
        load_config(undisturbed.config_file),
        {
            "mode": "create",
            "dataset_size": SIZE,
            "system.agentic_llm": "openai",
            "endpoints.openai": stub.url("openai"),
        },
    )
    build_dataset(config, Parts(undisturbed, Secrets({"OPENAI_API_KEY": "test-key"})))
    assert rows_of(workspace) == rows_of(undisturbed)
    assert {call.prompt for call in stub.calls} == set(prompts)


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
    deadline = time.monotonic() + PATIENCE_S
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
