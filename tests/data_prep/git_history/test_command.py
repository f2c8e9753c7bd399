"""The subcommand git-history and the script that is a shim over it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from src.main import main
from tests.data_prep.git_history.repositories import MIT, Made, make_repository
from tests.data_prep.git_history.test_history import EMPTY_SAFE, FIX, TILL

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    commits = [Made("Add totals and means", {"till.py": TILL, "LICENSE": MIT}), Made(FIX, {"till.py": EMPTY_SAFE})]
    return make_repository(tmp_path / "till", commits)


def test_the_counts_are_shown_and_told_as_json(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "git_sft.jsonl"
    line = ["git-history", "--repo", str(folder), "--out", str(out), "--decisions", str(tmp_path / "d.jsonl")]
    assert main(line) == 0
    shown = capsys.readouterr()
    assert "kept" in shown.out
    assert f"2 rows in {out}" in shown.out
    assert "under which licence" not in shown.err
    assert main([*line, "--json"]) == 0
    told = capsys.readouterr()
    facts = orjson.loads(told.out)
    assert (facts["commits"], facts["kept"], facts["rows"], facts["licence"]) == (2, 2, 2, "MIT")
    assert "is there already; rows that are found will replace it" in told.err


def test_the_script_works_from_any_folder(folder: Path, tmp_path: Path) -> None:
    script = ROOT / "scripts/data_prep/actual_code/git_to_sft.py"
    line = [sys.executable, str(script), "--repo", "till", "--out", "git_sft.messages.jsonl", "--format", "messages"]
    subprocess.run(line, cwd=tmp_path, check=True, capture_output=True)
    rows = [orjson.loads(text) for text in (tmp_path / "git_sft.messages.jsonl").read_bytes().splitlines()]
    assert [list(row) for row in rows] == [["messages"], ["messages"]]


def test_a_repository_that_says_no_licence_is_taken_for_the_users_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_repository(tmp_path / "own", [Made("Add totals and means", {"till.py": TILL})])
    assert main(["git-history", "--repo", str(folder), "--out", str(tmp_path / "rows.jsonl")]) == 0
    assert "taken to be your own" in " ".join(capsys.readouterr().err.split())


def test_a_history_without_anything_to_learn_is_bad_news(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_repository(tmp_path / "notes", [Made("Write notes", {"notes.md": "# Notes\n", "LICENSE": MIT})])
    out = tmp_path / "rows.jsonl"
    assert main(["git-history", "--repo", str(folder), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert "None of 1 commit gave a row." in said
    assert "stays" not in said
    out.write_bytes(b"{}\n")
    assert main(["git-history", "--repo", str(folder), "--out", str(out)]) == 1
    assert "rows.jsonl stays as an earlier run left it." in " ".join(capsys.readouterr().err.split())
    assert out.read_bytes() == b"{}\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--repo", "nowhere", "--out", "rows.jsonl"], "not a folder"),
        (["--repo", "plain", "--out", "rows.jsonl"], "not a git repository"),
        (["--repo", "till", "--out", "plain"], "is a folder"),
        (["--repo", "till", "--out", "rows.jsonl", "--decisions", "rows.jsonl"], "the same file"),
        (["--repo", "till", "--out", "rows.jsonl", "--max_len", "10"], "from 200 on"),
        (["--repo", "till", "--out", "rows.jsonl", "--limit", "0"], "from 1 on"),
        (["--repo", "till", "--out", "rows.jsonl", "--branch", "other"], "no commit 'other'"),
        (["--repo", "till", "--out", "rows.jsonl", "--model", "nobody-knows"], "No tokenizer"),
        (["--repo", "till", "--out", "rows.jsonl", "--licence", "GPL-3.0"], "under the licence GPL-3.0"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain").mkdir()
    assert main(["git-history", *options]) != 0
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert "fix: " in error
    assert not (tmp_path / "rows.jsonl").exists()
