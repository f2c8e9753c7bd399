"""identify, extract and validate, as programs of their own, on files anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from tests.cli.driver import CHAT, FAQ, dataset_with, run_program

CLEAN = {"policy": "report", "samples": 0, "found": {}}
KEY = "ghp_" + "qW3eR5tY7uI9oP1aS2dF4gH6jK8lZ0xC1vB3"
SECRET = f"User: The upload with {KEY} fails. Why?\nAssistant: Make a new key, {KEY} was seen.\n"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "chat.txt").write_text(CHAT, encoding="utf-8")
    (folder / "faq.csv").write_text(FAQ, encoding="utf-8")
    return folder


def rows_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_identify_writes_one_row_per_conversation_word_for_word(workspace: Workspace, elsewhere: Path) -> None:
    out = elsewhere / "found.jsonl"
    result = run_program(workspace.root, "identify", str(elsewhere), "--out", str(out))
    assert result.returncode == 0, result.stderr
    rows = rows_of(out.read_text(encoding="utf-8"))
    assert {row["source_file"] for row in rows} == {"chat.txt", "faq.csv"}
    assert len(rows) == 7
    for row in rows:
        text = CHAT if row["source_file"] == "chat.txt" else FAQ
        assert all(message["content"] in text for message in row["messages"])
        assert len(row["spans"]) == len(row["messages"])
    assert "7 conversations from 2 documents" in result.stdout
    assert not list(elsewhere.glob("*.part"))


def test_identify_without_out_writes_rows_only_to_standard_output(workspace: Workspace, elsewhere: Path) -> None:
    result = run_program(workspace.root, "identify", str(elsewhere / "chat.txt"), "--set", "agent.identify.min_turns=4")
    rows = rows_of(result.stdout)
    assert result.returncode == 0
    assert [len(row["messages"]) for row in rows] == [4]
    assert "1 conversation from 1 document" in result.stderr


def test_identify_skips_what_it_cannot_read_and_says_so(workspace: Workspace, elsewhere: Path) -> None:
    (elsewhere / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    out = elsewhere / "rows.jsonl"
    files = [str(elsewhere / name) for name in ("broken.pdf", "chat.txt")]
    result = run_program(workspace.root, "identify", *files, "--out", str(out), "--json")
    assert result.returncode == 0
    facts = {"documents": 1, "skipped": 1, "conversations": 1, "privacy": CLEAN, "out": str(out)}
    assert json.loads(result.stdout) == facts
    assert "broken.pdf skipped" in result.stderr


def test_identify_fails_when_nothing_can_be_read_and_leaves_no_file(workspace: Workspace, elsewhere: Path) -> None:
    broken, out = elsewhere / "broken.pdf", elsewhere / "rows.jsonl"
    broken.write_bytes(b"%PDF-1.4 nothing")
    result = run_program(workspace.root, "identify", str(broken), "--out", str(out))
    assert result.returncode == 1
    assert "error: None of the files can be read." in result.stderr
    assert not out.exists()


def test_identify_names_a_missing_path(workspace: Workspace, elsewhere: Path) -> None:
    missing = run_program(workspace.root, "identify", str(elsewhere / "no.txt"))
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "no.txt is not there" in missing.stderr


def test_identify_as_json_prints_the_rows_in_one_object(workspace: Workspace, elsewhere: Path) -> None:
    rows = rows_of(run_program(workspace.root, "identify", str(elsewhere)).stdout)
    result = run_program(workspace.root, "identify", str(elsewhere), "--json")
    facts = {"documents": 2, "skipped": 0, "count": len(rows), "privacy": CLEAN, "conversations": rows}
    assert json.loads(result.stdout) == facts


def test_identify_reads_a_file_once_however_often_it_is_named(workspace: Workspace, elsewhere: Path) -> None:
    (elsewhere / "link.txt").symlink_to(elsewhere / "chat.txt")
    paths = [str(elsewhere), str(elsewhere / "chat.txt"), str(elsewhere / ".." / "elsewhere" / "faq.csv")]
    out = workspace.root / "rows.jsonl"
    result = run_program(workspace.root, "identify", *paths, "--out", str(out), "--json")
    facts = {"documents": 2, "skipped": 0, "conversations": 7, "privacy": CLEAN, "out": str(out)}
    assert json.loads(result.stdout) == facts


@pytest.mark.parametrize("policy", ["off", "report", "redact", "drop"])
def test_identify_honours_privacy(workspace: Workspace, elsewhere: Path, policy: str) -> None:
    path = elsewhere / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    result = run_program(workspace.root, "identify", str(path), "--set", f"privacy={policy}")
    assert result.returncode == 0, result.stderr
    rows = rows_of(result.stdout)
    assert len(rows) == (0 if policy == "drop" else 1)
    assert (KEY in result.stdout) == (policy in {"off", "report"})
    assert KEY not in result.stderr
    assert ("GITHUB 2 in 1 conversation" in result.stderr) == (policy != "off")
    for row in rows:
        assert row.get("altered") == ({"GITHUB": 2} if policy == "redact" else None)
        assert all(bool(pieces) == (policy != "redact") for pieces in row["spans"])  # type: ignore[attr-defined]


def test_identify_reports_what_is_private_unless_it_is_told_otherwise(workspace: Workspace, elsewhere: Path) -> None:
    path = elsewhere / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    facts = json.loads(run_program(workspace.root, "identify", str(path), "--json").stdout)
    assert facts["privacy"] == {"policy": "report", "samples": 1, "found": {"GITHUB": 2}}
    assert len(facts["conversations"]) == 1


def test_identify_that_finds_nothing_leaves_an_earlier_file_as_it_is(workspace: Workspace, elsewhere: Path) -> None:
    (elsewhere / "notes.txt").write_text("The tower was painted in May.\n", encoding="utf-8")
    out = elsewhere / "rows.jsonl"
    nothing = run_program(workspace.root, "identify", str(elsewhere / "notes.txt"), "--out", str(out))
    assert (nothing.returncode, out.read_text(encoding="utf-8")) == (0, "")
    assert "0 conversations from 1 document: --explain says why." in nothing.stderr
    assert run_program(workspace.root, "identify", str(elsewhere / "chat.txt"), "--out", str(out)).returncode == 0
    rows = out.read_text(encoding="utf-8")
    kept = run_program(workspace.root, "identify", str(elsewhere / "notes.txt"), "--out", str(out))
    assert (kept.returncode, out.read_text(encoding="utf-8")) == (1, rows)
    assert "rows.jsonl stays as an earlier run left it." in kept.stderr.replace("\n", " ")


def test_identify_tells_files_of_the_same_name_apart(workspace: Workspace, elsewhere: Path) -> None:
    for folder in ("north", "south/old"):
        (elsewhere / folder).mkdir(parents=True)
        (elsewhere / folder / "talk.txt").write_text(CHAT, encoding="utf-8")
    paths = [str(elsewhere / "north" / "talk.txt"), str(elsewhere / "south" / "old"), str(elsewhere / "chat.txt")]
    rows = rows_of(run_program(workspace.root, "identify", *paths).stdout)
    assert [row["source_file"] for row in rows] == ["north/talk.txt", "south/old/talk.txt", "chat.txt"]
    apart = rows_of(run_program(workspace.root, "identify", *paths[1:]).stdout)
    assert [row["source_file"] for row in apart] == ["talk.txt", "chat.txt"]


def test_identify_explains_every_document_that_it_can_read(workspace: Workspace, elsewhere: Path) -> None:
    (elsewhere / "notes.txt").write_text("The tower was painted in May.\n", encoding="utf-8")
    (elsewhere / "empty.txt").touch()
    (elsewhere / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    result = run_program(workspace.root, "identify", "--explain", str(elsewhere))
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        "chat.txt: taken as labelled dialogue (1 conversation, 4 turns).",
        "faq.csv: taken as table of questions (6 conversations, 12 turns).",
        "notes.txt: not taken.",
    ]
    assert all(line.startswith("  Why: ") for line in lines[1::2])
    for skipped in ("empty.txt skipped: ", "broken.pdf skipped: ", "7 conversations in 3 documents"):
        assert skipped in result.stderr


def test_identify_explains_as_json(workspace: Workspace, elsewhere: Path) -> None:
    arguments = ("--explain", "--json", str(elsewhere / "chat.txt"), "--set", "agent.identify.min_turns=6")
    facts = json.loads(run_program(workspace.root, "identify", *arguments).stdout)
    (seen,) = facts.pop("explained")
    assert facts == {"documents": 1, "skipped": 0, "conversations": 0}
    assert (seen["source"], seen["style"], seen["turns"]) == ("chat.txt", "none", 0)
    assert "no conversation has 6 turns with both roles" in seen["reasons"]


def test_identify_explains_nothing_when_nothing_can_be_read(workspace: Workspace, elsewhere: Path) -> None:
    (elsewhere / "empty.txt").touch()
    unread = run_program(workspace.root, "identify", "--explain", str(elsewhere / "empty.txt"))
    assert (unread.returncode, unread.stdout) == (1, "")
    assert "error: None of the files can be read." in unread.stderr
    clash = run_program(workspace.root, "identify", "--explain", str(elsewhere), "--out", "rows.jsonl")
    assert clash.returncode == 2
    assert "--explain writes no rows." in clash.stderr


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("nowhere/rows.jsonl", "The folder of --out nowhere/rows.jsonl is not there."),
        (".", "--out . is a folder."),
        ("chat.txt", "--out chat.txt is one of the documents to be read."),
    ],
)
def test_identify_refuses_a_place_to_write_before_it_reads(elsewhere: Path, out: str, said: str) -> None:
    result = run_program(elsewhere, "identify", ".", "--out", out)
    assert result.returncode == 2
    assert said in result.stderr
    assert "fix: " in result.stderr
    assert "Reading documents" not in result.stderr
    assert not (elsewhere / "nowhere").exists()
    assert (elsewhere / "chat.txt").read_text(encoding="utf-8") == CHAT


def test_extract_prints_the_text_of_a_document(workspace: Workspace, elsewhere: Path) -> None:
    result = run_program(workspace.root, "extract", str(elsewhere / "chat.txt"))
    assert (result.returncode, result.stdout) == (0, CHAT)


def test_extract_as_json_says_more(workspace: Workspace, elsewhere: Path) -> None:
    result = run_program(workspace.root, "extract", "--json", str(elsewhere / "chat.txt"))
    facts = json.loads(result.stdout)
    assert "".join(section["text"] for section in facts["sections"]) == CHAT
    assert facts["sections"][0]["locator"] == "line 1"
    assert facts["file"] == "chat.txt"
    assert facts["characters"] == len(CHAT)


@pytest.mark.parametrize("name", ["missing.txt", "empty.txt", "broken.pdf", "folder"])
def test_extract_fails_with_cause_and_fix_in_one_line(workspace: Workspace, elsewhere: Path, name: str) -> None:
    (elsewhere / "empty.txt").touch()
    (elsewhere / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (elsewhere / "folder").mkdir()
    result = run_program(workspace.root, "extract", str(elsewhere / name))
    assert (result.returncode, result.stdout) == (1, "")
    lines = [line for line in result.stderr.splitlines() if not line.startswith("warning: ")]
    assert len(lines) == 1
    assert lines[0].startswith("error: ")


def test_validate_accepts_what_the_program_writes(workspace: Workspace) -> None:
    dataset_with(workspace, provider="openai", model="gpt-4.1-mini-2025-04-14", split__enabled=False)
    path = "output_datasets/my_dataset_train.jsonl"
    result = run_program(workspace.root, "validate", path, "--provider", "openai", "--model", "gpt-4.1-mini")
    assert "7 examples" in result.stdout
    assert "(exact)" in result.stdout
    assert "needs 10 or more" in result.stdout  # a real error of this small file, and the only one
    facts = json.loads(
        run_program(
            workspace.root, "validate", path, "--provider", "openai", "--model", "gpt-4.1-mini", "--json"
        ).stdout
    )
    assert [issue["code"] for issue in facts["issues"] if issue["severity"] == "error"] == ["too_few_examples"]


def test_validate_passes_a_large_enough_file(workspace: Workspace) -> None:
    rows = [
        {
            "contents": [
                {"role": "user", "parts": [{"text": f"Question {n}?"}]},
                {"role": "model", "parts": [{"text": f"Answer {n}."}]},
            ]
        }
        for n in range(120)
    ]
    path = workspace.root / "good.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = run_program(workspace.root, "validate", "good.jsonl")
    assert result.returncode == 0, result.stdout
    assert "Valid: no errors." in result.stdout


def test_validate_names_every_bad_row_and_fails(workspace: Workspace) -> None:
    good = {"messages": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Yes."}]}
    bad = {"messages": [{"role": "robot", "content": "Hi?"}]}
    path = workspace.root / "bad.jsonl"
    path.write_text(f"{json.dumps(good)}\nnot json\n{json.dumps(bad)}\n", encoding="utf-8")
    result = run_program(workspace.root, "validate", "bad.jsonl", "--provider", "openai", "--model", "gpt-4.1-mini")
    assert result.returncode == 1
    assert "  2  error" in result.stdout
    assert "  3  error" in result.stdout
    assert "3 errors: this file would not train." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--provider", "acme", "--model", "m"), 2, "acme"),
        (("--provider", "mistral"), 2, "needs --model"),
        (("--provider", "openai", "--model", "gpt-4.1-mimi"), 1, "gpt-4.1-mini"),
        (("--model", "nothing"), 1, "has no model 'nothing'"),
    ],
)
def test_validate_names_wrong_targets(workspace: Workspace, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run_program(workspace.root, "validate", "x.jsonl", *arguments)
    assert result.returncode == code
    assert said in result.stderr


def test_validate_of_a_missing_file_fails(workspace: Workspace) -> None:
    result = run_program(workspace.root, "validate", "x.jsonl", "--provider", "google")
    assert result.returncode == 1
    assert "x.jsonl cannot be read" in result.stderr
