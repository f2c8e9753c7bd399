"""``models`` and ``estimate``: what is shown, what ``--json`` prints, and the ways to be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from src.cli.actions.models import estimate, models
from src.cli.arguments import parse_arguments
from src.cli.subcommand import Outcome
from src.core.errors import ConfigError, UsageError
from src.core.workspace import Workspace
from tests.cli.driver import dataset_with, make_session, screen_of


def call(workspace: Workspace, *line: str) -> tuple[Outcome, str]:
    arguments = parse_arguments(list(line))
    session = make_session(workspace, overrides=arguments.overrides)
    outcome = arguments.command.load()(arguments, session)
    json.dumps(outcome.facts)
    return outcome, screen_of(session)


def test_both_are_subcommands() -> None:
    assert parse_arguments(["models"]).command.load() is models
    assert parse_arguments(["estimate", "x"]).command.load() is estimate


def test_models_shows_every_model_with_prices_source_and_day(workspace: Workspace) -> None:
    outcome, screen = call(workspace, "models")
    assert outcome.ok
    assert outcome.facts is not None
    assert len(outcome.facts["models"]) == 25
    for model in outcome.facts["models"]:
        assert model["title"] in screen
    assert "Meta Llama: models to train" in screen
    assert "models that write samples" in screen
    assert " ".join(screen.split()).count("checked 2026-11-21") == 25
    assert all(len(line) <= 80 for line in screen.splitlines())


def test_models_of_one_provider_and_one_model(workspace: Workspace) -> None:
    outcome, screen = call(workspace, "models", "--provider", "google")
    assert {model["provider"] for model in (outcome.facts or {})["models"]} == {"google"}
    assert "OpenAI" not in screen
    outcome, screen = call(workspace, "models", "mixtral-8x7b")
    assert "Mixtral 8x7B (mistral open-mixtral-8x7b)" in screen
    assert "Together, LoRA, 17-69B" in screen
    assert "MI1 MI2" in screen
    _, screen = call(workspace, "models", "gpt-4o", "--provider", "openai")
    assert "Use, out" in screen


def test_a_model_that_nobody_has_is_told_with_the_closest_names(workspace: Workspace) -> None:
    with pytest.raises(ConfigError, match="No provider has a model 'gpt-4p'") as caught:
        call(workspace, "models", "gpt-4p")
    assert "gpt-4o" in caught.value.fix
    with pytest.raises(UsageError, match="--provider"):
        call(workspace, "models", "--provider", "nobody")


def test_check_is_content_with_the_shipped_file_or_warns_of_old_entries(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = "openai: {models: [{id: gpt-4.1-2025-04-14, checked: 2020-01-01}]}"
    (tmp_path / "models.local.yaml").write_text(old)
    outcome, screen = call(workspace, "models", "--check", "--provider", "openai")
    assert outcome.ok
    names = [entry["name"] for entry in (outcome.facts or {})["outdated"]]
    assert "gpt-4.1-2025-04-14" in names
    assert "warning: openai gpt-4.1-2025-04-14: checked" in screen
    assert "models.local.yaml" in screen


def test_estimate_shows_a_table_to_choose_from(workspace: Workspace) -> None:
    name = dataset_with(workspace)
    outcome, screen = call(workspace, "estimate", name, "--epochs", "2")
    facts: dict[str, Any] = outcome.facts or {}
    assert outcome.ok
    assert f"{name}: 6 training rows, 1 more for validation; 2 epochs" in screen
    assert "does not fit: 6 training examples" in screen
    assert "retired 2026-10-23; instead: gpt-5.6-luna" in screen
    assert "Writing 7 samples anew" in screen
    assert all(len(line) <= 80 for line in screen.splitlines())
    assert len(facts["models"]) == 25
    assert facts["models"][0]["fits"]
    assert {"usd", "tokens", "exact", "error", "why_not", "status"} <= facts["models"][0].keys()
    assert facts["writing"]["models"][0]["usd"] == 0


def test_estimate_fails_where_no_model_that_was_named_takes_the_rows(workspace: Workspace) -> None:
    name = dataset_with(workspace)
    outcome, _ = call(workspace, "estimate", name, "--provider", "openai", "--model", "gpt-4.1")
    assert not outcome.ok


def test_lines_that_are_no_rows_are_warned_of(workspace: Workspace) -> None:
    path = workspace.root / "rows.jsonl"
    row = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    path.write_text(json.dumps(row) + "\n{\n", encoding="utf-8")
    _, screen = call(workspace, "estimate", str(path), "--provider", "llama")
    assert "warning: 1 line left out: not valid JSON" in screen


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("--epochs", "0"), "--epochs 0"),
        (("--epochs", "101"), "--epochs 101"),
        (("--all", "--provider", "openai"), "--all"),
        (("--provider", "nobody"), "--provider"),
    ],
)
def test_wrong_wishes_are_refused_before_anything_is_read(
    workspace: Workspace, line: tuple[str, ...], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        call(workspace, "estimate", "nothing", *line)
