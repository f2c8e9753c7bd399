"""A file of rows that ends too early, or was overwritten in its middle: every command names what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from src.core.jsonl import dump_line, read_rows
from src.core.workspace import Workspace
from src.main import main
from tests.curation.making import make_row
from tests.data_prep.making import make_row as make_chat_row

CHATS, ROWS = "chats.jsonl", "rows.jsonl"
COMMANDS = (
    ("validate", CHATS),
    ("validate", CHATS, "--fix", "out.jsonl"),
    ("convert", CHATS, "out.jsonl", "--to", "sharegpt"),
    ("estimate", CHATS),
    ("compare", CHATS, "whole.jsonl"),
    ("lengths", CHATS),
    ("qc", CHATS, "--out", "out.jsonl"),
    ("merge-split", CHATS, "--name", "two", "--out-dir", "sides"),
    ("chat-logs", "--src", CHATS, "--out", "out.jsonl"),
    ("identify", CHATS, "--out", "out.jsonl"),
    ("dedupe", ROWS, "out.jsonl"),
    ("score", ROWS, "out.jsonl"),
    ("filter", ROWS, "out.jsonl", "--any-score"),
    ("balance", ROWS, "out.jsonl", "--mix", "code=50,*=50"),
    ("cluster", ROWS, "out.jsonl", "--clusters", "2"),
    ("merge-datasets", "out.jsonl", ROWS),
    ("verify", ROWS),
    ("spot-check", ROWS, "--out", "out"),
    ("curate", ROWS, "--out", "out.jsonl", "--any-score"),
    ("package", ROWS, "--to", "release"),
)
SILENT = {"chat-logs", "identify", "package", "compare"}
"""What reads any text, copies bytes, or shows what it can read, and need not say a word of a line."""


@pytest.fixture
def cut(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Files whose last row is cut in the middle, and one row of which is overwritten by zeros."""
    monkeypatch.chdir(workspace.root)
    for name, make in ((CHATS, make_chat_row), (ROWS, make_row)):
        lines = [json.dumps(make(number)).encode() for number in range(12)]
        lines[4] = bytes(len(lines[4]))
        (workspace.root / name).write_bytes(b"\n".join(lines)[:-40])
    whole = b"".join(json.dumps(make_chat_row(number)).encode() + b"\n" for number in range(12))
    (workspace.root / "whole.jsonl").write_bytes(whole)
    return workspace


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments[:1] + arguments[2:3]))
def test_rows_that_are_cut_off_are_told_and_never_a_defect(
    cut: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    before = {name: (cut.root / name).read_bytes() for name in (CHATS, ROWS)}
    code = main([*arguments])
    said = "".join(capsys.readouterr())
    assert "defect" not in said
    assert code in {0, 1}
    assert code == 0 or any(word in said for word in ("fix:", "warning:", "error"))
    words = ("JSON", "json", "rejected", "broken", "cannot be read", "damaged", "not a row", "no row", "malformed")
    assert arguments[0] in SILENT or any(word in said for word in words), said
    assert {name: (cut.root / name).read_bytes() for name in before} == before
    for out in () if "--fix" in arguments else cut.root.rglob("out*.jsonl"):  # what cannot be mended stays
        assert all(row.value is not None for row in read_rows(out)), out
    assert not list(cut.root.rglob("*.part"))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
rows = st.lists(st.dictionaries(st.text(max_size=5), json_values, max_size=3), max_size=5)


def writable(value: object) -> bool:
    try:
        dump_line(value)
    except ValueError:
        return False
    return True


@settings(deadline=None, max_examples=40)
@given(rows=rows.filter(writable), cut_at=st.integers(0, 400))
def test_rows_come_back_as_they_were_and_before_a_cut_none_is_lost(tmp_path_factory, rows, cut_at: int) -> None:
    path: Path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    lines = [dump_line(row) for row in rows]
    path.write_bytes(b"".join(lines))
    assert [row.value for row in read_rows(path)] == rows
    whole = b"".join(lines)[:cut_at]
    path.write_bytes(whole)
    found = list(read_rows(path))
    complete = whole.count(b"\n")
    assert [row.value for row in found[:complete]] == rows[:complete]
    assert len(found) <= complete + 1


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=200))
@example(data=b"[" * 5000 + b"\n{}")
@example(data=b"\xef\xbb\xbf{}\r\n{}")
@example(data=b'{"a": 1}{"b": 2}')
def test_any_bytes_are_rows_or_lines_with_a_reason(tmp_path_factory, data: bytes) -> None:
    path: Path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_bytes(data)
    found = list(read_rows(path))
    assert [row.number for row in found] == list(range(1, len(found) + 1))
    assert len(found) == data.count(b"\n") + (data != b"" and not data.endswith(b"\n"))
    assert all((row.value is None) == bool(row.error) for row in found)
