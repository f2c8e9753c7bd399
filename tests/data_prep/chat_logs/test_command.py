"""chat-logs as people call it: what it says, what it refuses, and the script of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from tests.cli.driver import ROOT, run_command, run_program
from tests.data_prep.chat_logs.makers import ANSWER, QUESTION, claude_message, claude_talk, logs

TALKS = [
    claude_talk(claude_message("human", QUESTION), claude_message("assistant", ANSWER)),
    claude_talk(
        claude_message("human", "hi"),
        claude_message("assistant", "Hello there! What can I do for you on this fine day by the sea?"),
    ),
]


def test_the_command_shows_what_became_of_every_conversation(workspace: Workspace, tmp_path: Path) -> None:
    folder = logs(tmp_path, "conversations.json", TALKS)
    (folder / "broken.zip").write_bytes(b"PK\x03\x04")
    (folder / "cut.jsonl").write_text(
        '{"messages": [{"role": "user", "content": "x"}]}\n{"messages": [\n', encoding="utf-8"
    )
    out = tmp_path / "train.clean.jsonl"
    result = run_program(
        workspace.root, "chat-logs", "--src", str(folder), "--out", str(out), "--followups", "3", "--json"
    )
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stdout)
    assert (facts["conversations"], facts["kept"], facts["rows"]) == (3, 1, 1)
    assert facts["rejected"] == {"no_answer": 1, "off_topic": 1}
    assert facts["formats"]["claude.ai"] == {"files": 1, "conversations": 2, "kept": 1, "rows": 1}
    assert facts["broken_lines"] == 1
    for said in ("claude.ai", "off topic", "error resolution", "The first row", "broken.zip", "1 row in", "follow-ups"):
        assert said in result.stderr, said
    assert sorted(path.name for path in tmp_path.glob("train*")) == [
        "train.clean.jsonl",
        "train.clean.rejects.jsonl",
        "train.follow3m.clean.jsonl",
    ]


def test_the_script_is_the_command(tmp_path: Path) -> None:
    folder = logs(tmp_path, "conversations.json", TALKS)
    script = ROOT / "scripts" / "data_prep" / "claude_logs" / "claude2sft.py"
    options = ("--src", str(folder), "--out", "rows.jsonl", "--topics", "all")
    result = run_command(tmp_path, sys.executable, str(script), *options)
    assert result.returncode == 0, result.stderr
    assert len((tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (["--followups", "1"], "--followups"),
        (["--followups", "-2"], "--followups"),
        (["--max_len", "0"], "--max_len"),
        (["--topics", "cooking"], "no topic"),
        (["--model", "no-such-model"], "tokenizer"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], cause: str
) -> None:
    from src.main import main

    folder = logs(tmp_path, "conversations.json", TALKS)
    assert main(["chat-logs", "--src", str(folder), "--out", str(tmp_path / "o.jsonl"), *options]) != 0
    captured = capsys.readouterr()
    assert cause in captured.err + captured.out
    assert not (tmp_path / "o.jsonl").exists()


def test_logs_are_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from src.main import main

    folder = logs(tmp_path, "conversations.json", TALKS)
    before = (folder / "conversations.json").read_bytes()
    assert main(["chat-logs", "--src", str(folder), "--out", str(folder / "conversations.json")]) == 2
    assert "would be overwritten" in capsys.readouterr().err
    assert main(["chat-logs", "--src", str(folder), "--out", str(folder)]) == 2
    assert (folder / "conversations.json").read_bytes() == before
