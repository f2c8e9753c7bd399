"""Safe repairs: what can be mended is mended and said, everything else stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from src.core.errors import InputFileError
from src.providers.conversation import Conversation, Turn
from src.providers.lookup import find_model
from src.utils.formats.registry import formats_of
from src.utils.repairs import REPAIRS, repair, repair_file
from src.utils.training_file import validate_file

CLAUDE = find_model("anthropic", "claude-3-haiku")
MISTRAL = find_model("mistral", "open-mistral-nemo")
OPENAI = find_model("openai", "gpt-4o-mini")
U, A = {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Because."}


def mended(limits: Any, row: dict[str, Any], tmp_path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    source, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    source.write_bytes(orjson.dumps(row) + b"\n")
    report = repair_file(source, out, limits)
    return orjson.loads(out.read_bytes()), report.repaired[0].repairs if report.repaired else ()


@pytest.mark.parametrize(
    ("limits", "turns", "after", "repairs"),
    [
        (CLAUDE, [A, U, A], [U, A], ("leading_assistant",)),
        (CLAUDE, [U, U, A], [{**U, "content": "Why?\n\nWhy?"}, A], ("joined",)),
        (CLAUDE, [U, A, U], [U, A], ("unanswered",)),
        (CLAUDE, [{**U, "content": " Why?\n"}, A], [U, A], ("trimmed",)),
        (CLAUDE, [A, U, {**A, "content": " Because."}, U], [U, A], ("trimmed", "leading_assistant", "unanswered")),
        (CLAUDE, [U, A], [U, A], ()),
        (CLAUDE, [A], [A], ()),
        (CLAUDE, [U], [U], ()),
        (CLAUDE, [{**U, "content": " "}, A], [{**U, "content": " "}, A], ()),
        (OPENAI, [A, U, U, A], [A, U, U, A], ()),
        (OPENAI, [{"role": "system", "content": ""}, U, A], [U, A], ("empty_system",)),
        (OPENAI, [U, {**A, "weight": 0}, U], [U, {**A, "weight": 0}], ("unanswered",)),
    ],
)
def test_what_is_safe_is_repaired_and_named(
    limits: Any, turns: list[Any], after: list[Any], repairs: tuple[str, ...], tmp_path: Path
) -> None:
    row, found = mended(limits, {"messages": turns}, tmp_path)
    assert row["messages"] == after
    assert found == repairs
    assert set(repairs) <= set(REPAIRS)


def test_ids_of_mistral_s_tool_calls_are_shortened(tmp_path: Path) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    turns = [
        U,
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "1"},
        A,
    ]
    row, found = mended(
        MISTRAL, {"messages": turns, "tools": [{"type": "function", "function": {"name": "f"}}]}, tmp_path
    )
    assert found == ("tool_ids",)
    assert formats_of(MISTRAL)[0].check(row) == ()


def test_lines_that_need_nothing_or_cannot_be_mended_stay_byte_for_byte(tmp_path: Path) -> None:
    lines = [
        b'{ "messages": [{"role":"user","content":"\\u0041"}, {"role":"assistant","content":"b"}] }\r\n',
        b"{\n",
        b"\n",
        b'{"messages": 3}\n',
        b'{"other": "row"}',
    ]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    report = repair_file(tmp_path / "a.jsonl", tmp_path / "b.jsonl", CLAUDE)
    assert (tmp_path / "b.jsonl").read_bytes() == b"".join(lines) + b"\n"
    assert (report.rows, report.repaired) == (5, [])


def test_a_repaired_file_passes_the_check_that_it_failed(tmp_path: Path) -> None:
    rows = [{"messages": [A, {**U, "content": f"Question {n}? "}, U, A, U]} for n in range(40)]
    source, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    source.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    assert not validate_file(source, "anthropic", CLAUDE.id).ok
    report = repair_file(source, out, CLAUDE)
    assert len(report.repaired) == report.rows == 40
    assert validate_file(out, "anthropic", CLAUDE.id).ok


def test_a_byte_order_mark_is_dropped_and_named(tmp_path: Path) -> None:
    line = b'{ "messages": [{"role":"user","content":"Why?"}, {"role":"assistant","content":"b"}] }\n'
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + line)
    report = repair_file(tmp_path / "a.jsonl", tmp_path / "b.jsonl", CLAUDE)
    assert (tmp_path / "b.jsonl").read_bytes() == line
    assert [row.repairs for row in report.repaired] == [("bom",)]


def test_the_worse_answer_of_a_pair_keeps_its_question() -> None:
    pair = Conversation((Turn("user", "q "), Turn("assistant", "a")), Turn("assistant", "b"))
    assert repair(pair, formats_of(OPENAI)[0].rules).repairs == ("trimmed",)


def test_a_missing_file_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputFileError):
        repair_file(tmp_path / "a.jsonl", tmp_path / "b.jsonl", CLAUDE)
    assert list(tmp_path.iterdir()) == []
