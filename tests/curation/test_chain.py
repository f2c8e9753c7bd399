"""All of curation in one run: killed and gone on with, verified, packaged; and the commands, as programs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import DatasetError, UsageError
from src.core.types import ProgressEvent
from src.core.workspace import Workspace
from src.curation.chain import CurateSettings, curate, paid_for
from src.curation.publish.packaging import package
from src.curation.select.balance import Mix
from src.curation.verify.verdict import Targets
from src.main import main
from src.persistence.places import SUMS, open_place
from src.persistence.sqlite_client import Store
from tests.cli.driver import dataset_with, run_program, type_into_menu
from tests.curation.making import make_row, read_lines, write_lines
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


def ignore(_event: ProgressEvent) -> None:
    """Nobody watches."""


def rows() -> list[Any]:
    good = [make_row(number) for number in range(30)]
    near = {**good[3], "id": 100, "response": f"{good[3]['response']} Indeed.", "quality_score": 6.0}
    return [*good, {**good[4], "id": 101}, near, make_row(102, quality_score=6.5), b"{oops"]


def test_the_chain_leaves_one_verified_set_with_its_papers(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    out = tmp_path / "set.jsonl"
    report = curate([source], out, CurateSettings(), ignore)
    assert [one.stage for one in report.stages] == ["standardise", "dedupe", "score", "filter", "curate"]
    assert report.stages[1].counts.removed == {"exact_duplicate": 1, "near_duplicate": 1}
    assert report.stages[3].counts.removed == {"score_too_low": 1}
    assert report.verdict.passed
    assert len(read_lines(out)) == 30
    assert {row["scored_by"] for row in read_lines(out)} == {"own"}
    card = (tmp_path / "set.card.md").read_text(encoding="utf-8")
    assert card.startswith("---\npretty_name: set\n")
    assert "| **total** | | $0 | budget $150.00, $150.00 left |" in card
    facts = json.loads((tmp_path / "set.report.json").read_bytes())
    assert facts["passed"]
    assert facts["actual_usd"] == 0
    assert paid_for(out).usd == 0.0
    assert (tmp_path / "set.stages" / "01_standardise_rejected.jsonl").exists()


def test_rows_without_a_score_get_one_by_form_and_rescoring_replaces_all(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [{**make_row(number), "quality_score": None} for number in range(6)])
    curate([source], tmp_path / "set.jsonl", CurateSettings(), ignore)
    assert {row["scored_by"] for row in read_lines(tmp_path / "set.jsonl")} == {"heuristic"}
    own = write_lines(tmp_path / "own.jsonl", rows())
    curate([own], tmp_path / "all.jsonl", CurateSettings(keep_own=False), ignore)
    assert {row["scored_by"] for row in read_lines(tmp_path / "all.jsonl")} == {"heuristic"}


def test_several_sources_are_merged_and_a_mix_is_held(tmp_path: Path) -> None:
    first = write_lines(tmp_path / "a.jsonl", [make_row(number) for number in range(12)])
    second = write_lines(
        tmp_path / "b.jsonl", [{"question": f"Why is {n} odd?", "answer": f"It is {n}."} for n in range(4)]
    )
    settings = CurateSettings(mix=Mix({"code": 1, "creative": 1}), targets=Targets(min_rows=100))
    report = curate([first, second], tmp_path / "set.jsonl", settings, ignore)
    assert [one.stage for one in report.stages[:3]] == ["standardise", "standardise", "merge"]
    assert [one.stage for one in report.stages[-2:]] == ["balance", "curate"]
    assert not report.verdict.passed
    kept = read_lines(tmp_path / "set.jsonl")
    assert sorted(row["category"] for row in kept) == ["code"] * 4 + ["creative"] * 4
    assert kept[0]["provenance"]["file"] == "a.jsonl"


def test_a_source_is_never_the_output(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "set.jsonl", rows())
    with pytest.raises(UsageError):
        curate([source], source, CurateSettings(), ignore)


def run_killed(source: Path, out: Path, kill_at: int) -> int:
    """Run the chain in a process that kills itself at its n-th event; its exit code."""

    def run() -> None:
        events = 0

        def watch(_event: ProgressEvent) -> None:
            nonlocal events
            events += 1
            if events == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        curate([source], out, CurateSettings(mix=Mix({"code": 1, "*": 1})), watch)

    process = get_context("fork").Process(target=run)
    process.start()
    process.join(50)
    return process.exitcode or 0


@pytest.mark.skipif(sys.platform != "linux", reason="a fork has what this process has loaded")
def test_a_chain_that_is_killed_in_any_stage_ends_with_the_same_bytes(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    whole = tmp_path / "whole" / "set.jsonl"
    whole.parent.mkdir()
    events: list[str] = []
    settings = CurateSettings(mix=Mix({"code": 1, "*": 1}))
    curate([source], whole, settings, lambda event: events.append(event.stage))
    stages = {path.relative_to(whole.parent): path.read_bytes() for path in whole.parent.rglob("*.jsonl")}
    for kill_at in range(1, len(events) + 1):
        out = tmp_path / f"killed{kill_at}" / "set.jsonl"
        out.parent.mkdir()
        assert run_killed(source, out, kill_at) == -signal.SIGKILL
        curate([source], out, settings, ignore)
        found = {path.relative_to(out.parent): path.read_bytes() for path in out.parent.rglob("*.jsonl")}
        assert found == stages, events[kill_at - 1]
        assert not list(out.parent.rglob("*.part"))


def test_a_package_is_a_copy_with_its_hashes(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    out = tmp_path / "set.jsonl"
    curate([source], out, CurateSettings(), ignore)
    found = package(out, str(tmp_path / "release"), ignore)
    names = ["set.card.md", "set.jsonl", "set.manifest.json", "set.report.json"]
    assert sorted(found.files) == names
    sums = (tmp_path / "release" / SUMS).read_text(encoding="utf-8").splitlines()
    assert sums == [f"{digest}  {name}" for name, digest in found.files.items()]
    assert (tmp_path / "release" / "set.jsonl").read_bytes() == out.read_bytes()
    out.write_bytes(out.read_bytes() + b"\n")
    with pytest.raises(DatasetError, match="was changed"):
        package(out, str(tmp_path / "release"), ignore)


def test_a_package_goes_to_any_store_that_fsspec_opens(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    source = write_lines(tmp_path / "set.jsonl", [make_row(1)])
    found = package(source, "memory://release/set", ignore)
    assert fsspec.filesystem("memory").cat("/release/set/set.jsonl") == source.read_bytes()
    assert [*found.files] == ["set.jsonl"]
    with pytest.raises(UsageError):
        open_place("nowhere://release")


# the commands


@pytest.fixture
def folder(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(workspace.root)
    write_lines(workspace.root / "in.jsonl", rows())
    return workspace.root


def test_curate_writes_the_default_set_and_the_commands_of_the_seed_find_it(folder: Path) -> None:
    result = run_program(folder, "curate", "in.jsonl", "--json")
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stdout)
    assert facts["passed"]
    assert (facts["out"], facts["rows"]) == ("data/curation/public_500k_filtered.jsonl", 30)
    for said in ("Validation Status: PASSED", "Dataset Ready for Training: YES", "budget $150.00", "score too low"):
        assert said in result.stderr
    scripts = ROOT / "scripts" / "curation"
    found = folder / "data" / "curation" / "public_500k_filtered.jsonl"
    beside = subprocess.run(
        [sys.executable, "verify_dataset.py", "--input", os.path.relpath(found, scripts)],
        cwd=scripts,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert beside.returncode == 0, beside.stderr
    assert "Total examples: 30" in beside.stdout


def test_verify_finds_the_set_of_that_name_where_curate_puts_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = folder / "data" / "curation"
    place.mkdir(parents=True)
    write_lines(folder / "raw.jsonl", [make_row(number, quality_score=9.0) for number in range(5)])
    assert main(["score", "raw.jsonl", str(place / "public_500k_filtered.jsonl"), "--keep-own"]) == 0
    assert main(["verify", "--input", "../data/public_500k_filtered.jsonl", "--near"]) == 0
    assert "Duplicates: 0% (exact and near)" in capsys.readouterr().out
    assert main(["verify", "--input", "../data/public_500k_filtered.jsonl", "--min-rows", "6"]) == 1
    shown = capsys.readouterr()
    assert "MISSED" in shown.out
    assert "Validation Status: FAILED" in shown.out
    assert main(["verify", "raw.jsonl"]) == 0
    assert "$0 (no record beside the set)" in capsys.readouterr().out
    (folder / "raw.report.json").write_text("[1", encoding="utf-8")  # not ours
    assert main(["verify", "raw.jsonl"]) == 0


@pytest.mark.parametrize(
    "name", ["dataset_downloader", "dataset_curator", "quality_scorer", "deduplication_parallel", "verify_dataset"]
)
def test_every_script_of_the_seed_answers_help_from_any_folder(name: str, tmp_path: Path) -> None:
    script = ROOT / "scripts" / "curation" / f"{name}.py"
    result = subprocess.run(
        [sys.executable, str(script), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "usage:" in result.stdout


def test_each_stage_is_a_command_of_its_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "in.jsonl", "scored.jsonl"]) == 0
    assert "mean" in capsys.readouterr().out
    assert main(["filter", "scored.jsonl", "good.jsonl", "--category", "code", "--above", "7"]) == 0
    assert {row["category"] for row in read_lines(folder / "good.jsonl")} == {"code"}
    assert main(["balance", "scored.jsonl", "even.jsonl", "--mix", "code=1,creative=1"]) == 0
    assert main(["merge-datasets", "all.jsonl", "good.jsonl", "even.jsonl"]) == 0
    assert main(["cluster", "scored.jsonl", "topics.jsonl", "--clusters", "3"]) == 0
    assert main(["spot-check", "scored.jsonl", "--random", "3", "--code", "0", "--math", "1"]) == 0
    assert main(["package", "even.jsonl", "--to", "release"]) == 0
    assert main(["download", "--list"]) == 0
    assert main(["download", "in.jsonl", "--to", "raw", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert facts["sets"][0]["rejected"] == {"malformed_json": 1}
    assert main(["distil", "in.jsonl", "taught.jsonl", "--plan"]) == 0
    assert "gpt-6-luna" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (["verify"], "needs one file"),
        (["verify", "in.jsonl", "--max-duplicates", "2"], "share from 0 to 1"),
        (["balance", "in.jsonl", "out.jsonl"], "--mix"),
        (["balance", "in.jsonl", "out.jsonl", "--mix", "code=1", "--size", "-1"], "--size"),
        (["filter", "in.jsonl", "out.jsonl", "--category", "poems"], "no category"),
        (["cluster", "in.jsonl", "out.jsonl", "--clusters", "0"], "--clusters"),
        (["spot-check", "in.jsonl", "--random", "-1"], "0 or more"),
        (["download"], "name of a set"),
        (["download", "in.jsonl", "--sha256", "abc"], "64 hexadecimal"),
        (["score", "in.jsonl", "out.jsonl", "--by", "judge", "--budget", "0"], "--budget"),
        (["curate", "in.jsonl", "--out", "in.jsonl"], "read and written"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str], line: list[str], cause: str
) -> None:
    assert main(line) == 2
    assert cause in capsys.readouterr().err
    assert not (folder / "out.jsonl").exists()


def test_scores_of_a_stored_dataset_land_on_its_samples_and_leave_its_sides(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = dataset_with(workspace, split__ratio=0.6)
    with Store(workspace.database) as store:
        before = [(row.sample.id, row.split) for row in store.samples(store.find(name).id)]
    monkeypatch.chdir(workspace.root)
    assert main(["score", name]) == 0
    assert f"Scores of {name}" in capsys.readouterr().out
    with Store(workspace.database) as store:
        rows = list(store.samples(store.find(name).id))
    assert [(row.sample.id, row.split) for row in rows] == before
    assert all(1 <= row.sample.metadata["quality_score"] <= 10 for row in rows)
    assert "By score" in type_into_menu(workspace, "3.2")
    assert main(["score", name, "--by", "judge"]) == 1
    assert "No provider has a key" in capsys.readouterr().err
    assert main(["score", str(workspace.config_file)]) == 2


def test_export_takes_the_samples_above_a_score_into_files_of_their_own(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = dataset_with(workspace, split__ratio=0.6)
    monkeypatch.chdir(workspace.root)
    assert main(["export", name, "--min-score", "1"]) != 0
    assert "gives them scores" in capsys.readouterr().err
    assert main(["score", name]) == 0
    with Store(workspace.database) as store:
        scores = [row.sample.metadata["quality_score"] for row in store.samples(store.find(name).id)]
    least = sorted(scores)[len(scores) // 2]
    capsys.readouterr()
    assert main(["export", name, "--min-score", str(least), "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"].values()
    lines = [line for path in files for line in (workspace.root / path).read_bytes().splitlines()]
    assert len(lines) == sum(score >= least for score in scores)
    assert all("_score_" in path for path in files)
    assert main(["export", name, "--min-score", "7", "--csv"]) == 2


def test_curate_fetches_what_is_no_file_and_packages_what_it_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["curate", "in.jsonl", "--package", "release", "--min-teachers", "1"]) in {0, 1}
    assert (folder / "release" / "public_500k_filtered.jsonl").exists()
    assert "every hash checked" in capsys.readouterr().out
    assert main(["curate", "no-such-set"]) == 2
    assert "no name of a set" in capsys.readouterr().err


def test_curate_reads_a_list_and_parquet(tmp_path: Path) -> None:
    listed = tmp_path / "list.json"
    listed.write_text(json.dumps([one for one in rows() if isinstance(one, dict)]), encoding="utf-8")
    whole = curate([listed], tmp_path / "a.jsonl", CurateSettings(), ignore).figures.rows
    assert whole > 0
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pytest.importorskip("pyarrow").Table.from_pylist([one for one in rows() if isinstance(one, dict)])
    parquet.write_table(table, tmp_path / "rows.parquet")
    assert curate([tmp_path / "rows.parquet"], tmp_path / "b.jsonl", CurateSettings(), ignore).figures.rows == whole
