"""What models cost: said before, held below one budget, recorded whole however often a run was stopped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from src.core.config import RunConfig, with_values
from src.core.errors import ConfigError, DatasetError, RunStoppedError
from src.core.parts import Parts
from src.core.secrets import load_secrets
from src.core.types import ProgressEvent, Usage
from src.core.workspace import Workspace
from src.curation.chain import CurateReport, CurateSettings, curate, paid_for
from src.curation.models.asking import caps_of
from src.curation.models.costs import estimate, parse_raw
from src.curation.models.stages import distil_stage, judge_stage, open_budget, with_cap
from src.curation.models.teachers import distil_team
from src.curation.records import CuratedObject
from src.curation.select.filtering import Filters
from src.curation.stages.frame import run_stage
from src.curation.stages.manifest import Cost, Counts, manifest_path, read_manifest
from src.curation.stages.shards import Outcome, RowStage, run_rows
from src.generation.budget import Budget
from src.generation.team import check_caps
from src.generation.writer import Teacher, choose_writer
from src.main import main
from tests.curation.making import make_row, write_lines
from tests.curation.test_models import MARKS, TEACHERS, configure
from tests.stub_server import StubServer


def answer(request: Any) -> str:
    """Marks for the judge, and an answer of its own for every question."""
    return json.dumps(MARKS) if request.schema else f"Said of that: {request.prompt[-60:]}"


@pytest.fixture
def stub() -> Any:
    with StubServer(answer) as server:
        yield server


def rows_file(folder: Path, count: int) -> Path:
    return write_lines(folder / "in.jsonl", [make_row(number) for number in range(count)])


def run_chain(config: RunConfig, parts: Parts, source: Path, budget: Budget | None = None) -> CurateReport:
    """Distil and judge, paid from one account."""
    budget = budget or open_budget(config)
    settings = CurateSettings(
        distil=distil_stage(config, parts, distil_team(config, parts.secrets), {}, budget),
        score=judge_stage(config, parts, Teacher(choose_writer(config, parts.secrets)), keep_own=False, budget=budget),
    )
    return curate([source], source.with_name("set.jsonl"), settings, parts.on_event)


def test_raw_rows_of_any_shape_are_counted_before_a_chain_asks(workspace: Workspace, stub: StubServer) -> None:
    config, parts = configure(workspace, stub, generation__teachers=TEACHERS)
    raw = [{"instruction": f"Say {number}", "input": "", "output": str(number)} for number in range(7)]
    source = write_lines(workspace.root / "alpaca.jsonl", raw)
    found = estimate(source, distil_team(config, parts.secrets), 100, 10, parse_raw)
    assert found.requests == 7
    assert found.usd is not None
    assert found.usd > 0


@pytest.mark.parametrize("row", [{"instruction": "Say it", "output": "It."}, {"text": "of no shape"}])
def test_a_chain_that_judges_asks_first_whatever_it_could_count(
    workspace: Workspace,
    stub: StubServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    row: dict[str, Any],
) -> None:
    monkeypatch.chdir(workspace.root)
    monkeypatch.setenv("OPENAI_API_KEY", "k" * 20)
    write_lines(workspace.root / "raw.jsonl", [row])
    line = ["--set", f"endpoints.openai={stub.url('openai')}", "--set", "generation.ask_above_usd=0"]
    assert main([*line, "curate", "raw.jsonl", "--out", "set.jsonl", "--score-by", "judge"]) == 2
    assert "nobody is here to be asked" in capsys.readouterr().err
    assert not stub.calls


def test_the_stricter_of_two_caps_holds(workspace: Workspace, stub: StubServer) -> None:
    config, _ = configure(workspace, stub)
    strict = with_values(config, {"generation.max_cost_usd": 2.0})
    assert [with_cap(one, 150.0).generation.max_cost_usd for one in (config, strict)] == [150.0, 2.0]
    assert with_cap(strict, 1.0).generation.max_cost_usd == 1.0


def test_all_stages_of_a_chain_pay_from_one_budget(workspace: Workspace, stub: StubServer) -> None:
    config, parts = configure(workspace, stub, generation__teachers=TEACHERS, generation__max_requests=10)
    source = rows_file(workspace.root, 8)
    with pytest.raises(RunStoppedError):
        run_chain(config, parts, source)
    assert len(stub.calls) == 10
    with pytest.raises(RunStoppedError) as error:
        run_chain(config, parts, source)
    assert len(stub.calls) == 10
    assert "larger --budget" in error.value.fix


def test_a_set_tells_its_whole_price_however_often_its_run_was_stopped(workspace: Workspace, stub: StubServer) -> None:
    config, parts = configure(workspace, stub, generation__teachers=TEACHERS)
    source = rows_file(workspace.root, 8)
    for stop_after in (3, 10):
        with pytest.raises(RunStoppedError):
            run_chain(with_values(config, {"generation.max_requests": stop_after}), parts, source)
    report = run_chain(config, parts, source)
    assert len(stub.calls) == 16
    assert [(cost.component, cost.answers) for cost in report.costs[:2]] == [("distillation", 8), ("scoring", 8)]
    whole = paid_for(report.out).usd
    assert whole
    again = run_chain(config, parts, source)
    assert again.costs == report.costs
    shutil.rmtree(report.out.with_name("set.stages"))
    assert sum(cost.usd or 0.0 for cost in run_chain(config, parts, source).costs) == pytest.approx(whole)
    assert len(stub.calls) == 16


class DollarMeter:
    """A dollar and ten tokens a row; ``shards_left`` are worked on before somebody stops the run."""

    def __init__(self, shards_left: int = 100) -> None:
        self.rows = 0
        self.shards_left = shards_left

    def read(self) -> Cost:
        return Cost("scoring", "a model", float(self.rows), "", 10 * self.rows, self.rows)

    def carry(self, cost: Cost) -> None:
        self.rows += cost.answers

    def work(self, rows: Sequence[CuratedObject]) -> list[Outcome]:
        if not self.shards_left:
            raise KeyboardInterrupt
        self.shards_left -= 1
        self.rows += len(rows)
        return [Outcome(row) for row in rows]


def test_what_a_finished_shard_has_cost_is_kept_with_it(tmp_path: Path) -> None:
    source = rows_file(tmp_path, 20)

    def run(meter: DollarMeter) -> Counts:
        out = tmp_path / "out.jsonl"
        return run_rows(RowStage(source, out, "k", meter.work, shard_bytes=2_000, meter=meter), lambda _event: None)

    first = DollarMeter(shards_left=2)
    with pytest.raises(KeyboardInterrupt):
        run(first)
    assert 0 < first.rows < 20
    second = DollarMeter()
    assert run(second).costs == (Cost("scoring", "a model", 20.0, "20 answers paid, 200 tokens", 200, 20),)
    assert second.rows == 20


def test_a_manifest_carries_on_what_its_inputs_have_cost_and_counts_it_once(tmp_path: Path) -> None:
    def stage(name: str, inputs: list[Path], usd: float) -> Path:
        out = tmp_path / f"{name}.jsonl"

        def work(_key: str) -> Counts:
            shutil.copyfile(inputs[0], out)
            return Counts(3, 3, costs=(Cost(name, "a model", usd),))

        run_stage(name, inputs, out, {}, work)
        return out

    source = rows_file(tmp_path, 3)
    taught = stage("distil", [source], 4.0)
    good, even = stage("filter", [taught], 0.0), stage("balance", [taught], 0.5)
    merged = stage("merge", [good, even], 0.0)
    assert paid_for(merged).usd == 4.5
    manifest_path(taught).unlink()
    stage("distil", [source], 6.0)
    for name, inputs in (("filter", [taught]), ("balance", [taught]), ("merge", [good, even])):
        stage(name, inputs, 99.0)  # was done: costs nothing once more
    assert paid_for(merged).usd == 6.5
    assert paid_for(source) == (0.0, False)
    manifest = read_manifest(merged)
    assert manifest is not None
    assert [cost.component for costs in manifest.costs_so_far.values() for cost in costs] == [
        "distil",
        "filter",
        "balance",
        "merge",
    ]
    manifest_path(merged).unlink()
    assert paid_for(merged) == (0.0, False)


def test_a_stage_that_takes_every_row_leaves_the_last_good_set(tmp_path: Path) -> None:
    def ignore(_event: ProgressEvent) -> None:
        """Nobody watches."""

    source = rows_file(tmp_path, 6)
    out = tmp_path / "set.jsonl"
    curate([source], out, CurateSettings(), ignore)
    before = out.read_bytes()
    assert before
    for _ in range(2):
        with pytest.raises(DatasetError, match="No row is left after filter: .*score_too_low") as error:
            curate([source], out, CurateSettings(filters=Filters(above=9.9)), ignore)
        assert "_filter_removed.jsonl" in error.value.fix
        assert out.read_bytes() == before


def test_the_shipped_teachers_have_prices_and_a_team_without_is_refused_before_anything_is_done(
    workspace: Workspace, stub: StubServer
) -> None:
    config, parts = configure(workspace, stub)
    keys = {"OPENAI_API_KEY": "k" * 20, "TOGETHER_API_KEY": "t" * 20, "HF_TOKEN": "h" * 20}
    capped = with_cap(config, 150.0)
    team = distil_team(capped, load_secrets(workspace.env_file, keys))
    assert check_caps(caps_of(capped), team) == ""
    assert all(member.price and (member.price.of(Usage(1_000_000, 1_000_000)) or 0.0) > 0 for member in team)
    unknown = [{"provider": "llama", "model": "nobody-knows", "weight": 1.0}]
    poor = with_values(capped, {"generation.teachers": unknown, "endpoints.llama": "https://models.example/v1"})
    with pytest.raises(ConfigError, match="No price is known") as error:
        distil_stage(poor, parts, distil_team(poor, parts.secrets), {})
    assert "max_requests" in error.value.fix
    limited = with_values(poor, {"generation.max_requests": 5})
    assert distil_stage(limited, parts, distil_team(limited, parts.secrets), {}).name == "distil"
