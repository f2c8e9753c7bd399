"""fim as a program: what it says, what it prints for other programs, what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.main import main
from tests.cli.driver import run_program
from tests.data_prep.fim.makers import GPL, MIT, go_code, python_code, write_files

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "data_prep" / "actual_code" / "repo2fim.py"


@pytest.fixture
def code(tmp_path: Path) -> Path:
    files = {"LICENSE": MIT, "bell.py": python_code(functions=20), "tower.go": go_code(), "notes.md": "# Notes"}
    return write_files(tmp_path / "code", dict(files))


def test_fim_shows_what_it_did_and_prints_facts(workspace: Workspace, code: Path, tmp_path: Path) -> None:
    out = tmp_path / "fim" / "train.fim.jsonl"
    result = run_program(
        workspace.root, "fim", "--repo", str(code), "--out", str(out), "--balance", "language", "--json"
    )
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stdout)
    assert facts["rows"] == out.read_bytes().count(b"\n") > 0
    assert facts["skipped"] == {"not_code": 2}
    assert set(facts["languages"]["before"]) == {"python", "go"}
    for said in ("Reading files", "not code", "balanced", "Spans: ast", "An example, from", "from 2 of 4 files"):
        assert said in result.stderr


def test_code_that_gives_no_row_leaves_the_rows_of_an_earlier_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = write_files(tmp_path / "notes", {"LICENSE": MIT, "notes.md": "# Notes"}), tmp_path / "rows.jsonl"
    for before in (b"", b"{}\n"):
        out.write_bytes(before)
        assert main(["fim", "--repo", str(folder), "--out", str(out)]) == 1
        said = " ".join(capsys.readouterr().err.split())
        assert "No rows: none of 2 files could be used." in said
        assert ("rows.jsonl stays as an earlier run left it." in said) == bool(before)
        assert out.read_bytes() == before


def test_what_leads_to_a_person_stays_and_is_counted(
    code: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(code.parent)
    bell = code / "bell.py"
    bell.write_text(f"# by mara.lund@belltower.org\n{bell.read_text(encoding='utf-8')}", encoding="utf-8")
    assert main(["fim", "--repo", str(code), "--out", "rows.jsonl", "--json"]) == 0
    shown = capsys.readouterr()
    facts = json.loads(shown.out)
    assert (facts["private"], facts["private_files"]) == ({"EMAIL": 1}, 1)
    assert "Personal data stays in code: EMAIL 1 in 1 of 2 files" in " ".join(shown.err.split())
    assert "mara.lund@belltower.org" in (code.parent / "rows.jsonl").read_text(encoding="utf-8")


def test_the_script_runs_from_any_folder(workspace: Workspace, code: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--repo", str(code), "--out", "rows.jsonl"]
    command += ["--per_file", "2", "--max_len", "800"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["fim"]["path"] for row in rows] == ["bell.py"] * 2 + ["tower.go"] * 2


def test_code_that_may_not_be_used_is_bad_news_with_what_to_do(
    code: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(code.parent)
    (code / "LICENSE").write_text(GPL, encoding="utf-8")
    assert main(["fim", "--repo", str(code), "--out", "rows.jsonl"]) == 1
    shown = capsys.readouterr()
    said = " ".join((shown.out + shown.err).split())
    assert "GPL-3.0" in said
    assert "--copyleft" in said


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (["--per_file", "0"], "--per_file"),
        (["--max_len", "10"], "--max_len"),
        (["--form", "psm", "--sentinels", "codestral"], "PSM"),
        (["--out", "."], "is a folder"),
    ],
)
def test_what_cannot_be_done_is_refused(
    code: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    cause: str,
) -> None:
    monkeypatch.chdir(code.parent)
    assert main(["fim", "--repo", str(code), "--out", "rows.jsonl", *options]) == 2
    assert cause in capsys.readouterr().err
    assert not (code.parent / "rows.jsonl").exists()
