"""The plan of a run is stored with its dataset, and preference pairs leave as a file of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from src.core.jsonl import read_rows
from src.core.types import RunReport
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from src.pipeline import build_dataset, preview_plan, read_documents
from src.utils.training_file import validate_file
from tests.cli.driver import add_documents
from tests.stub_server import StubServer
from tests.test_pipeline import make_config, make_parts
from tests.truthful import answer_truthfully


def run(workspace: Workspace, stub: StubServer, mix: dict[str, float]) -> RunReport:
    add_documents(workspace)
    stub.responder = answer_truthfully
    mixed = {"agent.create.task_mix": mix}
    config = make_config(stub, mode="create", dataset_size=10, model="gpt-4.1-mini", **mixed)
    parts = make_parts(workspace)
    planned = preview_plan(config, parts, read_documents(config, parts))
    report = build_dataset(config, parts)
    assert planned
    assert report.record.run.plan == planned.as_json()
    return report


def test_the_plan_that_was_shown_is_stored_with_the_dataset_and_its_statistics(
    workspace: Workspace, stub: StubServer
) -> None:
    report = run(workspace, stub, {"question_answer": 1, "explanation": 1})
    with Store(workspace.database) as store:
        (stored,) = store.datasets()
    assert stored.run.plan == report.record.run.plan
    assert stored.run.plan["samples"] == 10
    assert json.loads(report.files["stats"].read_bytes())["plan"] == stored.run.plan
    assert "train_preference" not in report.files


def test_preference_pairs_are_trained_on_first_as_answers_and_then_as_pairs(
    workspace: Workspace, stub: StubServer
) -> None:
    report = run(workspace, stub, {"question_answer": 1, "preference": 1})
    pairs = [row.value for row in read_rows(report.files["train_preference"])]
    answers = [row.value for row in read_rows(report.files["train"])]
    assert 0 < len(pairs) < len(answers)
    for pair in pairs:
        assert pair
        whole = {"messages": [*pair["input"]["messages"], *pair["preferred_output"]]}
        assert whole in answers
    findings = validate_file(report.files["train_preference"], "openai", "gpt-4.1-mini").issues
    assert {issue.code for issue in findings if issue.severity == "error"} <= {"too_few_examples"}


@pytest.mark.parametrize("name", ["train_preference", "validation_preference"])
def test_a_file_of_pairs_of_an_earlier_export_does_not_stay(workspace: Workspace, stub: StubServer, name: str) -> None:
    old = Path(workspace.output_datasets) / f"my_dataset_{name}.jsonl"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text("{}\n", encoding="utf-8")
    report = run(workspace, stub, {"question_answer": 1})
    assert report.record.name == "my_dataset"
    assert not old.exists()
