"""qc, lengths and merge-split as commands: what they say, what they refuse, how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from src.cli.completion.table import all_places
from src.core.workspace import Workspace
from src.main import main
from tests.cli.driver import type_into_menu
from tests.data_prep.making import make_row, read_lines, said, write_lines
from tests.data_prep.seed import make_exports, make_repository


@pytest.fixture
def here(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder: a workspace with a file of rows, some of them broken."""
    monkeypatch.chdir(workspace.root)
    rows: list[Any] = [make_row(number) for number in range(20)]
    write_lines(workspace.root / "rows.jsonl", [*rows, rows[0], said("Why?"), b"{oops"])
    return workspace.root


def facts_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_qc_writes_clean_rows_beside_the_input(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qc", "rows.jsonl", "--rejects", "--json"]) == 0
    facts = facts_of(capsys)
    assert facts["rejected"] == {"exact_duplicate": 1, "no_answer": 1, "malformed_json": 1}
    assert (facts["kept"], facts["out"], facts["rejects"]) == (20, "rows.clean.jsonl", "rows.clean.rejects.jsonl")
    assert len(read_lines(here / "rows.clean.jsonl")) == 20
    assert main(["qc", "rows.jsonl"]) == 0
    assert "rows.clean.jsonl is written anew" in capsys.readouterr().err


def test_a_folder_with_data_and_no_settings_is_worked_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "data" / "rows.jsonl", [make_row(number) for number in range(20)])
    assert main(["merge-split", "data/rows.jsonl"]) == 0
    assert "data/staging/train.full.jsonl" in capsys.readouterr().out
    assert (tmp_path / "data" / "staging" / "train.full.jsonl").stat().st_size


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (["qc", "rows.jsonl", "other.jsonl"], "--out"),
        (["qc", "rows.jsonl", "--out", "rows.jsonl"], "read and written"),
        (["qc", "rows.jsonl", "--out", "prompts"], "is a folder"),
        (["qc", "--out", "x.jsonl", "rows.jsonl", "--rejects", "other.jsonl"], "holds no rejects"),
        (["qc", "rows.jsonl", "--threshold", "0"], "--threshold"),
        (["merge-split", "rows.jsonl", "--eval_frac", "1"], "--eval_frac"),
        (["merge-split", "rows.jsonl", "--overlap", "nan"], "--overlap"),
        (["merge-split", "rows.jsonl", "--name", "a/b"], "--name"),
        (["merge-split", "train.full.jsonl", "--out-dir", "."], "read and written"),
        (["lengths", "rows.jsonl", "--limit", "0"], "--limit"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    here: Path, capsys: pytest.CaptureFixture[str], line: list[str], cause: str
) -> None:
    write_lines(here / "other.jsonl", [make_row(50)])
    before = {path: path.read_bytes() for path in here.glob("*.jsonl")}
    assert main(line) == 2
    said_so = capsys.readouterr().err
    assert cause in said_so
    assert "fix:" in said_so
    assert {path: path.read_bytes() for path in here.glob("*.jsonl")} == before


