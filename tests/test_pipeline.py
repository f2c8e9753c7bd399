"""A whole run: documents to files, for every mode and provider, repeatable, resumable, and honest about its losses."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from src.core.config import RunConfig, with_values
from src.core.errors import ConfigError, DatasetError, InputFileError, ProviderError, RunStoppedError, StorageError
from src.core.secrets import Secrets
from src.core.types import ProgressEvent
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from src.pipeline import (
    Estimate,
    Parts,
    build_dataset,
    check_proposed,
    estimate_cost,
    read_documents,
    run_agent,
    save_proposed,
)
from src.reports.statistics import build_statistics
from src.stored.exporting import describe_stored, export_stored, resplit
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

SAMPLES = Path(__file__).parents[1] / "input_files"
REMOTE = ("openai", "anthropic", "google", "mistral", "llama")
KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GOOGLE_API_KEY",
    "mistral": "MISTRAL_API_KEY",
    "llama": "LLAMA_API_KEY",
}
TARGETS = {
    "openai": "gpt-4.1-mini-2025-04-14",
    "anthropic": "anthropic.claude-3-haiku-20240307-v1:0:200k",
    "google": "gemini-3.5-flash-lite",
    "mistral": "open-mistral-nemo",
    "llama": "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference",
}


def make_parts(workspace: Workspace, provider: str = "openai", **changes: Any) -> Parts:
    return Parts(workspace, Secrets({KEYS[provider]: "test-key"}), **changes)


def make_config(stub: StubServer, provider: str = "openai", **changes: Any) -> RunConfig:
    values = {
        "system.agentic_llm": provider,
        f"endpoints.{provider}": stub.url(provider),
        "dataset_size": 12,
        "mode": "hybrid",
        "provider": provider,
        "model": TARGETS[provider],
        "system.max_retries": 0,
    }
    return with_values(RunConfig(), {**values, **{key.replace("__", "."): value for key, value in changes.items()}})


@pytest.fixture
def truthful(stub: StubServer) -> StubServer:
    stub.responder = answer_truthfully
    return stub


@pytest.fixture
def documents(workspace: Workspace) -> Workspace:
    for path in SAMPLES.iterdir():
        shutil.copy(path, workspace.root / "input_files")
    return workspace


def stored_statistics(workspace: Workspace, name: str) -> dict[str, Any]:
    return build_statistics(*describe_stored(workspace, name))


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("mode", ["create", "identify", "hybrid", "free"])
@pytest.mark.parametrize("provider", REMOTE)
def test_every_mode_runs_end_to_end_with_every_provider(
    truthful: StubServer, documents: Workspace, provider: str, mode: str
) -> None:
    report = build_dataset(make_config(truthful, provider, mode=mode), make_parts(documents, provider))
    assert report.record.proposed == report.record.total_samples + sum(report.record.rejected.values())
    assert 0 < report.record.total_samples <= 12
    train, validation = rows_of(report.files["train"]), rows_of(report.files["validation"])
    assert len(train) + len(validation) == report.record.total_samples == sum(report.splits.values())
    with report.files["csv"].open(encoding="utf-8", newline="") as handle:
        assert len(list(csv.DictReader(handle))) == report.record.total_samples
    stats = json.loads(report.files["stats"].read_text(encoding="utf-8"))
    assert stats["samples"]["kept"] == report.record.total_samples
    assert bool(truthful.calls) == (mode != "identify")
    assert (report.record.run.calls > 0) == (mode != "identify")


def test_hybrid_takes_its_share_from_both(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, agent__hybrid__generation_ratio=0.25)
    stats = json.loads(build_dataset(config, make_parts(documents)).files["stats"].read_text(encoding="utf-8"))
    assert stats["origins"] == {"extracted": 9, "generated": 3}


def test_same_configuration_gives_the_same_bytes_in_two_workspaces(
    truthful: StubServer, documents: Workspace, tmp_path: Path
) -> None:
    other = Workspace(tmp_path / "other")
    shutil.copytree(documents.root, other.root)
    first = build_dataset(make_config(truthful), make_parts(documents))
    second = build_dataset(make_config(truthful), make_parts(other))
    for kind in ("train", "validation", "csv"):
        assert first.files[kind].read_bytes() == second.files[kind].read_bytes()
    one, two = (json.loads(report.files["stats"].read_text(encoding="utf-8")) for report in (first, second))
    one.pop("run")
    two.pop("run")
    assert one == two


def test_second_run_gets_a_new_name_the_same_rows_and_pays_nothing(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful)
    first = build_dataset(config, make_parts(documents))
    calls = len(truthful.calls)
    second = build_dataset(config, make_parts(documents))
    assert len(truthful.calls) == calls
    assert (first.record.name, second.record.name) == ("my_dataset", "my_dataset-2")
    assert second.record.run.calls == 0
    assert second.record.run.cached_calls == first.record.run.calls + first.record.run.cached_calls
    for kind in ("train", "validation", "csv"):
        assert first.files[kind].read_bytes() == second.files[kind].read_bytes()


def test_another_seed_gives_another_dataset(truthful: StubServer, documents: Workspace) -> None:
    first = build_dataset(make_config(truthful), make_parts(documents))
    second = build_dataset(make_config(truthful, system__seed=7), make_parts(documents))
    assert first.files["train"].read_bytes() != second.files["train"].read_bytes()


def test_failed_run_resumes_under_its_name_and_pays_only_for_the_rest(
    truthful: StubServer, documents: Workspace
) -> None:
    config = make_config(truthful, mode="create", system__max_retries=0)
    truthful.script("ok", "ok", "ok", "500")
    with pytest.raises(ProviderError) as caught:
        build_dataset(config, make_parts(documents))
    assert caught.value.kind == "server"
    with sqlite3.connect(documents.database) as db:
        answered = db.execute("SELECT count(*) FROM requests").fetchone()[0]
    db.close()
    assert answered >= 3
    report = build_dataset(config, make_parts(documents))
    assert report.record.name == "my_dataset"
    assert report.record.run.cached_calls == answered


def test_run_that_reached_its_cap_keeps_what_it_has_and_goes_on_with_another_cap(
    truthful: StubServer, documents: Workspace
) -> None:
    config = make_config(truthful, mode="create", generation__max_requests=4)
    with pytest.raises(RunStoppedError, match="cap of 4 requests") as caught:
        build_dataset(config, make_parts(documents))
    assert "run again" in caught.value.fix
    assert len(truthful.calls) == 4
    with Store(documents.database) as store:
        stopped = store.find_unfinished("my_dataset")
    assert stopped.run.calls == 4
    report = build_dataset(with_values(config, {"generation.max_requests": 0}), make_parts(documents))
    assert report.record.name == "my_dataset"
    assert report.record.run.cached_calls == 4


def test_interrupted_run_finishes_what_is_in_flight_and_goes_on_later(
    truthful: StubServer, documents: Workspace
) -> None:
    config = make_config(truthful, mode="create", generation__concurrency=1)
    notes: list[str] = []

    def watch(event: ProgressEvent) -> None:
        if event.note:
            notes.append(event.note)
        elif event.stage == "generate" and not notes and event.usage.output_tokens:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(RunStoppedError) as caught:
        build_dataset(config, make_parts(documents, on_event=watch))
    assert caught.value.interrupted
    assert any("Stopping" in note for note in notes)
    asked = len(truthful.calls)
    report = build_dataset(config, make_parts(documents))
    assert report.record.name == "my_dataset"
    assert report.record.run.cached_calls == asked


def test_fresh_run_asks_anew_and_keeps_the_old_answers(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, mode="create", dataset_size=3)
    first = build_dataset(config, make_parts(documents)).record
    fresh = build_dataset(config, make_parts(documents), fresh=True).record
    assert (fresh.name, fresh.run.cached_calls, fresh.run.calls) == ("my_dataset-2", 0, first.run.calls)
    again = build_dataset(config, make_parts(documents)).record
    assert (again.name, again.run.calls) == ("my_dataset-3", 0)


def test_stopped_fresh_run_is_resumed_with_its_own_answers(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, mode="create", dataset_size=3)
    build_dataset(config, make_parts(documents))
    with pytest.raises(RunStoppedError):
        build_dataset(with_values(config, {"generation.max_requests": 2}), make_parts(documents), fresh=True)
    calls = len(truthful.calls)
    resumed = build_dataset(config, make_parts(documents)).record
    assert (resumed.name, resumed.run.cached_calls) == ("my_dataset-2", 2)
    assert len(truthful.calls) == calls + (resumed.run.calls or 0)


def test_wrong_key_stops_the_run_and_names_the_variable(truthful: StubServer, documents: Workspace) -> None:
    truthful.script(*["401"] * 50)
    with pytest.raises(ProviderError) as caught:
        build_dataset(make_config(truthful), make_parts(documents))
    assert caught.value.kind == "auth"
    assert "OPENAI_API_KEY" in caught.value.fix + str(caught.value)
    assert "test-key" not in caught.value.fix + str(caught.value)


def test_missing_key_stops_generation_but_not_identify(documents: Workspace) -> None:
    config = with_values(RunConfig(), {"system.agentic_llm": "openai"})
    parts = Parts(documents, Secrets({}))
    with pytest.raises(ConfigError, match="OPENAI_API_KEY is not set"):
        build_dataset(config, parts)
    assert build_dataset(with_values(config, {"mode": "identify"}), parts).record.total_samples > 0


def test_auto_takes_the_first_provider_with_a_key(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, "mistral", system__agentic_llm="auto")
    build_dataset(config, Parts(documents, Secrets({"MISTRAL_API_KEY": "k"})))
    assert {call.provider for call in truthful.calls} == {"mistral"}


def test_model_of_another_provider_is_ignored_with_a_notice(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, system__agentic_model="gemini-2.0-flash-exp")
    report = build_dataset(config, make_parts(documents))
    assert any("gemini-2.0-flash-exp" in warning for warning in report.record.run.warnings)


def test_size_over_the_limit_is_cut_with_two_lines(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, "anthropic", dataset_size=10**9, mode="identify")
    report = build_dataset(config, make_parts(documents, "anthropic"))
    assert report.record.requested == 10_000
    assert "Desired size (1,000,000,000) exceeds" in report.record.run.warnings[0]
    assert report.record.run.warnings[1] == "Using maximum: 10,000 samples."


def test_bad_file_is_skipped_with_a_warning(truthful: StubServer, documents: Workspace) -> None:
    (documents.root / "input_files" / "broken.docx").write_bytes(b"PK\x03\x04 not really")
    report = build_dataset(make_config(truthful, mode="identify"), make_parts(documents))
    assert any(warning.startswith("broken.docx skipped") for warning in report.record.run.warnings)


def test_folder_without_anything_readable_is_an_error_with_a_fix(workspace: Workspace, stub: StubServer) -> None:
    with pytest.raises(InputFileError) as caught:
        build_dataset(make_config(stub), make_parts(workspace))
    assert "input_files" in caught.value.fix
    (workspace.root / "input_files" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(InputFileError, match="broken.pdf"):
        build_dataset(make_config(stub), make_parts(workspace))


def test_missing_input_folder_is_an_error_with_a_fix(workspace: Workspace, stub: StubServer) -> None:
    with pytest.raises(InputFileError) as caught:
        build_dataset(make_config(stub, input__folder="nowhere"), make_parts(workspace))
    assert caught.value.fix


@pytest.mark.parametrize(("key", "value"), [("input__folder", "../elsewhere"), ("input__files", ("../secret.txt",))])
def test_configured_path_that_leaves_the_workspace_is_refused(
    workspace: Workspace, stub: StubServer, key: str, value: Any
) -> None:
    (workspace.root / "input_files" / "a.txt").write_text("Some text.", encoding="utf-8")
    with pytest.raises((ConfigError, InputFileError)):
        build_dataset(make_config(stub, **{key: value}), make_parts(workspace))


def test_identify_that_finds_nothing_says_so_and_makes_no_file(workspace: Workspace, stub: StubServer) -> None:
    (workspace.root / "input_files" / "prose.txt").write_text("Just one plain sentence.", encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        build_dataset(make_config(stub, mode="identify"), make_parts(workspace))
    assert "hybrid or create" in caught.value.fix
    assert not list(workspace.output_datasets.glob("*.jsonl"))


def test_answers_that_cannot_be_used_are_rejected_and_kept_with_their_reason(
    stub: StubServer, documents: Workspace
) -> None:
    stub.responder = lambda request: "I would rather talk about the weather."
    with pytest.raises(DatasetError, match="malformed_answer") as caught:
        build_dataset(make_config(stub, mode="create"), make_parts(documents))
    assert "my_dataset_rejected.jsonl" in caught.value.fix
    rejected = rows_of(documents.output_datasets / "my_dataset_rejected.jsonl")
    assert {row["reason"] for row in rejected} == {"malformed_answer"}
    assert all("weather" in row["raw"] for row in rejected)


def test_free_mode_needs_no_document(truthful: StubServer, workspace: Workspace) -> None:
    (workspace.root / "prompts" / "free_mode" / "prompt.txt").write_text(
        "Write questions about tides. The tide rises twice a day in most harbours.", encoding="utf-8"
    )
    report = build_dataset(make_config(truthful, mode="free", dataset_size=1), make_parts(workspace))
    assert report.record.total_samples == 1


def test_free_mode_asks_when_it_shall_not_read_the_file(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, mode="free", agent__free__use_prompt_file=False, dataset_size=2)
    build_dataset(config, make_parts(documents, ask_instructions=lambda: "Ask about zebras only."))
    assert any("zebras" in content for call in truthful.calls for _, content in call.messages)
    with pytest.raises(ConfigError):
        build_dataset(with_values(config, {"system.seed": 1}), make_parts(documents))


@pytest.mark.parametrize("reads_file", [True, False])
def test_free_mode_without_instructions_is_refused_before_anything_is_read_or_stored(
    truthful: StubServer, documents: Workspace, reads_file: bool
) -> None:
    (documents.root / "prompts" / "free_mode" / "prompt.txt").unlink()
    events: list[ProgressEvent] = []
    config = make_config(truthful, mode="free", agent__free__use_prompt_file=reads_file)
    with pytest.raises(ConfigError) as caught:
        build_dataset(config, make_parts(documents, on_event=events.append))
    assert "agent.free.use_prompt_file" in caught.value.fix
    assert "menu" in caught.value.fix
    assert events == []
    with pytest.raises(ConfigError):
        run_agent(config, make_parts(documents), read_documents(config, make_parts(documents)))
    with Store(documents.database) as store:
        assert not store.datasets()


def test_progress_is_told_stage_by_stage(truthful: StubServer, documents: Workspace) -> None:
    events: list[ProgressEvent] = []
    build_dataset(make_config(truthful), make_parts(documents, on_event=events.append))
    stages = list(dict.fromkeys(event.stage for event in events))
    assert stages == ["read", "generate", "validate", "split", "save"]
    generated = [event for event in events if event.stage == "generate"]
    assert generated[-1].usage.input_tokens > 0
    assert generated[-1].cost_usd is not None


def test_steps_can_be_taken_one_by_one(truthful: StubServer, documents: Workspace) -> None:
    config, parts = make_config(truthful), make_parts(documents)
    record = run_agent(config, parts, read_documents(config, parts))
    assert record.status == "running"
    checked = check_proposed(config, parts, record)
    report = save_proposed(config, parts, record)
    assert report.record.status == "finished"
    assert report.record.total_samples == checked.rows == record.total_samples


def test_every_write_run_is_preceded_by_a_backup(truthful: StubServer, documents: Workspace) -> None:
    build_dataset(make_config(truthful), make_parts(documents))
    assert not list(documents.backups.glob("*.db"))
    build_dataset(make_config(truthful), make_parts(documents))
    assert len(list(documents.backups.glob("*.db"))) == 1


def test_split_anew_moves_rows_and_leaves_no_old_file(truthful: StubServer, documents: Workspace) -> None:
    config, parts = make_config(truthful), make_parts(documents)
    built = build_dataset(config, parts)
    random = with_values(config, {"split.strategy": "random", "split.ratio": 0.5})
    halves = resplit(random, parts, built.record.name)
    assert sum(halves.splits.values()) == built.record.total_samples
    assert len(rows_of(halves.files["validation"])) == halves.splits["validation"]
    whole = resplit(with_values(config, {"split.enabled": False}), parts, built.record.name)
    assert "validation" not in whole.files
    assert not (documents.output_datasets / "my_dataset_validation.jsonl").exists()
    assert len(rows_of(whole.files["train"])) == built.record.total_samples


def test_splitting_anew_is_a_new_version_that_equals_a_run_with_that_split(
    truthful: StubServer, documents: Workspace
) -> None:
    config, parts = make_config(truthful), make_parts(documents)
    built = build_dataset(config, parts)
    wished = with_values(config, {"split.ratio": 0.6, "split.strategy": "random"})
    again = resplit(wished, parts, built.record.name)
    assert (again.record.version, again.record.parent, again.record.name) == (2, built.record.id, "my_dataset")
    assert json.loads(again.record.config)["split"] == wished.split.model_dump(mode="json")
    assert again.record.run.warnings == built.record.run.warnings
    direct = build_dataset(wished, parts)
    for kind in ("train", "validation", "csv"):
        assert again.files[kind].read_bytes() == direct.files[kind].read_bytes()


def test_samples_that_another_run_has_taken_over_are_not_saved(truthful: StubServer, documents: Workspace) -> None:
    config, parts = make_config(truthful), make_parts(documents)
    record = run_agent(config, parts, read_documents(config, parts))
    build_dataset(config, parts)
    with pytest.raises(DatasetError):
        save_proposed(config, parts, record)


def test_rows_of_a_failed_run_are_replaced_when_it_is_resumed(truthful: StubServer, documents: Workspace) -> None:
    config, parts = make_config(truthful), make_parts(documents)
    run_agent(config, parts, read_documents(config, parts))
    resumed = build_dataset(config, parts)
    assert resumed.record.name == "my_dataset"
    with sqlite3.connect(documents.database) as db:
        stored = db.execute("SELECT count(*) FROM samples").fetchone()[0]
    db.close()
    assert stored == resumed.record.total_samples


def test_stored_dataset_is_exported_again_byte_for_byte(truthful: StubServer, documents: Workspace) -> None:
    config, parts = make_config(truthful), make_parts(documents)
    built = build_dataset(config, parts)
    before = {kind: path.read_bytes() for kind, path in built.files.items()}
    for path in built.files.values():
        if path != built.files["stats"]:
            path.unlink()
    files = export_stored(config, parts, built.record.name)
    for kind, path in files.items():
        assert path.read_bytes() == before[kind], kind
    counted = json.loads(before["stats"])
    assert stored_statistics(documents, built.record.name) == {
        name: value for name, value in counted.items() if name != "measures"
    }


def test_statistics_of_a_dataset_do_not_depend_on_any_file(truthful: StubServer, documents: Workspace) -> None:
    parts = make_parts(documents)
    (documents.root / "input_files" / "broken.docx").write_bytes(b"PK\x03\x04 not really")
    built = build_dataset(with_values(make_config(truthful), {"mode": "identify"}), parts)
    before = json.loads(built.files["stats"].read_text(encoding="utf-8"))
    del before["measures"]  # they compare the dataset with its documents
    for path in built.files.values():
        path.unlink()
    assert stored_statistics(documents, built.record.name) == before
    assert any("broken.docx" in warning for warning in before["warnings"])
    assert before["run"]["calls"] == 0


def test_files_that_cannot_be_written_leave_the_dataset_stored(truthful: StubServer, documents: Workspace) -> None:
    in_the_way = documents.output_datasets / "my_dataset_train.jsonl.part"
    in_the_way.mkdir(parents=True)
    parts = make_parts(documents)
    with pytest.raises(StorageError) as caught:
        build_dataset(make_config(truthful), parts)
    assert "export my_dataset" in caught.value.fix
    in_the_way.rmdir()
    assert export_stored(make_config(truthful), parts, "my_dataset")["train"].exists()


def test_output_folder_that_cannot_be_made_is_said_before_anything_is_paid(
    truthful: StubServer, documents: Workspace
) -> None:
    documents.output_datasets.write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError) as caught:
        build_dataset(make_config(truthful), make_parts(documents))
    assert "rename that file" in caught.value.fix
    assert truthful.calls == []


Effect = Callable[[StubServer, Workspace, RunConfig], Any]


def run_stats(stub: StubServer, workspace: Workspace, config: RunConfig) -> dict[str, Any]:
    report = build_dataset(config, make_parts(workspace, ask_instructions=lambda: "Write about clay."))
    stats: dict[str, Any] = stored_statistics(workspace, report.record.name)
    return {**stats, "files": sorted(report.files), "name": report.record.name, "splits": dict(report.splits)}


def bodies(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    build_dataset(config, make_parts(workspace, ask_instructions=lambda: "Write about clay."))
    return sorted(json.dumps(call.body, sort_keys=True) for call in stub.calls)


def train_rows(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    values = {**config.model_dump(), "model": TARGETS[config.provider]}
    report = build_dataset(RunConfig.model_validate(values), make_parts(workspace))
    return report.files["train"].read_bytes()


def stored_rows(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    build_dataset(config, make_parts(workspace))
    with sqlite3.connect(workspace.database) as db:
        rows = db.execute("SELECT content, metadata, split FROM samples ORDER BY position").fetchall()
    db.close()
    return rows


def how_it_ends(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    try:
        build_dataset(config, make_parts(workspace))
    except RunStoppedError as error:
        assert not error.interrupted
        return "stopped"
    return "done"


def who_is_asked(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    asked: list[Estimate] = []
    build_dataset(config, make_parts(workspace), confirm=asked.append)
    return len(asked)


def calls_at_once(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    stub.latency_s, stub.most_at_once = 0.01, 0
    build_dataset(config, make_parts(workspace))
    return min(2, stub.most_at_once)


def kept_of_poor_answers(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    """Answers with a number that stands in no document; the count of the samples that were kept all the same."""
    poor = json.dumps({"question": "How many glazes are there on the shelf?", "answer": "There are 918273 of them."})
    stub.responder = lambda _prompt: poor
    try:
        return run_stats(stub, workspace, config)["samples"]["kept_against_objections"]
    except DatasetError:
        return None


def estimated_usd(stub: StubServer, workspace: Workspace, config: RunConfig) -> Any:
    parts = make_parts(workspace)
    estimate = estimate_cost(config, parts, read_documents(config, parts))
    assert estimate is not None
    return estimate.usd


EFFECTS: dict[str, tuple[Any, Effect, dict[str, Any]]] = {
    "provider": ("google", train_rows, {}),
    "model": ("gpt-4.1-2025-04-14", run_stats, {}),
    "mode": ("identify", run_stats, {}),
    "dataset_size": (5, run_stats, {}),
    "output_name": ("other", run_stats, {}),
    "privacy": ("drop", run_stats, {}),
    "split.enabled": (False, run_stats, {}),
    "split.ratio": (0.5, run_stats, {}),
    "split.strategy": ("random", stored_rows, {"mode": "identify", "dataset_size": 100}),
    "split.weight_by": ("keywords", stored_rows, {"mode": "identify", "dataset_size": 100}),
    "split.leakage_safe": (False, stored_rows, {"mode": "identify", "dataset_size": 100, "split.leak_threshold": 0.02}),
    "split.leak_threshold": (0.02, stored_rows, {"mode": "identify", "dataset_size": 100}),
    "agent.create.temperature": (0.1, bodies, {"mode": "create"}),
    "agent.create.variety": ("low", bodies, {"mode": "create"}),
    "agent.create.task_mix": ({"explanation": 1}, bodies, {"mode": "create"}),
    "agent.create.gates": ("report", kept_of_poor_answers, {"mode": "create"}),
    "agent.free.gates": ("report", kept_of_poor_answers, {"mode": "free"}),
    "agent.identify.min_turns": (3, run_stats, {"mode": "identify", "dataset_size": 100}),
    "agent.identify.include_context": (False, stored_rows, {"mode": "identify", "dataset_size": 100}),
    "agent.hybrid.generation_ratio": (0.9, run_stats, {}),
    "agent.free.use_prompt_file": (False, bodies, {"mode": "free"}),
    "input.files": (("bike_workshop_chats.txt",), run_stats, {}),
    "output.system_prompt": ("You run a small mill.", train_rows, {}),
    "output.include_csv": (False, run_stats, {}),
    "output.include_stats": (False, run_stats, {}),
    "output.include_report": (False, run_stats, {}),
    "agent.create.judge": ("openai/gpt-5.6-luna", bodies, {"mode": "create"}),
    "system.seed": (7, bodies, {}),
    "system.agentic_model": ("gpt-5.6-luna", bodies, {}),
    "generation.batch": (True, estimated_usd, {}),  # the batches themselves: tests/generation/test_batch.py
    "generation.max_cost_usd": (1e-6, how_it_ends, {"mode": "create"}),
    "generation.max_tokens": (900, how_it_ends, {"mode": "create"}),
    "generation.max_requests": (3, how_it_ends, {"mode": "create"}),
    "generation.ask_above_usd": (0.0, who_is_asked, {"mode": "create"}),
    "generation.concurrency": (1, calls_at_once, {"mode": "create"}),
    "generation.teachers": (({"provider": "openai", "model": "gpt-5.6-luna", "weight": 1.0},), bodies, {}),
}
SHOWN_ELSEWHERE = {
    "privacy_extras": "tests/utils/privacy/test_extras.py",
    "input.folder": "test_missing_input_folder_is_an_error_with_a_fix",
    "input.file_seconds": "test_limits_and_cache_of_reading_come_from_the_configuration",
    "input.file_memory_mb": "test_limits_and_cache_of_reading_come_from_the_configuration",
    "input.cache_mb": "test_limits_and_cache_of_reading_come_from_the_configuration",
    "input.ocr": "tests/test_documents.py",
    "output.format": "the only value there is",
    "system.agentic_llm": "test_auto_takes_the_first_provider_with_a_key",
    "system.max_retries": "test_retries_are_as_many_as_configured",
    "system.timeout": "test_request_that_takes_longer_than_the_timeout_fails",
    "endpoints.openai": "every test of this file: the stub answers",
    "endpoints.anthropic": "test_every_mode_runs_end_to_end_with_every_provider",
    "endpoints.google": "test_every_mode_runs_end_to_end_with_every_provider",
    "endpoints.mistral": "test_every_mode_runs_end_to_end_with_every_provider",
    "endpoints.llama": "test_every_mode_runs_end_to_end_with_every_provider",
    **dict.fromkeys(
        ("tuning.google_project", "tuning.google_region", "tuning.google_bucket"),
        "tests/providers/test_google_tuning.py",
    ),
    **dict.fromkeys(
        ("tuning.aws_region", "tuning.aws_bucket", "tuning.aws_role"), "tests/providers/test_bedrock_tuning.py"
    ),
    "tokens.ask_provider": "tests/stored/test_estimating.py",
    "local.model_path": "test_model_path_that_is_no_model_is_an_error",
}


@pytest.mark.parametrize("key", EFFECTS)
def test_every_key_has_a_visible_effect(truthful: StubServer, documents: Workspace, tmp_path: Path, key: str) -> None:
    value, effect, base = EFFECTS[key]
    other = Workspace(tmp_path / "other")
    shutil.copytree(documents.root, other.root)
    config = with_values(make_config(truthful, dataset_size=10), base)
    before = effect(truthful, documents, config)
    truthful.calls.clear()
    after = effect(truthful, other, with_values(config, {key: value}))
    if isinstance(before, dict):
        before.pop("run")
        after.pop("run")
    assert before != after


def test_every_key_is_in_the_table_of_effects() -> None:
    from src.core.config import config_keys

    assert {key.name for key in config_keys()} == set(EFFECTS) | set(SHOWN_ELSEWHERE)


def test_limits_and_cache_of_reading_come_from_the_configuration(documents: Workspace) -> None:
    parts = make_parts(documents)
    config = with_values(RunConfig(), {"input.files": ("sourdough_guide.md",)})
    with pytest.raises(InputFileError, match="took longer than"):
        read_documents(with_values(config, {"input.file_seconds": 0.001}), parts)
    assert read_documents(with_values(config, {"input.cache_mb": 0}), parts).documents
    assert not list(documents.reading_cache.glob("*/text.txt"))
    first = read_documents(config, parts)
    # no worker could read it in so little time: the second reading comes from the cache
    assert read_documents(with_values(config, {"input.file_seconds": 0.001}), parts) == first


@pytest.mark.parametrize("retries", [0, 2])
def test_retries_are_as_many_as_configured(truthful: StubServer, documents: Workspace, retries: int) -> None:
    truthful.script(*["500_0.01"] * 400)
    config = make_config(truthful, mode="create", dataset_size=1, system__max_retries=retries)
    with pytest.raises(ProviderError):
        build_dataset(config, make_parts(documents))
    assert len(truthful.calls) == retries + 1


def test_request_that_takes_longer_than_the_timeout_fails(truthful: StubServer, documents: Workspace) -> None:
    truthful.script(*["slow_3"] * 20)
    config = make_config(truthful, mode="create", dataset_size=1, system__timeout=0.3)
    with pytest.raises(ProviderError) as caught:
        build_dataset(config, make_parts(documents))
    assert caught.value.kind == "timeout"


def test_model_path_that_is_no_model_is_an_error(documents: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"not a model")
    config = with_values(RunConfig(), {"system.agentic_llm": "local", "local.model_path": str(path)})
    with pytest.raises(ConfigError) as caught:
        build_dataset(config, Parts(documents, Secrets({})))
    assert caught.value.fix


def test_rows_for_bedrock_llama_are_prompt_and_completion(truthful: StubServer, documents: Workspace) -> None:
    config = make_config(truthful, "llama", model="meta.llama3-1-8b-instruct-v1:0:128k", mode="identify")
    report = build_dataset(config, make_parts(documents, "llama"))
    assert {tuple(row) for row in rows_of(report.files["train"])} == {("prompt", "completion")}


def test_clock_is_taken_from_the_parts(truthful: StubServer, documents: Workspace) -> None:
    moment = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    report = build_dataset(make_config(truthful), make_parts(documents, clock=lambda: moment))
    stats = json.loads(report.files["stats"].read_text(encoding="utf-8"))
    assert stats["run"]["created_at"].startswith("2030-01-02T03:04:05")
