"""A launch that is killed without warning at any step goes on where it stopped: one job, every file once."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any, Literal

import pytest

from src.core.workspace import Workspace
from src.providers.tuning_api import Service
from tests.cli.driver import PROGRAM, bare_environment, run_program
from tests.patience import PATIENCE_S
from tests.stub_tuning import StubTuning
from tests.tuning.makers import MODELS, ROWS, TUNING, write_rows

WAIT_S = PATIENCE_S


def arguments_for(service: Service) -> list[str]:
    provider, model = MODELS[service]
    settings = [part for key, value in TUNING.items() for part in ("--set", f"{key}={value}")]
    files = ["train.jsonl", "--validation", "validation.jsonl"]
    return ["launch", *files, "--provider", provider, "--model", model, "--yes", "--json", *settings]


def environment_for(vendors: StubTuning, service: Service, root: Path) -> dict[str, str]:
    key_file = vendors.write_key_file(root / "account.json") if service == "vertex" else None
    return vendors.environment(service, key_file)


def kill_at_next_change(
    vendors: StubTuning, service: Service, workspace: Workspace, when: Literal["before", "after"]
) -> None:
    """Begin or go on with the launch, and kill it while its first changing request is under way."""
    vendors.hold(1, when)
    environment = bare_environment(workspace.root, **environment_for(vendors, service, workspace.root))
    process = subprocess.Popen(
        [*PROGRAM, *arguments_for(service)],
        cwd=workspace.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + WAIT_S
    while not (has_come := vendors.reached.wait(0.02)) and process.poll() is None and time.monotonic() < deadline:
        pass
    process.kill()
    _, said = process.communicate()
    vendors.release()
    assert has_come, said.decode()
    assert process.returncode < 0


def let_time_pass(workspace: Workspace) -> None:
    """As if the launch had broken off long ago: a job that it has started would be in the vendor's list by now."""
    with sqlite3.connect(workspace.database) as db:
        db.execute("UPDATE tuning_jobs SET step_at = '2026-01-01 00:00:00.000000'")
    db.close()


def finish(vendors: StubTuning, service: Service, workspace: Workspace) -> dict[str, Any]:
    environment = environment_for(vendors, service, workspace.root)
    done = run_program(workspace.root, *arguments_for(service), **environment)
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("service", "kills"),
    [
        ("openai", ["before", "after"] * 3),
        ("together", ["after"] * 7),
        ("vertex", ["after"] * 3),
        ("bedrock", ["after"] * 3),
    ],
)
def test_launch_killed_at_every_step_starts_one_job(
    vendors: StubTuning, workspace: Workspace, service: Service, kills: list[Literal["before", "after"]]
) -> None:
    write_rows(workspace.root / "train.jsonl", 110, ROWS[service])
    write_rows(workspace.root / "validation.jsonl", 10, ROWS[service], start=1000)
    for when in kills:
        kill_at_next_change(vendors, service, workspace, when)
        let_time_pass(workspace)
    facts = finish(vendors, service, workspace)
    assert facts["started"]
    assert [job.id for job in vendors.jobs] == [facts["job"]["id"]]
    contents = [*vendors.objects.values(), *(file["content"] for file in vendors.files.values() if file["content"])]
    assert len(contents) == 2, "each file was brought once"
