"""What a run may cost is said, and asked, before it begins."""

from __future__ import annotations

import pytest

from src.cli.preview import estimate_work, writer_text
from src.core.config import RunConfig, with_values
from src.core.errors import ConfigError
from src.core.secrets import Secrets
from src.core.workspace import Workspace
from src.generation.writer import find_writer
from tests.cli.driver import add_documents, type_into_menu

KEY = Secrets({"OPENAI_API_KEY": "sk-0123456789"})
NOBODY = Secrets({})


def config(**changes: object) -> RunConfig:
    return with_values(RunConfig(), {key.replace("__", "."): value for key, value in changes.items()})


def test_local_model_and_own_server_cost_nothing() -> None:
    assert estimate_work(config(mode="create"), NOBODY, ()) is None
    assert estimate_work(config(system__agentic_llm="llama", endpoints__llama="ollama"), NOBODY, ()) is None


@pytest.mark.parametrize(("mode", "calls"), [("create", 24), ("free", 24), ("hybrid", 12), ("identify", 0)])
def test_calls_follow_the_mode(mode: str, calls: int) -> None:
    work = estimate_work(config(mode=mode), KEY, ())
    assert work is not None
    assert work.provider == "openai"
    assert work.expected_calls == calls
    assert work.most_calls >= calls
    assert work.most_usd is not None
    assert work.expected_usd is not None
    assert work.most_usd >= work.expected_usd >= 0


def test_capped_size_is_what_counts() -> None:
    work = estimate_work(config(mode="create", dataset_size=10**9), KEY, ())
    assert work is not None
    assert work.expected_calls == 10_000_000


def test_unknown_price_is_said() -> None:
    someone = config(mode="create", system__agentic_llm="llama", endpoints__llama="huggingface")
    work = estimate_work(someone, Secrets({"LLAMA_API_KEY": "hf-0123456789"}), ())
    assert work is not None
    assert work.most_usd is None
    assert "no price is known" in dict(work.lines())["Cost"]


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
    assert "Provider  openai" in screen
    assert "Calls     about 100, at most 600" in screen
    assert "Cost      about $" in screen
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
