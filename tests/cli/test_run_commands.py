"""`generate` and `split` from outside: what they say of a dataset that would not train, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest

from src.cli.views.results import is_takeable
from src.core.types import Issue, ValidationReport
from src.core.workspace import Workspace
from tests.cli.driver import run_program, type_into_menu

TEN_AT_LEAST = ("--set", "mode=identify", "--set", "provider=openai", "--set", "model=gpt-4.1-mini-2025-04-14")
_GOODS = ("rope", "tar", "canvas", "lamp oil", "brass", "oak", "hemp", "lime", "chalk", "coal", "sand")


@pytest.fixture
def eleven(workspace: Workspace) -> Workspace:
    """A workspace whose documents hold eleven conversations."""
    rows = [
        f"Where is the {goods} kept?,We keep the {goods} in shed {n} by the slip.\n" for n, goods in enumerate(_GOODS)
    ]
    (workspace.root / "input_files" / "yard.csv").write_text("question,answer\n" + "".join(rows), encoding="utf-8")
    return workspace


def statistics_of(workspace: Workspace) -> dict[str, object]:
    path: Path = workspace.output_datasets / "my_dataset_stats.json"
    facts: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))["validation"]
    return facts


def test_training_file_below_the_minimum_of_the_provider_is_an_error_everywhere(eleven: Workspace) -> None:
    done = run_program(eleven.root, "generate", *TEN_AT_LEAST, "--set", "split.ratio=0.7", "--json")
    assert done.returncode == 0
    facts = json.loads(done.stdout)
    assert facts["splits"] == {"train": 8, "validation": 3}
    (issue,) = (issue for issue in facts["validation"]["issues"] if issue["severity"] == "error")
    assert issue["code"] == "too_few_examples"
    assert "8 training examples" in issue["message"]
    last = done.stderr.splitlines()[-2:]
    assert last[0].startswith("error: ")
    assert "needs 10 or more" in last[0]
    assert last[1] == "fix: Raise dataset_size or split.ratio, or switch the split off (split.enabled: false)."
    assert statistics_of(eleven)["ok"] is False
    assert (eleven.output_datasets / "my_dataset_train.jsonl").exists()


@pytest.mark.parametrize(
    ("code", "severity", "takeable"),
    [
        ("too_few_examples", "error", True),
        ("too_many_tokens", "warning", True),
        ("too_many_tokens", "error", False),
        ("too_many_validation_examples", "error", False),
    ],
)
def test_only_a_size_that_is_too_small_yet_leaves_the_exit_code_alone(
    code: str, severity: Literal["error", "warning"], takeable: bool
) -> None:
    assert is_takeable(ValidationReport(8, 100, exact=True, issues=(Issue(severity, code, "found"),))) is takeable


def test_split_that_leaves_too_few_to_train_on_says_so(eleven: Workspace) -> None:
    assert run_program(eleven.root, "generate", *TEN_AT_LEAST, "--set", "split.enabled=false").returncode == 0
    again = run_program(eleven.root, "split", "my_dataset", "--ratio", "0.7")
    assert again.returncode == 0
    assert "8 training examples" in again.stderr


def test_menu_says_last_that_the_dataset_would_not_train(eleven: Workspace) -> None:
    settings = tuple(value for value in TEN_AT_LEAST if value != "--set")
    screen = type_into_menu(eleven, "2", "6", overrides=(*settings, "split.ratio=0.7"))
    assert screen.index("cannot be trained on this dataset") > screen.index("Saved: 11 samples")


def test_split_shows_no_time_and_no_calls_of_the_run_that_wrote_the_samples(eleven: Workspace) -> None:
    made = run_program(eleven.root, "generate", "--set", "mode=identify")
    assert "Model calls" in made.stdout
    again = run_program(eleven.root, "split", "my_dataset", "--ratio", "0.5")
    assert again.returncode == 0
    assert "Model calls" not in again.stdout
    assert "Time" not in again.stdout


def test_skipped_file_is_said_once(eleven: Workspace) -> None:
    (eleven.root / "input_files" / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    made = run_program(eleven.root, "generate", "--set", "mode=identify")
    assert made.stderr.count("photo.png skipped") == 1


def test_input_folder_that_is_a_file_is_said_to_be_one(eleven: Workspace) -> None:
    made = run_program(eleven.root, "generate", "--set", "mode=identify", "--set", "input.folder=config.yaml")
    assert made.returncode == 1
    assert "is a file" in made.stderr
    assert "input.files" in made.stderr
    assert "Create it" not in made.stderr


def test_warnings_in_the_statistics_name_no_path_of_this_machine(eleven: Workspace) -> None:
    outside = eleven.root.parent / "elsewhere.txt"
    outside.write_text("Some text.", encoding="utf-8")
    (eleven.root / "input_files" / "link.txt").symlink_to(outside)
    run_program(eleven.root, "generate", "--set", "mode=identify")
    statistics = json.loads((eleven.output_datasets / "my_dataset_stats.json").read_text(encoding="utf-8"))
    (warning,) = (text for text in statistics["warnings"] if "link.txt" in text)
    assert str(eleven.root.parent) not in warning
