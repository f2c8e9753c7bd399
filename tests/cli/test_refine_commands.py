"""refine and datasets drop: what is shown before anything is paid, what each round brought, and the menu."""

from __future__ import annotations

import io
from typing import Any

import pytest

from src.cli.arguments import parse_arguments
from src.cli.menu import run_menu
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from tests.cli.driver import make_session, screen_of
from tests.stored.test_refining import GUIDE, spoil
from tests.stub_server import StubServer

SETTINGS = (
    "provider=openai",
    "model=gpt-4.1-mini",
    "mode=create",
    "dataset_size=6",
    "agent.create.task_mix={question_answer: 1}",
    "system.agentic_llm=openai",
    "system.max_retries=0",
)


@pytest.fixture
def ready(workspace: Workspace, stub: StubServer) -> Workspace:
    """A workspace with a dataset, about one of whose topics nothing was kept."""
    (workspace.root / "input_files" / "guide.md").write_text(GUIDE, encoding="utf-8")
    workspace.env_file.write_text("OPENAI_API_KEY=test-key\n", encoding="utf-8")
    stub.responder = spoil("bakery")
    call(workspace, stub, "generate", "--allow-short")
    return workspace


def session_for(workspace: Workspace, stub: StubServer, *more: str) -> Session:
    overrides = (*SETTINGS, f"endpoints.openai={stub.url('openai')}", *more)
    return make_session(workspace, overrides=overrides, width=100)


def call(workspace: Workspace, stub: StubServer, *line: str, session: Session | None = None) -> Outcome:
    arguments = parse_arguments(list(line))
    return arguments.command.load()(arguments, session or session_for(workspace, stub))


def test_refine_shows_what_it_will_do_and_then_each_round(ready: Workspace, stub: StubServer) -> None:
    session = session_for(ready, stub)
    outcome = call(ready, stub, "refine", "my_dataset", "--yes", session=session)
    screen = screen_of(session)
    for said in ("Refining my_dataset", "planned passages without a sample", "Calls", "Cost", "Round 1: ", "self-BLEU"):
        assert said in screen
    assert screen.index("Calls") < screen.index("Round 1: ") < screen.index("Saved: ")
    facts: dict[str, Any] = outcome.facts or {}
    assert facts["name"] == "my_dataset-refined"
    assert facts["parent"] == "my_dataset"
    assert facts["rounds"][-1]["coverage"] == 1.0
    assert facts["kept"] == facts["rounds"][-1]["samples"]


def test_plan_stops_before_anything_is_paid_and_a_high_cost_needs_a_yes(ready: Workspace, stub: StubServer) -> None:
    asked = len(stub.calls)
    outcome = call(ready, stub, "refine", "my_dataset", "--plan", "--rounds", "2")
    assert outcome.facts
    assert outcome.facts["calls"]["most"] == 4 * outcome.facts["calls"]["expected"]
    with pytest.raises(UsageError, match="nobody is here"):
        call(ready, stub, "refine", "my_dataset", session=session_for(ready, stub, "generation.ask_above_usd=0"))
    assert len(stub.calls) == asked


def test_samples_are_dropped_by_their_ids_and_taken_back(ready: Workspace, stub: StubServer) -> None:
    with Store(ready.database) as store:
        first = next(iter(store.samples(store.find("my_dataset").id)))
    session = session_for(ready, stub)
    line = ("datasets", "drop", "my_dataset", first.sample.id[:10])
    outcome = call(ready, stub, *line, "--note", "dull", session=session)
    assert outcome.facts == {"dataset": "my_dataset", "changed": 1, "dropped": {first.sample.id: "dull"}}
    assert "1 sample dropped; 1 of my_dataset are dropped now." in screen_of(session)
    undone = call(ready, stub, *line, "--undo")
    assert undone.facts == {"dataset": "my_dataset", "changed": 1, "dropped": {}}


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_size_and_rounds_are_numbers_of_things(size: str) -> None:
    for option in ("--size", "--rounds"):
        with pytest.raises(UsageError, match="whole number"):
            parse_arguments(["refine", "my_dataset", f"{option}={size}"])


def test_menu_refines_after_a_yes_and_compares(ready: Workspace, stub: StubServer) -> None:
    session = session_for(ready, stub)
    answers = ("12.1", "99", "2", "n", "12.1", "2", "y", "12.2", "1", "2", "12.3", "2", " ", "zz", "", "6")
    run_menu(session, io.StringIO("".join(f"{answer}\n" for answer in answers)))
    screen = screen_of(session)
    assert "type 1 to 20" in screen
    assert screen.index("nothing was paid") < screen.index("Round 1: ")
    assert "A  my_dataset-refined, " in screen
    assert "B  my_dataset, " in screen
    assert "Type at least one id." in screen
    assert "'zz' is no id of a sample" in screen
