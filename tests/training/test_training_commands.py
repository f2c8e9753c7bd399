"""The commands over a trained model, and menu 9: what is shown, what is asked, what is written."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from typing import Any

import pytest

from src.cli.arguments import parse_arguments
from src.cli.menu import run_menu
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import BuilderError, UsageError
from src.core.jsonl import write_jsonl
from src.core.workspace import Workspace
from tests.cli.driver import make_session, screen_of, type_into_menu
from tests.training.tiny_model import rows
from tests.training.tiny_run import make_run

HAS_STACK = importlib.util.find_spec("torch") is not None
without_stack = pytest.mark.skipif(HAS_STACK, reason="the training stack is installed")
with_stack = pytest.mark.skipif(not HAS_STACK, reason="needs the training stack")


@pytest.fixture
def here(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace to be in, with a file of rows."""
    monkeypatch.chdir(workspace.root)
    write_jsonl(workspace.root / "rows.jsonl", rows(12))
    return workspace


def call(session: Session, *line: str) -> Outcome:
    arguments = parse_arguments(list(line))
    return arguments.command.load()(arguments, session)


def screen_after(workspace: Workspace, *typed: str) -> str:
    session = make_session(workspace, width=100)
    run_menu(session, io.StringIO("".join(f"{line}\n" for line in typed)))
    return screen_of(session)


@without_stack
@pytest.mark.parametrize("line", [["sweep", "--dataset", "rows.jsonl"], ["train", "--dataset", "rows.jsonl"]])
def test_without_the_stack_each_command_tells_how_to_install_it(here: Workspace, line: list[str]) -> None:
    with pytest.raises(BuilderError) as error:
        call(make_session(here), *line)
    assert "make setup-train" in error.value.fix


@without_stack
def test_menu_9_says_at_once_what_is_missing(here: Workspace) -> None:
    screen = type_into_menu(here, "9.1", "9.4", "6")
    assert screen.count("fix: Run make setup-train") == 2


def test_menu_9_without_a_run_says_how_to_get_one(here: Workspace) -> None:
    screen = type_into_menu(here, "9.2", "9.3", "9.5", "6")
    assert screen.count("Nothing was trained here yet.") == 3
    assert "9. Train" in screen


@pytest.mark.parametrize("option", ["--lr=fast", "--lr=0", "--lr=,", "--epochs=1.5", "--ranks=0,4", "--epochs=nan"])
def test_a_grid_is_made_of_numbers(option: str) -> None:
    with pytest.raises(UsageError, match="no list of numbers"):
        parse_arguments(["sweep", "--dataset", "x", option])


@pytest.mark.parametrize("action", ["merge-adapter", "export-gguf"])
def test_a_folder_that_holds_no_run_cannot_be_exported(here: Workspace, action: str) -> None:
    with pytest.raises(BuilderError, match="no trained adapter"):
        call(make_session(here), "train", action, str(here.root))


@pytest.mark.train
@with_stack
def test_a_sweep_shows_its_time_then_its_table_and_does_nothing_twice(here: Workspace, tiny: Path) -> None:
    line = ("sweep", "--dataset", "rows.jsonl", "--base", str(tiny), "--lr", "1e-3,1e-2", "--epochs", "1")
    session = make_session(here, width=100)
    facts: dict[str, Any] = call(session, *line).facts or {}
    screen = screen_of(session)
    assert screen.index("Time ") < screen.index("Training lr0.001-e1-r16") < screen.index("untuned")
    assert f"Best: {facts['best']}, its adapter in memory/sweeps/rows/{facts['best']}" in screen
    perplexities = {run["folder"].rpartition("/")[2]: run["perplexity"] for run in facts["runs"]}
    assert min(perplexities, key=perplexities.__getitem__) == facts["best"]
    assert (facts["cells"], facts["to_train"]) == (2, 2)
    assert facts["estimated_seconds"] > 0
    assert all(run["perplexity"] != facts["untuned_perplexity"] for run in facts["runs"])
    again = call(session, *line).facts or {}
    assert call(session, *line, "--plan").facts == {"cells": 2, "to_train": 0, "estimated_seconds": 0.0}
    assert [run["known"] for run in again["runs"]] == [True, True]
    assert [run["perplexity"] for run in again["runs"]] == list(perplexities.values())


@pytest.mark.train
@with_stack
def test_menu_9_asks_with_the_time_in_sight_and_trains_after_a_yes(here: Workspace, tiny: Path) -> None:
    base = str(tiny)
    screen = screen_after(here, "9.1", "rows.jsonl", base, "1", "n", "9.1", "rows.jsonl", base, "1", "y", "6")
    assert screen.count("One step was done; nothing was saved.") == 2
    assert screen.count("Adapter: ") == 1
    assert screen.index("Time ") < screen.index("Train (y/n")
    assert (here.memory / "training" / "rows" / "adapter" / "adapter_config.json").is_file()


@pytest.mark.train
@with_stack
def test_menu_9_talks_to_a_run_merges_it_and_sweeps_no_further_than_a_no(here: Workspace, tiny: Path) -> None:
    make_run(here.memory / "training", tiny)
    make_run(here.memory / "training" / "second", tiny)
    (here.memory / "training" / "second" / "run").rename(here.memory / "training" / "other")
    sweep = ("9.4", "rows.jsonl", str(tiny), "1e-3", "1", "4", "n")
    screen = screen_after(here, "9.3", "2", "Where is the pump?", "b", "9.5", "1", "3", *sweep, "6")
    assert "Which run" in screen
    assert "tuned" in screen
    assert "Written: memory/training/" in screen
    assert "Nothing was trained." in screen
    assert not (here.memory / "sweeps").exists()


@pytest.mark.train
@with_stack
def test_try_answers_each_prompt_by_itself(here: Workspace, tiny: Path) -> None:
    run = make_run(here.root, tiny)
    session = make_session(here)
    asked = ("--prompt", "Where is the pump?")
    facts: dict[str, Any] = call(session, "try", str(run), *asked, *asked, "--max-tokens", "6").facts or {}
    first, second = facts["answers"]
    assert first == second
    assert first["base"] != first["tuned"]
    assert "base" in screen_of(session)
