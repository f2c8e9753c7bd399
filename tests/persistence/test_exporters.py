"""Exported files: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import textwrap

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from src.core.errors import StorageError
from src.core.types import Message, Rejection, Sample, Span
from src.persistence.exporters import (
    CSV_COLUMNS,
    PREVIEW_CHARACTERS,
    export_jsonl,
    preview,
    safe_cell,
    write_csv,
    write_json,
    write_rejected,
)
from src.persistence.models import StoredSample
from tests.fakes import make_sample
from tests.persistence import rows
from tests.persistence.rows import make_rows


def read_csv(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


def read_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_csv_has_the_six_columns_and_one_line_per_sample(tmp_path):
    sample = make_sample("What is\na kiln?", "An oven,\tas it were.", source="töpfe.txt")
    assert write_csv(tmp_path / "a.csv", iter([StoredSample(sample, 17, "train"), *make_rows(2, split=None)])) == 3
    first, second, _ = read_csv(tmp_path / "a.csv")
    assert tuple(first) == CSV_COLUMNS
    assert CSV_COLUMNS == ("sample_id", "content_preview", "token_length", "topic_keywords", "source_file", "split")
    assert first == {
        "sample_id": sample.id,
        "content_preview": "What is a kiln? / An oven, as it were.",
        "token_length": "17",
        "topic_keywords": "kiln,clay",
        "source_file": "töpfe.txt",
        "split": "train",
    }
    assert second["split"] == ""
    assert (tmp_path / "a.csv").read_bytes().startswith(b"sample_id,")


def test_csv_of_the_same_samples_is_the_same_whatever_dataset_they_stand_in(tmp_path):
    for name in ("one", "two"):
        write_csv(tmp_path / name, [StoredSample(make_sample(), 5, "train", id=name)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@given(sample=rows.samples)
def test_every_sample_is_one_line_of_csv_and_no_cell_of_it_is_a_formula(tmp_path_factory, sample):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    write_csv(path, [StoredSample(sample, 5, "train")])
    assert path.read_bytes().count(b"\n") == 2
    (row,) = read_csv(path)
    assert len(row["content_preview"]) <= PREVIEW_CHARACTERS + 10
    for cell in row.values():
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    for line in csv.reader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";"):
        for cell in line[1:]:
            assert not cell.lstrip().lstrip("\"'").lstrip().startswith(("=", "+", "-", "@")) or cell.lstrip()[0] == "'"


@pytest.mark.parametrize(
    "attack",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "   =1",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b@x",
        "\x00=1",
        '"=1"',
        "\uff1d1+1",
        "\uff20SUM(A1)",
        "\ttext",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(attack):
    assert safe_cell(attack).startswith(f"'{attack[0]}")


@pytest.mark.parametrize(
    ("attack", "safe"),
    [
        ("hello;=cmd|'/C calc'!A0", "hello;'=cmd|'/C calc'!A0"),
        ('hello"; =1', "hello\"; '=1"),
        ("hello\t@SUM(A1)", "hello\t'@SUM(A1)"),
        ("a\n+1", "a\n'+1"),
    ],
)
def test_a_formula_behind_a_list_separator_in_a_cell_is_broken_too(attack, safe):
    assert safe_cell(attack) == safe


@pytest.mark.parametrize(
    "text", ["", "plain", "a = b", "3 - 2 = 1", "x; y", "mail@example.org", "naïve – dash", "'quoted'"]
)
def test_harmless_cells_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_previews_leave_out_the_system_prompt_and_are_cut():
    turns = (Message("system", "You are kind."), Message("user", "word " * 10**5), Message("assistant", "x"))
    shown = preview(Sample(turns, "generated"))
    assert shown.startswith("word word")
    assert shown.endswith("...")
    assert len(shown) <= PREVIEW_CHARACTERS
    assert preview(Sample(turns[:1], "generated")) == "You are kind."


@given(text=st.text())
@example("\ud83d broken")
def test_a_preview_is_one_line_that_utf8_can_hold(text):
    shown = preview(Sample((Message("user", text),), "generated"))
    assert len(shown.splitlines()) <= 1
    shown.encode("utf-8")


def test_jsonl_is_written_per_split_in_order(tmp_path):
    train, validation = [{"n": number} for number in range(5)], [{"n": 9, "text": "é"}]
    written = export_jsonl(tmp_path / "out", "pots", {"train": iter(train), "validation": iter(validation)})
    assert written == {
        "train": tmp_path / "out" / "pots_train.jsonl",
        "validation": tmp_path / "out" / "pots_validation.jsonl",
    }
    assert read_lines(written["train"]) == train
    assert read_lines(written["validation"]) == validation


def test_a_side_without_rows_gets_no_file_and_an_old_one_is_left_to_the_caller(tmp_path):
    export_jsonl(tmp_path, "pots", {"train": [{"n": 1}], "validation": [{"n": 2}]})
    written = export_jsonl(tmp_path, "pots", {"train": [{"n": 3}], "validation": []})
    assert list(written) == ["train"]
    assert read_lines(tmp_path / "pots_validation.jsonl") == [{"n": 2}]


def test_an_export_that_breaks_in_its_second_file_leaves_both_old_files(tmp_path):
    old = export_jsonl(tmp_path, "pots", {"train": [{"n": 1}], "validation": [{"n": 2}]})

    def breaking():
        yield {"n": 4}
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        export_jsonl(tmp_path, "pots", {"train": [{"n": 3}], "validation": breaking()})
    assert read_lines(old["train"]) == [{"n": 1}]
    assert read_lines(old["validation"]) == [{"n": 2}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pots_train.jsonl", "pots_validation.jsonl"]


def test_a_folder_in_the_place_of_one_file_stops_the_export_before_any_file_changes(tmp_path):
    (tmp_path / "pots_validation.jsonl").mkdir()
    with pytest.raises(StorageError, match="is a folder"):
        export_jsonl(tmp_path, "pots", {"train": [{"n": 1}], "validation": [{"n": 2}]})
    assert [path.name for path in tmp_path.iterdir()] == ["pots_validation.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_without_room_leaves_the_last_good_files(tmp_path):
    old = export_jsonl(tmp_path, "pots", {"train": [{"n": 1}], "validation": [{"n": 2}]})
    program = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from src.core.errors import StorageError
        from src.persistence.exporters import export_jsonl, write_csv
        from tests.persistence.rows import make_rows
        whole = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, whole[1]))
        folder = Path(sys.argv[1])
        rows = ({"text": "x" * 100} for _ in range(10_000))
        for action in (
            lambda: export_jsonl(folder, "pots", {"train": [{"n": 3}], "validation": rows}),
            lambda: write_csv(folder / "pots.csv", make_rows(10_000)),
        ):
            try:
                action()
            except StorageError as error:
                print("told:", error)
        resource.setrlimit(resource.RLIMIT_FSIZE, whole)
        """
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.count("told:") == 2
    assert done.stderr == ""
    assert read_lines(old["train"]) == [{"n": 1}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pots_train.jsonl", "pots_validation.jsonl"]


def test_rejections_are_written_with_reason_place_sample_and_raw_answer(tmp_path):
    path = tmp_path / "pots_rejected.jsonl"
    items = [
        Rejection("too_long", "9 tokens", make_sample("Q", "A"), "a.txt", Span(3, 9)),
        Rejection("malformed", raw="\ud83d {", source_file="caf\udce9.txt"),
    ]
    assert write_rejected(path, iter(items)) == 2
    first, second = read_lines(path)
    assert (first["reason"], first["detail"], first["source_file"], first["span"]) == (
        "too_long",
        "9 tokens",
        "a.txt",
        [3, 9],
    )
    assert [turn["content"] for turn in first["sample"]["messages"]] == ["Q", "A"]
    assert second["raw"] == r"\ud83d {"
    assert second["sample"] is None


def test_no_file_is_written_when_nothing_was_rejected(tmp_path):
    assert write_rejected(tmp_path / "none.jsonl", []) == 0
    assert list(tmp_path.iterdir()) == []


def test_json_is_written_indented_in_the_order_of_its_keys(tmp_path):
    write_json(tmp_path / "stats.json", {"b": 1, "a": {"z": "é"}})
    assert (tmp_path / "stats.json").read_text(encoding="utf-8") == '{\n  "b": 1,\n  "a": {\n    "z": "é"\n  }\n}\n'
