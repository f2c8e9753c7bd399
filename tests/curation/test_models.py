"""The stages that ask models: a judge and teachers over the loopback server, journalled, capped, gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from src.core.config import RunConfig, load_config, with_values
from src.core.errors import ConfigError, RunStoppedError, UsageError
from src.core.parts import Parts
from src.core.secrets import load_secrets
from src.core.types import GenerationResult
from src.core.workspace import Workspace
from src.curation.chain import CurateSettings, curate
from src.curation.models.judge import read_marks
from src.curation.models.stages import distil_stage, judge_stage, with_cap
from src.curation.models.teachers import distil_team, parse_routes, shipped_teachers
from src.curation.scoring.dimensions import Dimensions
from src.curation.stages.frame import run_stage
from src.generation.answer_parser import ParseFailure
from src.generation.writer import Teacher, choose_writer
from src.main import main
from src.persistence.sqlite_client import Store
from tests.cli.driver import dataset_with
from tests.curation.making import make_row, read_lines, write_lines
from tests.stub_server import StubServer

MARKS = {"instruction_clarity": 9, "correctness": 8, "completeness": 7, "helpfulness": 8}


@pytest.fixture
def stub() -> Any:
    with StubServer(lambda request: json.dumps(MARKS) if request.schema else f"Said: {request.prompt[-20:]}") as server:
        yield server


def configure(workspace: Workspace, stub: StubServer, **more: Any) -> tuple[RunConfig, Parts]:
    secrets = load_secrets(workspace.env_file, {"OPENAI_API_KEY": "k" * 20, "MISTRAL_API_KEY": "m" * 20})
    values = {
        "endpoints.openai": stub.url("openai"),
        "endpoints.mistral": stub.url("mistral"),
        "system.agentic_llm": "openai",
        "system.agentic_model": "gpt-4.1-mini",
        **{name.replace("__", "."): value for name, value in more.items()},
    }
    return with_values(load_config(workspace.config_file), values), Parts(workspace, secrets)


def judge(config: RunConfig, parts: Parts, source: Path, out: Path, *, keep_own: bool = False) -> Any:
    stage = judge_stage(config, parts, Teacher(choose_writer(config, parts.secrets)), keep_own=keep_own)
    return run_stage(
        stage.name, [source], out, stage.settings, lambda key: stage.work(source, out, key, parts.on_event)
    )


def test_a_judge_gives_four_marks_and_their_mean(workspace: Workspace, stub: StubServer) -> None:
    config, parts = configure(workspace, stub)
    source = write_lines(workspace.root / "in.jsonl", [make_row(number) for number in range(5)])
    out = workspace.root / "out.jsonl"
    manifest = judge(config, parts, source, out)
    rows = read_lines(out)
    assert [row["quality_score"] for row in rows] == [8.0] * 5
    assert rows[0]["scores"] == {name: float(mark) for name, mark in MARKS.items()}
    assert rows[0]["scored_by"] == "openai gpt-4.1-mini"
    (cost,) = manifest.counts.costs
    assert cost.usd is not None
    assert cost.usd > 0
    assert "5 answers paid" in cost.notes
    out.unlink()
    judge(config, parts, source, out)
    assert len(stub.calls) == 5


def test_an_answer_that_is_no_judgement_is_asked_for_once_more_and_then_given_up(workspace: Workspace) -> None:
    with StubServer(lambda _request: '{"instruction_clarity": 11}') as stub:
        config, parts = configure(workspace, stub)
        source = write_lines(workspace.root / "in.jsonl", [make_row(1), make_row(2, quality_score=None)])
        out = workspace.root / "out.jsonl"
        manifest = judge(config, parts, source, out, keep_own=True)
        assert manifest.counts.removed == {"not_judged_malformed_answer": 1}
        assert [row["scored_by"] for row in read_lines(out)] == ["own"]
        assert len(stub.calls) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (json.dumps(MARKS), Dimensions(9, 8, 7, 8)),
        (json.dumps({**MARKS, "correctness": 0}), None),
        (json.dumps({**MARKS, "correctness": 7.5}), None),
        (json.dumps({**MARKS, "correctness": "8"}), None),
        ("nine", None),
    ],
)
def test_marks_are_whole_numbers_from_one_to_ten(text: str, found: Dimensions | None) -> None:
    read = read_marks(GenerationResult(text, "m"))
    assert read == found if found else isinstance(read, ParseFailure)
    assert isinstance(read_marks(GenerationResult(text, "m", finish_reason="length")), ParseFailure)


def test_the_budget_ends_a_stage_and_the_next_run_goes_on(workspace: Workspace, stub: StubServer) -> None:
    config, parts = configure(workspace, stub, generation__concurrency=1)
    source = write_lines(workspace.root / "in.jsonl", [make_row(number) for number in range(8)])
    out = workspace.root / "out.jsonl"
    capped = with_values(config, {"generation.max_requests": 3})
    with pytest.raises(RunStoppedError):
        judge(capped, parts, source, out)
    assert not out.exists()
    assert len(stub.calls) == 3
    judge(with_cap(config, 5.0), parts, source, out)
    assert len(stub.calls) == 8


TEACHERS = [
    {"provider": "openai", "model": "gpt-4.1-mini", "weight": 3.0},
    {"provider": "mistral", "model": "mistral-small-2603", "weight": 1.0},
]


def test_teachers_share_the_answers_by_weight_and_categories_can_be_routed(
    workspace: Workspace, stub: StubServer
) -> None:
    config, parts = configure(workspace, stub, generation__teachers=TEACHERS)
    rows = [make_row(number) for number in range(30)]
    chat = [{"role": role, "content": text} for role, text in (("user", "a"), ("assistant", "b"), ("user", "c"))]
    rows.append(make_row(30, messages=None))
    rows.append({"id": "mute", "messages": [{"content": "a"}, {"content": "b"}], "category": "general"})
    rows.append({"id": "chat", "messages": [*chat, {"role": "assistant", "content": "old"}], "category": "general"})
    source = write_lines(workspace.root / "in.jsonl", rows)
    team = distil_team(config, parts.secrets)
    stage = distil_stage(config, parts, team, parse_routes(["code=mistral"], team))
    out = workspace.root / "out.jsonl"
    run_stage(stage.name, [source], out, stage.settings, lambda key: stage.work(source, out, key, parts.on_event))
    taught = read_lines(out)
    assert len(taught) == 33
    assert all(row["response"].startswith("Said: ") for row in taught[:-2])
    assert all("quality_score" not in row for row in taught)
    assert {row["teacher"] for row in taught if row["category"] == "code"} == {"mistral mistral-small-2603"}
    others = [row["teacher"] for row in taught if row["category"] != "code"]
    assert set(others) == {"openai gpt-4.1-mini", "mistral mistral-small-2603"}
    assert others.count("openai gpt-4.1-mini") > len(others) / 2
    assert all(row["messages"][-1]["content"].startswith("Said: ") for row in taught[-2:])
    with pytest.raises(UsageError):
        parse_routes(["poems=mistral"], team)
    with pytest.raises(UsageError):
        parse_routes(["code=nobody"], team)


def test_what_was_distilled_is_scored_and_deduplicated_once_more(workspace: Workspace) -> None:
    with StubServer(
        lambda _request: "Each of them gets the same long answer, word by word, from the same teacher."
    ) as stub:
        config, parts = configure(workspace, stub, generation__teachers=TEACHERS)
        same = "Tell me, please, what every one of the ships in this harbour is used for on a working day."
        rows = [make_row(number, instruction=f"{number} {same}") for number in range(4)]
        source = write_lines(workspace.root / "in.jsonl", rows)
        distil = distil_stage(config, parts, distil_team(config, parts.secrets), {})
        report = curate([source], workspace.root / "set.jsonl", CurateSettings(distil=distil), parts.on_event)
    assert [one.stage for one in report.stages] == [
        "standardise",
        "dedupe",
        "distil",
        "score",
        "dedupe",
        "filter",
        "curate",
    ]
    assert report.stages[4].counts.removed == {"near_duplicate": 3}
    assert [cost.component for cost in report.costs] == ["distillation", "scoring", "infrastructure"]


def test_the_shipped_teachers_have_shares_and_say_which_key_is_missing(workspace: Workspace, stub: StubServer) -> None:
    assert [teacher.weight for teacher in shipped_teachers()] == [40, 35, 25]
    config, parts = configure(workspace, stub)
    with pytest.raises(ConfigError, match="TOGETHER_API_KEY"):
        distil_team(config, parts.secrets)
    keys = {"OPENAI_API_KEY": "k" * 20, "TOGETHER_API_KEY": "t" * 20, "HF_TOKEN": "h" * 20}
    team = distil_team(config, load_secrets(workspace.env_file, keys))
    assert [member.weight for member in team] == [40, 35, 25]
    assert team[1].batch is not None


def test_nobody_is_paid_before_somebody_agrees(
    workspace: Workspace, stub: StubServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace.root)
    monkeypatch.setenv("OPENAI_API_KEY", "k" * 20)
    write_lines(workspace.root / "in.jsonl", [make_row(number) for number in range(3)])
    line = ["--set", f"endpoints.openai={stub.url('openai')}", "--set", "generation.ask_above_usd=0"]
    judged = [*line, "score", "in.jsonl", "out.jsonl", "--by", "judge"]
    assert main(judged) == 2
    assert not stub.calls
    assert main([*judged, "--yes"]) == 0
    assert "Paid for scoring" in capsys.readouterr().out
    monkeypatch.delenv("OPENAI_API_KEY")
    assert main(judged) == 1
    assert "cannot judge" in capsys.readouterr().err


def test_a_model_scores_a_stored_dataset(
    workspace: Workspace, stub: StubServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = dataset_with(workspace)
    monkeypatch.chdir(workspace.root)
    monkeypatch.setenv("OPENAI_API_KEY", "k" * 20)
    line = ["--set", f"endpoints.openai={stub.url('openai')}", "score", name, "--by", "judge", "--yes"]
    assert main(line) == 0
    assert f"Scores of {name}, by a model" in capsys.readouterr().out
    with Store(workspace.database) as store:
        samples = [row.sample for row in store.samples(store.find(name).id)]
    assert {sample.metadata["quality_score"] for sample in samples} == {8.0}
    paid = len(stub.calls)
    assert paid == len(samples)
    assert main(line) == 0
    assert len(stub.calls) == paid
