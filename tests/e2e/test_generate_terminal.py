"""`generate` before a person: asked before money is spent, stopped by Ctrl-C once and twice, and gone on with."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator

import pytest

from src.core.workspace import Workspace
from tests.cli.driver import ROOT, run_program, without_colour
from tests.patience import PATIENCE_S
from tests.stub_server import StubServer
from tests.stub_wires import StubRequest
from tests.truthful import answer_truthfully

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("a pseudo-terminal is needed", allow_module_level=True)

from tests.e2e.terminal import Terminal
from tests.e2e.test_one_run_at_a_time import wait_for_a_call

AT_A_TIME = 4
SIZE = 12
COMMAND = (
    "generate",
    *("--set", "mode=create"),
    *("--set", f"dataset_size={SIZE}"),
    *("--set", "system.agentic_llm=openai"),
    *("--set", f"generation.concurrency={AT_A_TIME}"),
)
CTRL_C = "\x03"


@pytest.fixture
def ready(workspace: Workspace) -> Workspace:
    shutil.copy(ROOT / "input_files" / "sourdough_guide.md", workspace.root / "input_files")
    return workspace


@pytest.fixture
def gate(stub: StubServer) -> Iterator[threading.Event]:
    """The model answers nothing before it is set."""
    opened = threading.Event()

    def answer_when_open(request: StubRequest) -> str:
        opened.wait(timeout=PATIENCE_S)
        return answer_truthfully(request)

    stub.responder = answer_when_open
    yield opened
    opened.set()


def keys(stub: StubServer) -> dict[str, str]:
    return {"OPENAI_API_KEY": "test-key", "OPENAI_BASE_URL": stub.url("openai")}


@pytest.mark.parametrize("fresh", [(), ("--fresh",)])
def test_ctrl_c_finishes_what_is_in_flight_and_the_next_run_goes_on(
    stub: StubServer, ready: Workspace, gate: threading.Event, fresh: tuple[str, ...]
) -> None:
    with Terminal(ready.root, *COMMAND, *fresh, **keys(stub)) as terminal:
        wait_for_a_call(stub)
        terminal.type(CTRL_C)
        terminal.wait_for("Press Ctrl-C again")
        gate.set()
        assert terminal.leave() == 130
    said = " ".join(without_colour(terminal.screen).split())
    assert "run again to go on" in said
    assert ("Leave out --fresh then" in said) == bool(fresh)
    assert "Traceback" not in terminal.screen
    assert 1 <= len(stub.calls) <= AT_A_TIME
    again = run_program(ready.root, *COMMAND, "--allow-short", **keys(stub))
    assert again.returncode == 0, again.stderr
    prompts = [call.prompt for call in stub.calls]
    assert len(prompts) == len(set(prompts))  # nothing was paid for twice: what was in flight had been waited for


def test_a_second_ctrl_c_leaves_at_once(stub: StubServer, ready: Workspace, gate: threading.Event) -> None:
    with Terminal(ready.root, *COMMAND, **keys(stub)) as terminal:
        wait_for_a_call(stub)
        terminal.type(CTRL_C)
        terminal.wait_for("Press Ctrl-C again")
        terminal.type(CTRL_C)
        assert terminal.leave() == 130
    assert not gate.is_set()  # nobody has waited for an answer
    assert "stopped at once" in " ".join(without_colour(terminal.screen).split())
    assert "Traceback" not in terminal.screen


def test_a_run_that_may_be_costly_asks_first_and_a_no_pays_nothing(stub: StubServer, ready: Workspace) -> None:
    stub.responder = answer_truthfully
    costly = (*COMMAND, "--allow-short", "--set", "generation.ask_above_usd=0.0")
    with Terminal(ready.root, *costly, **keys(stub)) as terminal:
        terminal.wait_for("Go ahead (y/n")
        terminal.type("n\n")
        assert terminal.leave() == 1
    assert "Cost " in without_colour(terminal.screen)
    assert stub.calls == []
    with Terminal(ready.root, *costly, **keys(stub)) as terminal:
        terminal.wait_for("Go ahead (y/n")
        terminal.type("y\n")
        wait_for_a_call(stub)
