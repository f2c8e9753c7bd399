"""A merge that is killed while its files take the place of those of an earlier one: training rows of one merge never
stand beside evaluation rows of another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from tests.data_prep.making import make_row, write_lines
from tests.faults.cases import Case
from tests.faults.kills import run
from tests.stub_server import StubServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
SIDES = {"train.two.jsonl", "eval.two.jsonl"}
WHOLE = {*SIDES, "rejected.two.jsonl", "report.two.json"}
REJECTED, REPORT = "rejected.two.jsonl", "report.two.json"
MOMENTS = {
    r"open .*eval\.two\.jsonl\.new": WHOLE,
    r"os.rename \S*report\.two\.json \S*former": WHOLE,
    r"os.rename \S*train\.two\.jsonl \S*former": WHOLE - {REPORT},
    r"os.rename \S*rejected\.two\.jsonl \S*former": {REJECTED},
    r"os.rename \S*train\.two\.jsonl\.new ": set(),
    r"os.rename \S*eval\.two\.jsonl\.new ": {"train.two.jsonl"},
    r"os.rename \S*rejected\.two\.jsonl\.new ": SIDES,
    r"os.rename \S*report\.two\.json\.part": WHOLE - {REPORT},
}
"""What is there after a kill at that moment."""


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


def merge(seed: int) -> Case:
    line = ("merge-split", "chats.jsonl", "--name", "two", "--out-dir", "sides", "--eval_frac", "0.3")
    return Case("merge-split", (*line, "--seed", str(seed)))


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_killed_merge_leaves_no_mixture(workspace: Workspace, stub: StubServer) -> None:
    sides = workspace.root / "sides"
    write_lines(workspace.root / "chats.jsonl", [make_row(number % 40) for number in range(50)])
    assert run(merge(7), workspace, "step:0", stub).code == 0
    new = files_in(sides)
    for moment, expected in MOMENTS.items():
        assert run(merge(42), workspace, "step:0", stub).code == 0
        old = files_in(sides)
        assert old.keys() == WHOLE
        assert all(old[name] != new[name] for name in SIDES)
        dead = run(merge(7), workspace, f"at:{moment}", stub)
        assert dead.code < 0, (moment, dead.said)
        left = {name: data for name, data in files_in(sides).items() if not name.endswith((".part", ".new", ".former"))}
        assert left.keys() == expected, moment
        assert left.items() <= old.items() or left.items() <= new.items(), moment
        assert run(merge(7), workspace, "step:0", stub).code == 0
        assert files_in(sides) == new
