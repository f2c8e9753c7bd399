"""What a run can be made of and what it takes: one rule for passages, duplicates seen in time, names left free."""

from __future__ import annotations

import json
from typing import Any

import pytest

from src.core.errors import ConfigError, InputFileError
from src.core.workspace import Workspace
from src.pipeline import build_dataset, preview_plan, read_documents
from tests.stub_server import StubServer
from tests.stub_wires import StubRequest
from tests.test_pipeline import documents, make_config, make_parts, truthful
from tests.truthful import in_form

__all__ = ["documents", "truthful"]
NAMES = "Alder Birch Cedar Damson Elm Fir Gorse Hazel Ivy Juniper Larch Maple".split()


@pytest.mark.parametrize("mode", ["create", "hybrid", "free"])
def test_documents_too_short_to_be_written_about_are_an_error_before_anything_is_paid(
    truthful: StubServer, workspace: Workspace, mode: str
) -> None:
    (workspace.root / "input_files" / "tiny.txt").write_text("Locked shed.\n", encoding="utf-8")
    config, parts = make_config(truthful, mode=mode), make_parts(workspace)
    with pytest.raises(InputFileError, match="no passage of 40 letters") as caught:
        build_dataset(config, parts)
    assert "free" in caught.value.fix
    with pytest.raises(InputFileError):
        preview_plan(config, parts, read_documents(config, parts))
    assert not truthful.calls


def test_plan_and_report_count_the_same_passages_and_the_plan_names_what_is_too_short(
    truthful: StubServer, documents: Workspace
) -> None:
    (documents.root / "input_files" / "tiny.txt").write_text("Locked shed.\n", encoding="utf-8")
    config, parts = make_config(truthful, mode="create", dataset_size=30), make_parts(documents)
    plan = preview_plan(config, parts, read_documents(config, parts))
    assert plan is not None
    assert plan.too_short == ("tiny.txt",)
    report = build_dataset(config, parts)
    stats = json.loads(report.files["stats"].read_bytes())
    assert stats["plan"]["too_short"] == ["tiny.txt"]
    counted = stats["measures"]["coverage"]
    assert counted["passages"] == plan.passages
    assert {name: own["passages"] for name, own in counted["sources"].items() if own["passages"]} == {
        share.source: share.passages for share in plan.sources
    }


@pytest.mark.parametrize("gates", ["report", "off"])
def test_what_the_dataset_has_already_is_asked_for_again_while_there_is_time(
    stub: StubServer, workspace: Workspace, gates: str
) -> None:
    """Every second answer is the one before it."""
    told = [f"Keeper {name} counts the boats of pier {name} at dusk." for name in NAMES]
    (workspace.root / "input_files" / "piers.txt").write_text("\n\n".join(told), encoding="utf-8")
    said: list[str] = []

    def twice(request: StubRequest) -> str:
        fact = told[len(said) // 2]
        said.append(json.dumps(in_form({"question": f"What does {fact[:-9]}?", "answer": fact}, request.schema or {})))
        return said[-1]

    stub.responder = twice
    mix = {"agent.create.task_mix": {"question_answer": 1}, "generation.concurrency": 1}
    config = make_config(stub, mode="create", dataset_size=8, agent__create__gates=gates, **mix)
    report = build_dataset(config, make_parts(workspace))
    assert report.record.total_samples == 8
    assert report.record.rejected["duplicate"] >= 7


@pytest.mark.parametrize("changes", [{"agent.create.task_mix": {"preference": 1}}, {"input.folder": "tiny"}])
def test_settings_that_turn_out_to_be_wrong_leave_the_name_free(
    truthful: StubServer, documents: Workspace, changes: dict[str, Any]
) -> None:
    (documents.root / "tiny").mkdir()
    (documents.root / "tiny" / "tiny.txt").write_text("Locked shed.\n", encoding="utf-8")
    with pytest.raises((ConfigError, InputFileError)):
        build_dataset(make_config(truthful, "google", mode="create", **changes), make_parts(documents, "google"))
    report = build_dataset(make_config(truthful, "google", mode="create"), make_parts(documents, "google"))
    assert report.record.name == "my_dataset"
