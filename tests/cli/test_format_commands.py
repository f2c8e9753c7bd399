"""convert, export --format, validate --fix and --validation, as programs of their own."""

from __future__ import annotations

import json
from pathlib import Path

from src.core.jsonl import read_rows, write_jsonl
from src.core.workspace import Workspace
from tests.cli.driver import dataset_with, run_program

CHAT = [
    {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": f"Question {n}?"},
            {"role": "assistant", "content": "Yes."},
        ]
    }
    for n in range(40)
]


def test_convert_shows_losses_before_and_writes_only_what_is_allowed(workspace: Workspace, tmp_path: Path) -> None:
    source, out = tmp_path / "train.jsonl", tmp_path / "out.jsonl"
    write_jsonl(source, CHAT)
    preview = run_program(workspace.root, "convert", str(source), "--to", "alpaca", "--preview")
    assert preview.returncode == 0, preview.stderr
    assert "the system text is put before the question" in preview.stdout
    refused = run_program(workspace.root, "convert", str(source), str(out), "--to", "alpaca")
    assert refused.returncode == 1
    assert "--allow-loss" in refused.stderr
    assert not out.exists()
    done = run_program(workspace.root, "convert", str(source), str(out), "--to", "alpaca", "--allow-loss", "--json")
    facts = json.loads(done.stdout)
    assert (facts["from"], facts["to"], facts["read"], facts["written"]) == ("openai-chat", "alpaca", 40, 40)
    assert facts["losses"][0]["rows"] == 40
    assert next(read_rows(out)).value == {"instruction": "Be brief.\n\nQuestion 0?", "input": "", "output": "Yes."}


def test_convert_refuses_what_cannot_be_written_before_it_reads(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "train.jsonl"
    write_jsonl(source, CHAT)
    for arguments in (
        ["--to", "trl"],
        [str(source), "--to", "trl"],
        [str(tmp_path), "--to", "trl"],
        [str(tmp_path / "no" / "out.jsonl"), "--to", "trl"],
        [str(tmp_path / "out.jsonl"), "--to", "trl", "--preview"],
        [str(tmp_path / "out.jsonl"), "--to", "sharegtp"],
    ):
        result = run_program(workspace.root, "convert", str(source), *arguments)
        assert result.returncode == 2, arguments


def test_a_stored_dataset_is_exported_in_another_format(workspace: Workspace) -> None:
    name = dataset_with(workspace)
    result = run_program(workspace.root, "export", name, "--format", "sharegpt", "--json")
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stdout)
    rows = [row.value for path in facts["files"].values() for row in read_rows(workspace.root / path)]
    assert len(rows) == facts["written"] > 0
    assert all(row and set(row) == {"conversations"} for row in rows)
    assert run_program(workspace.root, "export", name, "--format", "trl", "--csv").returncode == 2
    assert run_program(workspace.root, "export", name, "--format", "openai-dpo").returncode == 1


def test_validate_mends_and_says_what_it_did(workspace: Workspace, tmp_path: Path) -> None:
    source, out = tmp_path / "train.jsonl", tmp_path / "mended.jsonl"
    rows = [{"messages": [*row["messages"][1:], {"role": "user", "content": "?"}]} for row in CHAT]
    write_jsonl(source, rows)
    target = ["--provider", "anthropic", "--model", "claude-3-haiku"]
    assert run_program(workspace.root, "validate", str(source), *target).returncode == 1
    result = run_program(workspace.root, "validate", str(source), *target, "--fix", str(out))
    assert result.returncode == 0, result.stdout
    assert "40 of them repaired" in result.stdout
    assert "row 1: the turns behind the last answer were dropped" in result.stdout


def test_validate_never_writes_the_repaired_copy_over_the_validation_file(workspace: Workspace, tmp_path: Path) -> None:
    source, held_out = tmp_path / "train.jsonl", tmp_path / "held_out.jsonl"
    write_jsonl(source, CHAT[:3])
    write_jsonl(held_out, CHAT[3:])
    before = held_out.read_bytes()
    target = ["--provider", "openai", "--model", "gpt-4o-mini", "--validation", str(held_out)]
    result = run_program(workspace.root, "validate", str(source), *target, "--fix", str(held_out))
    assert result.returncode == 2, result.stdout
    assert held_out.read_bytes() == before


def test_validate_looks_at_the_validation_file_too(workspace: Workspace, tmp_path: Path) -> None:
    source, held_out = tmp_path / "train.jsonl", tmp_path / "held_out.jsonl"
    write_jsonl(source, CHAT[:30])
    write_jsonl(held_out, CHAT[29:])
    target = ["--provider", "openai", "--model", "gpt-4o-mini", "--validation", str(held_out)]
    result = run_program(workspace.root, "validate", str(source), *target, "--json")
    assert result.returncode == 1
    (issue,) = [
        issue for issue in json.loads(result.stdout)["validation_file"]["issues"] if issue["severity"] == "error"
    ]
    assert (issue["code"], issue["row"], issue["found"]) == ("leak", 1, "row 30")
