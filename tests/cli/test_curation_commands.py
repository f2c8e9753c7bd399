"""dedupe as a program of its own: what it writes, what it says, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.main import main
from tests.cli.driver import run_program

TEXT = "The bell founder pours the bronze at night because the colour of the melt is seen better in the dark."


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    lines = [{"id": number, "instruction": "Why at night?", "response": TEXT} for number in range(3)]
    lines.append({"id": 3, "instruction": "Else?", "response": "No."})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{oops\n", encoding="utf-8")
    return path


def test_dedupe_writes_three_files_and_counts_by_reason(workspace: Workspace, rows: Path) -> None:
    out = rows.with_name("clean.jsonl")
    result = run_program(workspace.root, "dedupe", str(rows), str(out), "--json")
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stdout)
    assert (facts["rows"], facts["kept"], facts["rejected"]) == (4, 2, {"malformed_json": 1})
    assert facts["removed"] == {"exact_duplicate": 2, "near_duplicate": 0}
    assert [Path(facts["files"][name]).read_bytes().count(b"\n") for name in ("kept", "removed", "rejected")] == [
        2,
        2,
        1,
    ]
    for said in ("Reading rows", "Comparing rows", "exact duplicate", "1 line rejected", "2 rows of 4"):
        assert said in result.stderr
    assert sorted(path.name for path in rows.parent.glob("*.jsonl*")) == sorted(
        ["rows.jsonl", "clean.jsonl", "clean_removed.jsonl", "clean_rejected.jsonl"]
    )


def test_dedupe_of_an_empty_file_fails_with_its_name(workspace: Workspace, rows: Path) -> None:
    rows.write_bytes(b"")
    result = run_program(workspace.root, "dedupe", str(rows), str(rows.with_name("clean.jsonl")))
    assert result.returncode == 1
    assert "rows.jsonl is empty" in result.stderr
    assert not rows.with_name("clean.jsonl").exists()


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (["--threshold", "0"], "--threshold"),
        (["--threshold", "1.5"], "--threshold"),
        (["--threshold", "nan"], "--threshold"),
        (["--ngram", "0"], "--ngram"),
        (["--workers", "0"], "--workers"),
        (["--method", "guess"], "invalid choice"),
    ],
)
def test_dedupe_refuses_numbers_that_cannot_be(
    rows: Path, capsys: pytest.CaptureFixture[str], options: list[str], cause: str
) -> None:
    assert main(["dedupe", str(rows), str(rows.with_name("clean.jsonl")), *options]) == 2
    assert cause in capsys.readouterr().err


@pytest.mark.parametrize("name", ["rows.jsonl", "", "nowhere/clean.jsonl", "clean.jsonl.gz"])
def test_dedupe_refuses_a_place_that_it_cannot_or_must_not_write(
    rows: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    before = rows.read_bytes()
    assert main(["dedupe", str(rows), str(rows.parent / name)]) == 2
    assert "fix:" in capsys.readouterr().err
    assert rows.read_bytes() == before


def test_dedupe_does_not_write_over_the_file_it_compares_with(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = rows.with_name("clean_removed.jsonl")
    other.write_bytes(rows.read_bytes())
    assert main(["dedupe", str(rows), str(rows.with_name("clean.jsonl")), "--against", str(other)]) == 2
    assert "read and written" in capsys.readouterr().err


def test_dedupe_records_what_it_has_done_and_does_it_once(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = rows.with_name("clean.manifest.json")
    manifest.write_text("{}")
    command = ["dedupe", str(rows), str(rows.with_name("clean.jsonl"))]
    assert main(command) == 0
    assert "2 rows of 4" in capsys.readouterr().out
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    assert (facts["stage"], facts["counts"]["kept"], facts["counts"]["removed"]) == (
        "dedupe",
        2,
        {"exact_duplicate": 2},
    )
    assert [one["name"] for one in facts["outputs"]] == ["clean.jsonl", "clean_removed.jsonl", "clean_rejected.jsonl"]
    written = manifest.stat().st_mtime_ns
    assert main([*command, "--workers", "2", "--spill"]) == 0
    assert "2 rows of 4" in capsys.readouterr().out
    assert manifest.stat().st_mtime_ns == written
    assert main([*command, "--threshold", "0.7"]) == 0
    assert json.loads(manifest.read_text(encoding="utf-8"))["settings"]["threshold"] == 0.7


def test_dedupe_of_other_fields_than_a_row_has_is_recorded_too(rows: Path) -> None:
    rows.write_text('{"prompt": "One two."}\n{"prompt": "One two."}\n', encoding="utf-8")
    assert main(["dedupe", str(rows), str(rows.with_name("clean.jsonl")), "--field", "prompt"]) == 0
    assert rows.with_name("clean.manifest.json").exists()


def test_cluster_records_what_it_has_done_and_does_it_once(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("flour yeast oven dough", "anchor sail mast wind")
    lines = [{"id": n, "instruction": words[n % 2], "response": f"{words[n % 2]} {n}"} for n in range(12)]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{oops\n", encoding="utf-8")
    out = rows.with_name("topics.jsonl")
    command = ["cluster", str(rows), str(out), "--clusters", "2", "--json"]
    said = []
    for _ in range(2):
        assert main(command) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]
    assert sum(topic["rows"] for topic in said[0]["topics"]) == said[0]["rows"] == 12
    manifest = json.loads(out.with_name("topics.manifest.json").read_text(encoding="utf-8"))
    assert (manifest["stage"], manifest["counts"]["rejected"]) == ("cluster", {"malformed_json": 1})


def test_options_of_the_local_engine_are_refused_for_daft(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", str(rows), str(rows.with_name("clean.jsonl")), "--engine", "daft", "--spill"]) == 2
    assert "local engine" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_looked_for_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["curate", "data/missing.jsonl", "--out", str(tmp_path / "out.jsonl")]) == 1
    assert "data/missing.jsonl is not there" in capsys.readouterr().err