def test_lengths_shows_a_histogram_per_model_and_fails_above_the_limit(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["lengths", "rows.jsonl", "rows.jsonl", "--model", "gpt-4.1-mini", "--model", "claude-3-haiku"]
    assert main([*line, "--max_len", "10", "--limit", "100000"]) == 0
    shown = capsys.readouterr()
    for expected in ("o200k_base, exact", "claude, estimated", " | ####"):
        assert expected in shown.out
    assert "above --max_len 10" in shown.err
    assert "line 23: not counted: not valid JSON" in shown.err
    assert main(["lengths", "rows.jsonl", "--model", "gpt-4.1-mini", "--limit", "10", "--json"]) == 1
    facts = facts_of(capsys)
    spread = facts["models"][0]["all"]
    assert spread["rows"] == 22
    assert facts["models"][0]["over_limit"] == 21
    assert spread["least"] <= spread["median"] <= spread["p95"] <= spread["most"]
    assert facts["not_counted"] == 1


def test_lengths_lists_the_longest_rows_and_says_how_many_more_there_are(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(here / "raw.jsonl", [{"text": "one two " * (10 + number)} for number in range(14)])
    assert main(["lengths", "raw.jsonl", "--model", "gpt-4.1-mini", "--limit", "21"]) == 1
    listed = [
        line.strip() for line in capsys.readouterr().out.splitlines() if "raw.jsonl, line" in line or "..." in line
    ]
    assert [int(line.split("line ")[1].split(":")[0]) for line in listed[:-1]] == list(range(14, 4, -1))
    assert listed[-1] == "... and 4 more"
    assert main(["lengths", "raw.jsonl", "--model", "gpt-4.1-mini", "--limit", "36"]) == 1
    assert "..." not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["prepare", "chat-logs", "git-history", "fim", "qc", "lengths", "merge-split"])
def test_options_of_data_preparation_take_every_spelling(name: str) -> None:
    place = next(place for place in all_places() if place.path == name)
    words = {word.text for option in place.options for word in option.words}
    for word in words:
        if "_" in word:
            assert word.replace("_", "-") in words
        if word == "--licence":
            assert "--license" in words


def test_lengths_counts_raw_texts_and_fills_a_table(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = write_lines(here / "raw.jsonl", [{"text": "one two three", "meta": {"source": "actual_code"}}])
    readme = here / "page.md"
    readme.write_text("# A\n<!-- statistics -->\nold\n<!-- end of statistics -->\nB\n", encoding="utf-8")
    assert main(["lengths", str(raw), "rows.jsonl", "--model", "gpt-4.1-mini", "--fill", str(readme)]) == 0
    page = readme.read_text(encoding="utf-8")
    assert "| FIM examples | 1 |" in page
    assert "| **Total** | **23** |" in page
    assert "old" not in page
    readme.write_text("nothing", encoding="utf-8")
    assert main(["lengths", str(raw), "--fill", str(readme)]) == 1
    assert main(["lengths", str(raw), "--fill", "none.md"]) == 1
    write_lines(raw, [{"x": 1}])
    assert main(["lengths", str(raw)]) == 1
    assert "no row to be counted" in capsys.readouterr().err


def test_merge_split_writes_both_sides_and_prints_the_leaks(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(here / "bench.jsonl", [{"prompt": make_row(3)["messages"][0]["content"]}, {"prompt": "short"}])
    assert main(["merge-split", "rows.jsonl", "--name", "small", "--decontaminate", "bench.jsonl"]) == 0
    shown = capsys.readouterr().out
    assert "Leaks: 0 (0 evaluation rows" in shown
    assert "1 rows held one of 1 items; 1 items have no text of 8 words" in shown
    assert len(read_lines(here / "data" / "staging" / "train.small.jsonl")) == 16
    assert len(read_lines(here / "data" / "staging" / "eval.small.jsonl")) == 3
    assert not (here / "memory").exists()
    assert main(["merge-split", "rows.jsonl", "--out-dir", "sets", "--set", "split.leak_threshold=0.3", "--json"]) == 0
    facts = facts_of(capsys)
    assert facts["leaks"]["total"] == 0
    assert Path(facts["files"]["train"]) == Path("sets/train.full.jsonl")


def test_merge_split_says_when_the_share_cannot_be_met(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(here / "one.jsonl", [make_row(number, group="one") for number in range(9)])
    assert main(["merge-split", "one.jsonl", "--out-dir", "sets"]) == 0
    assert "the largest of 1 groups has 9 rows" in capsys.readouterr().err


def test_menu_8_merges_checks_and_refuses_what_is_not_there(here: Path) -> None:
    (here / "data" / "claude_logs").mkdir(parents=True)
    write_lines(here / "data" / "claude_logs" / "train.jsonl", [make_row(number) for number in range(20)])
    screen = type_into_menu(
        Workspace(here), "8.4", "none.jsonl", "data/claude_logs/train.jsonl", "", "8.5", "", "small", ""
    )
    assert "There is no file 'none.jsonl'" in screen
    assert "20 rows of 20 in data/claude_logs/train.clean.jsonl" in screen
    assert "Leaks: 0" in screen
    assert (here / "data" / "staging" / "eval.small.jsonl").exists()


def test_menu_8_checks_no_rows_where_nothing_was_converted(here: Path) -> None:
    (here / "notes").mkdir()
    (here / "notes" / "plain.txt").write_text("No chat at all.", encoding="utf-8")
    screen = type_into_menu(Workspace(here), "8.1", "notes", "")
    assert "No row was written" in screen
    assert "conversations  kept" not in screen
    assert "error:" not in screen


def test_prepare_merges_no_rows_of_an_earlier_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = here / "data" / "claude_logs"
    write_lines(folder / "train.jsonl", [make_row(number) for number in range(20)])
    (folder / "plain.txt").write_text("No chat at all.", encoding="utf-8")
    assert main(["prepare"]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "train.jsonl stays as an earlier run left it." in said
    assert "No row is left to be merged." in said
    assert not (here / "data" / "staging").exists()


@pytest.mark.slow
def test_menu_8_converts_logs_history_and_code(here: Path) -> None:
    make_exports(here / "data" / "claude_logs")
    repository = make_repository(here.parent / "harbour")
    answers = ("8.1", "", "", "8.2", "nowhere", str(repository), "", "8.3", str(repository), "")
    screen = type_into_menu(Workspace(here), *answers, "8", "6", "-")
    assert "There is no 'nowhere'" in screen
    for kind, name in (("claude_logs", "train"), ("git_history", "git_sft"), ("actual_code", "train.fim")):
        assert read_lines(here / "data" / kind / f"{name}.clean.jsonl")
    assert (here / "data" / "staging" / "train.full.jsonl").exists()
