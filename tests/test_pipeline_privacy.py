"""The four values of ``privacy`` in a whole run: what is counted, replaced, dropped; and no value is left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from src.core.config import RunConfig, load_config, with_values
from src.core.errors import DatasetError
from src.core.secrets import Secrets
from src.core.types import ALTERED, RunReport
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from src.pipeline import Parts, build_dataset
from tests.cli.driver import run_program, type_into_menu

MAIL, KEY, PERSON = "m.oyelaran@harbour-rope.io", "ghp_" + "qW3eR5tY7uI9oP1aS2dF4gH6jK8lZ0xC1vB3", "Marta Oyelaran"
VALUES = (MAIL, KEY, PERSON, "oyelaran")
CHATS = f"""User: Hi, I'm {PERSON}. Where do I report a broken winch?
Assistant: Write a note to the yard office, they answer within a day.

User: Which rope holds a barge of ten tons?
Assistant: Take the hemp rope of forty millimetres, and two of them.

User: My mail is {MAIL} and the upload with {KEY} fails.
Assistant: I sent the new link to {MAIL}; make a new key first.
"""
Policy = Literal["off", "report", "redact", "drop"]


@pytest.fixture
def yard(workspace: Workspace) -> Workspace:
    (workspace.root / "input_files" / "yard.txt").write_text(CHATS.replace("\n\n", "\n\n---\n\n"), encoding="utf-8")
    return workspace


def config_with(policy: Policy, **changes: Any) -> RunConfig:
    values = {"mode": "identify", "privacy": policy, "split.enabled": False, "input.cache_mb": 0, **changes}
    return with_values(RunConfig(), values)


def build(workspace: Workspace, policy: Policy, **changes: Any) -> RunReport:
    return build_dataset(config_with(policy, **changes), Parts(workspace, Secrets({})))


def written(workspace: Workspace) -> str:
    """Everything that a run leaves behind, as text."""
    files = [
        path for folder in (workspace.output_datasets, workspace.memory) for path in folder.rglob("*") if path.is_file()
    ]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def statistics(report: RunReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.files["stats"].read_text(encoding="utf-8"))
    return found


def test_off_looks_at_nothing(yard: Workspace) -> None:
    report = build(yard, "off")
    assert report.record.run.privacy == {}
    assert "privacy" not in statistics(report)
    assert MAIL in report.files["train"].read_text(encoding="utf-8")


def test_report_counts_by_label_and_changes_nothing(yard: Workspace) -> None:
    report = build(yard, "report")
    found = {"EMAIL": 2, "GITHUB": 1, "NAME": 1}
    assert statistics(report)["privacy"] == {"policy": "report", "samples": 2, "found": found}
    assert report.files["train"].read_bytes() == build(yard, "off", output_name="plain").files["train"].read_bytes()
    page = report.files["report"].read_text(encoding="utf-8")
    assert "Private data" in page
    assert "GITHUB: 1" in page


def test_redact_leaves_placeholders_and_no_value_anywhere(yard: Workspace) -> None:
    report = build(yard, "redact")
    assert report.record.total_samples == 3
    text = report.files["train"].read_text(encoding="utf-8")
    assert "My mail is <EMAIL_1> and the upload with <GITHUB_1> fails." in text
    assert "I sent the new link to <EMAIL_1>" in text
    assert [value for value in VALUES if value in written(yard)] == []
    with Store(yard.database) as store:
        samples = [row.sample for row in store.samples(report.record.id)]
    altered = [sample.metadata[ALTERED] for sample in samples if ALTERED in sample.metadata]
    assert sorted(map(str, altered)) == ["{'EMAIL': 2, 'GITHUB': 1}", "{'NAME': 1}"]
    measures = statistics(report)["measures"]["groundedness"]
    assert (measures["extracted_rows"], measures["extracted_verbatim"]) == (1, 1.0)


def test_drop_says_how_much_was_found_and_keeps_nothing_of_it(yard: Workspace) -> None:
    report = build(yard, "drop")
    assert report.record.total_samples == 1
    assert report.record.rejected == {"private_data": 2}
    rejected = [json.loads(line) for line in report.files["rejected"].read_text(encoding="utf-8").splitlines()]
    assert [row["detail"] for row in rejected] == ["NAME 1", "EMAIL 2, GITHUB 1"]
    assert [value for value in VALUES if value in written(yard)] == []


def test_rows_that_are_rejected_for_something_else_hold_no_value_either(yard: Workspace) -> None:
    (yard.root / "input_files" / "again.txt").write_text(CHATS.replace("\n\n", "\n\n---\n\n"), encoding="utf-8")
    report = build(yard, "redact")
    assert report.record.rejected == {"duplicate": 3}
    assert "<GITHUB_1>" in report.files["rejected"].read_text(encoding="utf-8")
    assert [value for value in VALUES if value in written(yard)] == []


def test_samples_that_become_alike_are_duplicates(workspace: Workspace) -> None:
    lines = [f"Where does the invoice go?,Send it to {name}@harbour-rope.io today.\n" for name in ("amara", "joost")]
    path = workspace.root / "input_files" / "mails.csv"
    path.write_text("question,answer\n" + "".join(lines), encoding="utf-8")
    report = build(workspace, "redact")
    assert report.record.total_samples == 1
    assert report.record.rejected == {"duplicate": 1}


def test_nothing_is_left_where_every_sample_is_dropped(workspace: Workspace) -> None:
    path = workspace.root / "input_files" / "one.txt"
    path.write_text(f"User: Who?\nAssistant: Ask {MAIL} about the winch.\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="1 private_data"):
        build(workspace, "drop")


def test_policy_is_set_on_the_command_line(yard: Workspace) -> None:
    settings = ("--set", "mode=identify", "--set", "provider=google", "--set", "privacy=redact")
    done = run_program(yard.root, "generate", *settings, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["privacy"] == {"policy": "redact", "samples": 2, "found": {"EMAIL": 2, "GITHUB": 1, "NAME": 1}}
    assert not any(value in done.stdout + done.stderr for value in VALUES)


def test_menu_shows_what_was_replaced(yard: Workspace) -> None:
    overrides = ("mode=identify", "privacy=redact")
    shown = type_into_menu(yard, "2", "", "", "0", overrides=overrides)
    assert "EMAIL 2, GITHUB 1, NAME 1 in 2 samples (replaced)" in shown.replace("\n", " ")


@pytest.mark.parametrize("written_value", ["off", "'off'", "report", "redact", "drop"])
def test_every_value_is_read_from_the_file(tmp_path: Path, written_value: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"privacy: {written_value}\n", encoding="utf-8")
    assert load_config(path).privacy == written_value.strip("'")
