"""The scripts, run as a person types them, from chat logs, git history and code to a training set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from tests.cli.driver import ROOT, run_command
from tests.data_prep.making import read_lines
from tests.data_prep.seed import make_exports, make_repository

SCRIPTS = (
    "data_prep/claude_logs/claude2sft.py",
    "data_prep/actual_code/git_to_sft.py",
    "data_prep/actual_code/repo2fim.py",
    "data_prep/merge_and_split.py",
    "data_prep/qc_and_dedupe.py",
    "data_prep/len_scan.py",
    "testing/check_lengths.py",
)
STEPS = """
claude_logs/claude2sft.py --src data/claude_logs/ --out data/train.clean.jsonl
claude_logs/claude2sft.py --src data/claude_logs/ --out data/claude_logs/train.jsonl --followups 3
actual_code/git_to_sft.py --repo REPO --out data/git_history/git_sft.jsonl
actual_code/git_to_sft.py --repo REPO --out data/git_history/git_sft.messages.jsonl --format messages \
--decisions decisions.jsonl
actual_code/repo2fim.py --repo REPO --out data/actual_code/train.fim.jsonl --per_file 6 --max_len 1600
qc_and_dedupe.py data/claude_logs/train.jsonl --out data/claude_logs/train.clean.jsonl --rejects --threshold 0.8
qc_and_dedupe.py data/claude_logs/train.follow3m.jsonl --out data/claude_logs/train.follow3m.clean.jsonl
qc_and_dedupe.py data/git_history/git_sft.jsonl --out data/git_history/git_sft.clean.jsonl
qc_and_dedupe.py data/actual_code/train.fim.jsonl --out data/actual_code/train.fim.clean.jsonl
merge_and_split.py data/claude_logs/train.clean.jsonl data/git_history/git_sft.clean.jsonl \
data/actual_code/train.fim.clean.jsonl --name full --eval_frac 0.15
len_scan.py data/staging/train.full.jsonl data/staging/eval.full.jsonl --model qwen2.5 --max_len 2048
../testing/check_lengths.py data/staging/train.full.jsonl --model qwen2.5 --limit 4096
"""
TREE = """
claude_logs/train.clean.jsonl claude_logs/train.follow3m.clean.jsonl git_history/git_sft.clean.jsonl
git_history/git_sft.messages.jsonl actual_code/train.fim.clean.jsonl actual_code/train.fim.jsonl
staging/train.full.jsonl staging/eval.full.jsonl
"""
ELSEWHERE = "train.clean.jsonl"


def run_script(folder: Path, script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command(folder, sys.executable, str(script), *arguments, PYTHONPATH="")


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_explains_itself_from_any_folder(tmp_path: Path, script: str) -> None:
    result = run_script(tmp_path, ROOT / "scripts" / script, "--help")
    assert result.returncode == 0, result.stderr
    assert "Examples:" in result.stdout


@pytest.mark.slow
def test_the_commands_of_the_pipeline_run_one_after_the_other(workspace: Workspace) -> None:
    root = workspace.root
    make_exports(root / "data" / "claude_logs")
    repository = make_repository(root.parent / "harbour")
    for line in STEPS.strip().splitlines():
        script, *arguments = (word.replace("REPO", str(repository)) for word in line.split())
        result = run_script(root, (ROOT / "scripts" / "data_prep" / script).resolve(), *arguments)
        assert result.returncode == 0, f"{line}\n{result.stdout}\n{result.stderr}"
        if "merge" in script:
            assert "Leaks: 0" in result.stdout
    for name in TREE.split():
        assert (root / "data" / name).stat().st_size, name
    assert read_lines(root / "data" / ELSEWHERE) == read_lines(root / "data" / "claude_logs" / "train.jsonl")
    train, held_out = (read_lines(root / "data" / "staging" / f"{side}.full.jsonl") for side in ("train", "eval"))
    assert {row["meta"]["source"] for row in train} == {"claude_logs", "git_history", "actual_code"}
    assert abs(len(held_out) / (len(train) + len(held_out)) - 0.15) < 0.06
    assert all(row["source"] == "conversations.json" for row in train if row["meta"]["source"] == "claude_logs")
    assert all({"path", "prefix", "middle", "suffix"} <= row["fim"].keys() for row in train if "fim" in row)
    decided = [json.loads(line) for line in (root / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(decided) == 9


@pytest.mark.slow
def test_all_of_it_is_done_in_one_run_and_says_what_is_missing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from src.main import main

    root = workspace.root
    monkeypatch.chdir(root)
    assert main(["prepare"]) == 2
    assert "There is nothing to prepare" in capsys.readouterr().err
    make_exports(root / "data" / "claude_logs")
    assert main(["prepare"]) == 0
    assert "No repository" in capsys.readouterr().err
    repository = make_repository(root.parent / "harbour")
    other = make_repository(root.parent / "other" / "harbour")
    (root / "data" / "README.md").write_text((ROOT / "data" / "README.md").read_text(encoding="utf-8"))
    assert main(["prepare", "--repo", str(repository), "--repo", str(other), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["merge-split"]["leaks"]["total"] == 0
    rows = sum(
        len(read_lines(root / "data" / name))
        for name in (
            "claude_logs/train.clean.jsonl",
            "git_history/git_sft.clean.jsonl",
            "git_history/git_sft.2-harbour.clean.jsonl",
            "actual_code/train.fim.clean.jsonl",
            "actual_code/train.fim.2-harbour.clean.jsonl",
        )
    )
    assert facts["merge-split"]["rows"] == rows  # the windows of follow-ups are parts of what is merged
    for name in TREE.split():
        assert (root / "data" / name).stat().st_size, name
    table = (root / "data" / "README.md").read_text(encoding="utf-8")
    assert "nothing prepared yet" not in table
    assert "| FIM examples |" in table


def test_the_readme_of_the_data_shows_the_tree_and_the_commands() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert all(Path(name).name in text for name in TREE.split())
    assert all(script in text for script in SCRIPTS)
