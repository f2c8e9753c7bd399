"""A few of the kills of `python -m benchmarks.faults`, which does 200 over every command that writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from src.core.workspace import Workspace
from tests.faults.cases import cases_for, make_workspace
from tests.faults.kills import choose_moment, choose_step, kill_once, survey
from tests.stub_server import StubServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
KILLED = {"split": 2, "convert": 3, "datasets drop": 3, "settings": 2, "clean": 1, "import-csv": 1}


@pytest.fixture(scope="module")
def model() -> Iterator[StubServer]:
    with StubServer(latency_s=0.01) as server:
        yield server


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory, model: StubServer) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("seed") / "workspace", model)


@pytest.mark.parametrize("name", KILLED)
def test_killed_command_loses_nothing_and_ends_well_when_it_is_started_again(
    seed: Workspace, model: StubServer, tmp_path: Path, name: str
) -> None:
    case = next(case for case in cases_for(seed) if case.name == name)
    course = survey(case, seed, tmp_path, model, runs=1)
    random = Random(name)
    moments = [choose_step(course, random), *(choose_moment(course, random) for _ in range(KILLED[name] - 1))]
    found = [kill_once(course, moment, tmp_path, model) for moment in moments]
    assert [finding for finding in found if finding.faults] == []
    assert found[0].killed
