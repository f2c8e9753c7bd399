"""Two runs in one workspace: the second is refused before it pays for anything, and the first is not disturbed."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time

from src.core.workspace import Workspace
from src.persistence.backup import backup_database
from tests.cli.driver import PROGRAM, ROOT, bare_environment, dataset_with, run_program
from tests.patience import PATIENCE_S
from tests.stub_server import StubServer
from tests.stub_wires import StubRequest
from tests.truthful import answer_truthfully

SETTINGS = ("--set", "mode=create", "--set", "dataset_size=12", "--set", "system.agentic_llm=openai")


def test_second_run_is_refused_while_the_first_one_writes(stub: StubServer, workspace: Workspace) -> None:
    dataset_with(workspace, output_name="earlier")
    shutil.copy(ROOT / "input_files" / "sourdough_guide.md", workspace.root / "input_files")
    backup = backup_database(workspace.database, workspace.backups)
    assert backup is not None
    gate = threading.Event()

    def answer_when_open(request: StubRequest) -> str:
        gate.wait(timeout=PATIENCE_S)
        return answer_truthfully(request)

    stub.responder = answer_when_open
    key = {"OPENAI_API_KEY": "test-key", "OPENAI_BASE_URL": stub.url("openai")}
    with subprocess.Popen(
        [*PROGRAM, "generate", *SETTINGS],
        cwd=workspace.root,
        env=bare_environment(workspace.root, **key),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as first:
        wait_for_a_call(stub)
        refused = [
            run_program(workspace.root, *arguments, **key)
            for arguments in (
                ("generate", *SETTINGS, "--set", "output_name=second"),
                ("split", "earlier"),
                ("datasets", "restore", backup.name, "--yes"),
            )
        ]
        gate.set()
        _, errors = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0, errors.decode()
    for result in refused:
        assert result.returncode == 1
        assert f"error: Another run is writing in this folder (process {first.pid}" in result.stderr
        assert "fix: Wait until it has ended" in result.stderr
    prompts = [call.prompt for call in stub.calls]
    assert len(prompts) == len(set(prompts))
    assert run_program(workspace.root, "split", "earlier").returncode == 0


def wait_for_a_call(stub: StubServer) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not stub.calls and time.monotonic() < deadline:
        time.sleep(0.01)
    assert stub.calls
