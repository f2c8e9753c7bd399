"""What a run may cost is said, and asked, before it begins."""

from __future__ import annotations

import subprocess

import pytest

from src.cli.preview import estimate_lines, writer_text
from src.core.config import RunConfig, with_values
from src.core.errors import ConfigError
from src.core.secrets import Secrets
from src.core.workspace import Workspace
from src.documents import Documents
from src.generation.writer import find_writer
from src.pipeline import Estimate, Parts, estimate_cost
from tests.cli.driver import add_documents, run_program, type_into_menu
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

KEY = Secrets({"OPENAI_API_KEY": "sk-0123456789"})
NOBODY = Secrets({})


def config(**changes: object) -> RunConfig:
    return with_values(RunConfig(), {key.replace("__", "."): value for key, value in changes.items()})


def estimate(workspace: Workspace, secrets: Secrets = KEY, **changes: object) -> Estimate | None:
    return estimate_cost(config(**changes), Parts(workspace, secrets), Documents(()))


def test_embedded_model_is_not_estimated_and_an_own_server_costs_nothing(workspace: Workspace) -> None:
    assert estimate(workspace, NOBODY, mode="create") is None
    own = estimate(workspace, NOBODY, system__agentic_llm="llama", endpoints__llama="ollama")
    assert own is not None
    assert own.most_usd == 0


@pytest.mark.parametrize(("mode", "calls"), [("create", 24), ("free", 24), ("hybrid", 12), ("identify", 0)])
def test_calls_follow_the_mode(workspace: Workspace, mode: str, calls: int) -> None:
    work = estimate(workspace, mode=mode)
    assert work is not None
    assert work.teachers[0].startswith("openai ")
    assert work.requests == calls
    shown = dict(estimate_lines(work))
    assert shown["Calls"].startswith(f"about {calls}, at most ")
    assert shown["Cost"].endswith("(estimate)")


def test_unknown_price_is_said(workspace: Workspace) -> None:
    secrets = Secrets({"LLAMA_API_KEY": "hf-0123456789"})
    work = estimate(workspace, secrets, mode="create", system__agentic_llm="llama", endpoints__llama="huggingface")
    assert work is not None
    assert work.most_usd is None
    assert "no price is known" in dict(estimate_lines(work))["Cost"]


def test_time_of_batches_is_what_their_vendors_promise(workspace: Workspace) -> None:
    work = estimate(workspace, mode="create", generation__batch=True)
    assert work is not None
    assert dict(estimate_lines(work))["Time"] == "up to a day for each batch"


def test_identify_goes_without_a_key_and_the_others_say_what_is_missing() -> None:
    named = {"system__agentic_llm": "openai"}
    assert find_writer(config(mode="identify", **named), NOBODY) is None
    assert writer_text(config(mode="identify"), NOBODY) == "no model is needed"
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        find_writer(config(mode="create", **named), NOBODY)
    assert "(demo quality)" in writer_text(config(mode="create"), NOBODY)


def test_menu_shows_the_cost_and_no_means_no(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.env_file.write_text("OPENAI_API_KEY=sk-0123456789\n", encoding="utf-8")
    screen = type_into_menu(workspace, "2.1", "2.2", "n", "2.3", "6", overrides=("mode=create", "dataset_size=100"))
    assert "Model   openai" in screen
    assert "Calls   about 100, at most 600" in screen
    assert "Cost    about $" in screen
    assert "There are no samples to validate yet." in screen
    assert not workspace.database.exists()


def test_yes_asks_the_provider(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    add_documents(workspace)
    workspace.env_file.write_text("OPENAI_API_KEY=sk-0123456789\n", encoding="utf-8")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")  # nobody listens there
    screen = type_into_menu(workspace, "2", "y", "6", overrides=("mode=create", "system.max_retries=0"))
    assert "error: " in screen
    assert "sk-0123456789" not in screen
    assert screen.endswith("Goodbye.\n")


def test_free_mode_asks_for_its_instructions_in_the_menu(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    add_documents(workspace)
    workspace.env_file.write_text("OPENAI_API_KEY=sk-0123456789\n", encoding="utf-8")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    settings = ("mode=free", "agent.free.use_prompt_file=false", "system.max_retries=0")
    screen = type_into_menu(workspace, "2", "y", "Only riddles.", "", "6", overrides=settings)
    assert "Instructions for free mode" in screen
    back = type_into_menu(workspace, "2", "y", "b", "6", overrides=settings)
    assert "Back to the menu" in back


def generate(workspace: Workspace, stub: StubServer, *options: str) -> subprocess.CompletedProcess[str]:
    settings = ("mode=create", "dataset_size=2", "generation.ask_above_usd=0", "system.agentic_llm=openai")
    arguments = [part for setting in settings for part in ("--set", setting)]
    environment = {"OPENAI_API_KEY": "sk-0123456789", "OPENAI_BASE_URL": stub.url("openai")}
    return run_program(workspace.root, "generate", *arguments, *options, **environment)


def test_run_above_the_threshold_needs_yes_where_nobody_can_be_asked(workspace: Workspace, stub: StubServer) -> None:
    add_documents(workspace)
    stub.responder = answer_truthfully
    refused = generate(workspace, stub)
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert not stub.calls
    done = generate(workspace, stub, "--yes", "--allow-short")
    assert done.returncode == 0, done.stderr
    assert "Cost" in done.stdout
    assert stub.calls


def test_fewer_samples_than_planned_fail_unless_that_is_allowed(workspace: Workspace, stub: StubServer) -> None:
    add_documents(workspace)
    stub.responder = answer_truthfully
    more = ("--yes", "--set", "dataset_size=60")
    short = generate(workspace, stub, *more)
    assert short.returncode == 1
    assert "fewer than the 60 that were wished" in short.stderr
    assert list(workspace.output_datasets.glob("*_train.jsonl"))
    assert generate(workspace, stub, *more, "--allow-short").returncode == 0
