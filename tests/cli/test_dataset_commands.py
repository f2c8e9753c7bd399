"""generate, split, export, stats and datasets over stored datasets, as programs of their own."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from tests.cli.driver import add_documents, dataset_with, run_program

GENERATE = ("generate", "--set", "mode=identify", "--set", "dataset_size=20")


def test_generate_says_where_the_dataset_lies_and_shows_three_samples(workspace: Workspace) -> None:
    add_documents(workspace)
    result = run_program(workspace.root, *GENERATE)
    assert result.returncode == 0, result.stderr
    for line in ("Requested    20", "Kept         7", "Rejected     0", "Tokens       about", "Cost         $0"):
        assert line in result.stdout
    assert "Saved: 7 samples in output_datasets/my_dataset_train.jsonl" in result.stdout
    assert "Three samples" in result.stdout
    assert result.stdout.count("   User ") >= 3
    assert "no model is needed" in result.stderr
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_generate_as_json_prints_one_object_and_nothing_else(workspace: Workspace) -> None:
    add_documents(workspace)
    result = run_program(workspace.root, "--json", *GENERATE, "--seed", "7", "--set", "output_name=tower")
    facts = json.loads(result.stdout)
    assert facts["name"] == "tower"
    assert facts["proposed"] == facts["kept"] + sum(facts["rejected"].values())
    assert len(facts["examples"]) == 3
    assert "Saved: " in result.stderr
    assert (workspace.root / facts["files"]["train"]).exists()


def test_generate_twice_never_reuses_a_name(workspace: Workspace) -> None:
    add_documents(workspace)
    names = [json.loads(run_program(workspace.root, *GENERATE, "--json").stdout)["name"] for _ in range(2)]
    assert names == ["my_dataset", "my_dataset-2"]


def test_unfinished_run_is_discarded_after_a_preview_and_with_consent_only(workspace: Workspace) -> None:
    dataset_with(workspace)
    with Store(workspace.database) as store:
        store.begin(replace(store.find("my_dataset"), id="other", name="stuck", config_hash="other"))
    refused = run_program(workspace.root, "datasets", "discard", "stuck")
    assert refused.returncode == 2
    assert "Unfinished run stuck" in refused.stdout
    assert run_program(workspace.root, "datasets", "discard", "my_dataset", "--yes").returncode == 1
    facts = json.loads(run_program(workspace.root, "datasets", "discard", "stuck", "--yes", "--json").stdout)
    assert facts == {"discarded": "stuck"}
    with Store(workspace.database) as store:
        assert [record.name for record in store.datasets()] == ["my_dataset"]


def test_failure_as_json_is_an_object_too(workspace: Workspace) -> None:
    result = run_program(workspace.root, *GENERATE, "--json")
    assert result.returncode == 1
    assert set(json.loads(result.stdout)) == {"error", "fix"}


def test_free_mode_without_anybody_to_ask_says_what_to_do(workspace: Workspace) -> None:
    add_documents(workspace)
    result = run_program(
        workspace.root,
        "generate",
        "--set",
        "mode=free",
        "--set",
        "agent.free.use_prompt_file=false",
        typed="never read\n\n",
    )
    assert result.returncode == 1
    assert "nobody is here to type them" in result.stderr


def test_split_divides_a_stored_dataset_anew(workspace: Workspace) -> None:
    dataset_with(workspace)
    result = run_program(workspace.root, "split", "my_dataset", "--ratio", "50-50", "--strategy", "random")
    assert result.returncode == 0, result.stderr
    assert "By source" in result.stdout
    sides = [
        len((workspace.output_datasets / f"my_dataset_{side}.jsonl").read_text(encoding="utf-8").splitlines())
        for side in ("train", "validation")
    ]
    assert sum(sides) == 7
    assert abs(sides[0] - sides[1]) <= 1


def test_split_takes_its_other_settings_from_the_configuration(workspace: Workspace) -> None:
    dataset_with(workspace)
    arguments = ("--weight-by", "keywords", "--set", "split.ratio=0.7", "--json")
    facts = json.loads(run_program(workspace.root, "split", "my_dataset", *arguments).stdout)
    assert sum(facts["splits"].values()) == 7


@pytest.mark.parametrize("ratio", ["0", "1", "1.5", "most"])
def test_split_refuses_ratios_that_are_none(workspace: Workspace, ratio: str) -> None:
    dataset_with(workspace)
    result = run_program(workspace.root, "split", "my_dataset", "--ratio", ratio)
    assert result.returncode == 2
    assert "error: --ratio: " in result.stderr


def test_unknown_dataset_is_named_with_close_ones(workspace: Workspace) -> None:
    dataset_with(workspace)
    for command in (
        ("split", "my_datset"),
        ("stats", "my_datset"),
        ("export", "my_datset"),
        ("datasets", "show", "my_datset"),
    ):
        result = run_program(workspace.root, *command)
        assert result.returncode == 1
        assert "fix: Did you mean 'my_dataset'?" in result.stderr


@pytest.mark.parametrize(
    ("option", "kinds"),
    [
        ((), {"train", "validation", "csv", "stats", "report"}),
        (("--jsonl",), {"train", "validation", "stats", "report"}),
        (("--csv",), {"csv"}),
    ],
)
def test_export_writes_what_is_asked_for(workspace: Workspace, option: tuple[str, ...], kinds: set[str]) -> None:
    dataset_with(workspace)
    result = run_program(workspace.root, "export", "--json", *option)
    facts = json.loads(result.stdout)
    assert set(facts["files"]) == kinds
    assert all(not path.startswith("/") and (workspace.root / path).exists() for path in facts["files"].values())
    assert facts["name"] == "my_dataset"


def test_stats_shows_the_latest_dataset(workspace: Workspace) -> None:
    dataset_with(workspace)
    result = run_program(workspace.root, "stats")
    for title in ("Dataset my_dataset", "Token counts (estimate)", "By origin", "Source breakdown", "museum_faq.csv"):
        assert title in result.stdout
    facts = json.loads(run_program(workspace.root, "stats", "my_dataset", "--json").stdout)
    assert facts["samples"]["kept"] == 7
    assert facts["sources"]["museum_faq.csv"] == 6


@pytest.mark.parametrize("command", [("stats",), ("export",)])
def test_nothing_stored_is_said_with_the_way_to_change_it(workspace: Workspace, command: tuple[str, ...]) -> None:
    result = run_program(workspace.root, *command)
    assert result.returncode == 1
    assert "fix: Make one with 'python -m src.main generate'" in result.stderr


def test_datasets_lists_and_shows(workspace: Workspace) -> None:
    assert "No datasets yet" in run_program(workspace.root, "datasets").stdout
    dataset_with(workspace)
    listed = run_program(workspace.root, "datasets", "list")
    assert "my_dataset" in listed.stdout
    assert all(len(line) <= 80 for line in listed.stdout.splitlines())
    shown = run_program(workspace.root, "datasets", "show", "my_dataset")
    assert "First samples" in shown.stdout
    facts = json.loads(run_program(workspace.root, "datasets", "--json").stdout)
    assert [entry["name"] for entry in facts["datasets"]] == ["my_dataset"]


def test_restore_previews_asks_and_keeps_the_present(workspace: Workspace) -> None:
    assert "No backups yet" in run_program(workspace.root, "datasets", "backups").stdout
    dataset_with(workspace)
    dataset_with(workspace, output_name="second")
    backups = json.loads(run_program(workspace.root, "datasets", "backups", "--json").stdout)["backups"]
    name = backups[0]["name"]
    assert name in run_program(workspace.root, "datasets", "backups").stdout

    refused = run_program(workspace.root, "datasets", "restore", name, typed="y\n")
    assert refused.returncode == 2
    assert "Add --yes" in refused.stderr
    assert "1: my_dataset" in refused.stdout

    done = run_program(workspace.root, "datasets", "restore", name, "--yes")
    assert done.returncode == 0, done.stderr
    assert "The former database is kept as memory/backups/" in done.stdout
    listed = json.loads(run_program(workspace.root, "datasets", "list", "--json").stdout)["datasets"]
    assert [entry["name"] for entry in listed] == ["my_dataset"]


def test_restore_of_what_is_not_there_names_the_backups(workspace: Workspace) -> None:
    result = run_program(workspace.root, "datasets", "restore", "nothing", "--yes")
    assert result.returncode == 1
    assert "There is no backup 'nothing'" in result.stderr


def test_export_also_writes_again_what_was_rejected_and_why(workspace: Workspace) -> None:
    add_documents(workspace)
    twice = ("--set", "mode=create", "--set", "dataset_size=4")
    made = json.loads(run_program(workspace.root, "generate", "--json", *twice).stdout)
    assert sum(made["rejected"].values()) > 0
    rejected = workspace.root / made["files"]["rejected"]
    before = rejected.read_bytes()
    rejected.unlink()
    assert run_program(workspace.root, "export").returncode == 0
    assert rejected.read_bytes() == before


def test_names_in_the_list_are_whole_for_they_are_typed_again(workspace: Workspace) -> None:
    name = "a_name_that_is_quite_long_for_a_column_of_a_table"
    dataset_with(workspace, output_name=name)
    assert name in run_program(workspace.root, "datasets").stdout


def test_wrong_name_makes_no_backup(workspace: Workspace) -> None:
    dataset_with(workspace)
    assert run_program(workspace.root, "split", "my_datset").returncode == 1
    assert not workspace.backups.exists()


def test_lists_show_models_and_times_whole_on_a_narrow_screen(workspace: Workspace) -> None:
    dataset_with(workspace)
    dataset_with(workspace)
    assert "gemini-3.5-flash-lite" in run_program(workspace.root, "datasets").stdout
    backups = run_program(workspace.root, "datasets", "backups").stdout
    assert "..." not in backups
    assert "usable" in backups


def test_rejected_rows_are_shown_in_words(workspace: Workspace) -> None:
    add_documents(workspace)
    (workspace.root / "input_files" / "again.csv").write_bytes(
        (workspace.root / "input_files" / "museum_faq.csv").read_bytes()
    )
    dataset_with(workspace)
    shown = run_program(workspace.root, "datasets", "show", "my_dataset").stdout
    assert "(duplicate " in shown
    assert "{" not in shown
