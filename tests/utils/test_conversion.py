"""Files in another format: everything that is there arrives, or is named before it is left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from src.core.errors import DatasetError, InputFileError
from src.core.jsonl import read_rows, write_jsonl
from src.utils.conversion import convert_file, detect_file
from src.utils.formats.registry import FORMATS, find_format
from src.utils.formats.row_file import read_file_rows
from tests.utils.formats.conversations import ALL, PLAIN, TALK, held_whole

CHAT = FORMATS["openai-chat"]


def write_chat(path: Path, *entries: Any) -> Path:
    write_jsonl(path, (CHAT.to_row(entry) for entry in entries))
    return path


def rows_of(path: Path) -> list[Any]:
    return [row.value for row in read_rows(path)]


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if not form.holds.pair])
def test_a_file_there_and_back_is_the_same_file(name: str, tmp_path: Path) -> None:
    form = find_format(name)
    there = write_chat(tmp_path / "a.jsonl", *(entry for entry in held_whole(form) if entry in held_whole(CHAT)))
    convert_file(there, tmp_path / "b.jsonl", form)
    back = convert_file(tmp_path / "b.jsonl", tmp_path / "c.jsonl", CHAT, form)
    assert (tmp_path / "c.jsonl").read_bytes() == there.read_bytes()
    assert (back.read, back.written, back.left_out, back.losses) == (back.read, back.read, 0, ())


@pytest.mark.parametrize("name", FORMATS)
def test_every_golden_file_becomes_openai_chat_with_every_loss_named(name: str, tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[1] / "golden" / "formats" / f"{name}.jsonl"
    report = convert_file(source, tmp_path / "out.jsonl", CHAT, allow_loss=True)
    assert report.read == report.written + report.left_out == len(source.read_bytes().splitlines())
    assert {lost.loss for lost in report.losses} <= {"worse_answer_dropped"}


def test_a_loss_that_nobody_allowed_is_an_error_that_names_all_of_them_and_nothing_is_written(tmp_path: Path) -> None:
    source = write_chat(tmp_path / "a.jsonl", *ALL[:6])
    out = tmp_path / "b.jsonl"
    with pytest.raises(DatasetError) as error:
        convert_file(source, out, FORMATS["bedrock-llama"])
    for words in ("calls tools (1 rows, first row 5)", "an image", "system text", "earlier turns", "weight of a turn"):
        assert words in str(error.value)
    assert "--allow-loss" in error.value.fix
    assert list(tmp_path.iterdir()) == [source]


def test_what_the_target_s_own_check_refuses_is_left_out_with_its_reason(tmp_path: Path) -> None:
    call = ALL[4].turns[1]
    both = ALL[4]._replace(turns=(ALL[4].turns[0], call._replace(content="Let me look."), *ALL[4].turns[2:]))
    apart = PLAIN._replace(turns=(PLAIN.turns[0], PLAIN.turns[1]._replace(weight=0), PLAIN.turns[1]))
    source = write_chat(tmp_path / "a.jsonl", both, apart)
    for name, lost, reason in (("mistral", 1, "a tool call and text"), ("together", 2, "two turns of the same role")):
        report = convert_file(source, None, FORMATS[name])
        assert (report.written, report.left_out) == (1, 1)
        (unfit,) = [found for found in report.losses if found.loss == "unfit"]
        assert unfit.first == lost
        assert reason in unfit.reason
        with pytest.raises(DatasetError, match=reason):
            convert_file(source, tmp_path / "b.jsonl", FORMATS[name])


def test_allowed_losses_are_counted_and_rows_add_up(tmp_path: Path) -> None:
    source = write_chat(tmp_path / "a.jsonl", *ALL[:6])
    report = convert_file(source, tmp_path / "b.jsonl", FORMATS["bedrock-llama"], allow_loss=True)
    assert (report.read, report.written, report.left_out) == (6, 4, 2)
    assert {(lost.loss, lost.rows, lost.first) for lost in report.losses} == {
        ("turns_folded", 2, 2),
        ("system_folded", 1, 2),
        ("weight_dropped", 1, 4),
        ("tool_calls", 1, 5),
        ("images", 1, 6),
    }
    assert rows_of(tmp_path / "b.jsonl")[1]["prompt"].startswith("You run a pottery.\n\nUser: My bowl cracked.")


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    source = write_chat(tmp_path / "a.jsonl", PLAIN, TALK)
    report = convert_file(source, None, FORMATS["alpaca"])
    assert [lost.loss for lost in report.losses] == ["system_folded", "turns_folded"]
    assert list(tmp_path.iterdir()) == [source]


def test_notes_beside_a_row_are_named_as_a_loss(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", [{**CHAT.to_row(PLAIN), "id": 7, "source": "kiln.md"}])
    with pytest.raises(DatasetError, match="keys beside the row"):
        convert_file(tmp_path / "a.jsonl", tmp_path / "b.jsonl", FORMATS["trl"])
    convert_file(tmp_path / "a.jsonl", tmp_path / "b.jsonl", FORMATS["trl"], allow_loss=True)
    assert rows_of(tmp_path / "b.jsonl") == [CHAT.to_row(PLAIN)]


def test_a_bad_row_stops_the_conversion_and_is_named(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", [CHAT.to_row(PLAIN), {"messages": [{"role": "user", "content": 3}]}])
    with pytest.raises(InputFileError, match=r"row 2 is not in the format OpenAI chat: messages\[0\].content"):
        convert_file(tmp_path / "a.jsonl", tmp_path / "b.jsonl", FORMATS["trl"], CHAT)
    (tmp_path / "a.jsonl").write_bytes(orjson.dumps(CHAT.to_row(PLAIN)) + b"\n{\n")
    with pytest.raises(InputFileError, match="row 2: not valid JSON"):
        convert_file(tmp_path / "a.jsonl", tmp_path / "b.jsonl", FORMATS["trl"])
    assert not (tmp_path / "b.jsonl").exists()


def test_a_file_of_no_format_is_told(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", [{"question": "q", "reply": "a"}])
    with pytest.raises(InputFileError, match="cannot be told"):
        detect_file(tmp_path / "a.jsonl")


def test_nothing_left_to_write_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No row is left"):
        convert_file(
            write_chat(tmp_path / "a.jsonl", PLAIN), tmp_path / "b.jsonl", FORMATS["openai-dpo"], allow_loss=True
        )


def test_a_json_list_is_read_row_by_row(tmp_path: Path) -> None:
    rows = [{"instruction": f"Question {n}? " + "x" * 900, "input": "", "output": "ü" * n} for n in range(1, 200)]
    for indent in (None, 2):
        path = tmp_path / "alpaca.json"
        path.write_text(json.dumps(rows, indent=indent, ensure_ascii=False), encoding="utf-8-sig")
        assert [row.value for row in read_file_rows(path)] == rows
        report = convert_file(path, tmp_path / "out.jsonl", CHAT)
        assert (report.source.name, report.written) == ("alpaca", 199)


@pytest.mark.parametrize(
    ("text", "error"), [('[{"a": 1}, 2]', "a JSON int"), ('[{"a": 1}', "not valid JSON"), ("[{]", "JSON")]
)
def test_a_list_that_is_damaged_says_where(text: str, error: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    *_, last = read_file_rows(tmp_path / "a.json")
    assert last.value is None
    assert error in last.error


@pytest.mark.parametrize(
    "text", [r'{"a": "\ud800"}', '{"a": NaN}', '{"a": ' + "9" * 5000 + "}", '{"a": ' + "[" * 200_000]
)
def test_a_list_holds_only_what_a_line_of_json_may_hold(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f'[{{"a": 1}}, {text}]', encoding="utf-8")
    first, second, *_ = read_file_rows(tmp_path / "a.json")
    assert first.value == {"a": 1}
    assert (second.number, second.value) == (2, None)
    assert "not valid JSON" in second.error
    with pytest.raises(InputFileError, match=r"a\.json"):
        convert_file(tmp_path / "a.json", tmp_path / "b.jsonl", FORMATS["trl"], CHAT)


def test_a_list_that_is_wrong_at_its_head_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'[{"a" 1}, "' + b"x" * 200_000 + b"\xff" + b'"]')
    (row,) = read_file_rows(tmp_path / "a.json")  # the wrong byte behind it was never met
    assert (row.number, row.value) == (1, None)


def test_a_list_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'[{"a": "\xff"}]')
    with pytest.raises(InputFileError, match="UTF-8"):
        list(read_file_rows(tmp_path / "a.json"))
    with pytest.raises(InputFileError, match="cannot be read"):
        list(read_file_rows(tmp_path / "b.json"))


def test_llama_factory_gets_its_description_and_keeps_those_of_other_files(tmp_path: Path) -> None:
    info = tmp_path / "dataset_info.json"
    info.write_text('{"other": {"file_name": "other.json"}}', encoding="utf-8")
    source = write_chat(tmp_path / "a.jsonl", PLAIN)
    convert_file(source, tmp_path / "kiln.jsonl", FORMATS["llama-factory"])
    found = json.loads(info.read_text(encoding="utf-8"))
    assert found["other"] == {"file_name": "other.json"}
    assert found["kiln"]["file_name"] == "kiln.jsonl"
    assert found["kiln"]["columns"] == {"messages": "conversations"}
    for damaged in ("[]", "{"):
        info.write_text(damaged, encoding="utf-8")
        with pytest.raises(InputFileError, match="dataset_info"):
            convert_file(source, tmp_path / "other.jsonl", FORMATS["llama-factory"])
        assert not (tmp_path / "other.jsonl").exists()
    with pytest.raises(InputFileError, match="dataset_info"):
        convert_file(source, tmp_path / "kiln.jsonl", FORMATS["llama-factory"])
