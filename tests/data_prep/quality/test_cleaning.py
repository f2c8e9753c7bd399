"""Quality control: what stays, what goes and why, and what the files say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import DatasetError, InputFileError
from src.data_prep.quality.cleaning import CleaningSettings
from src.data_prep.quality.control import control_quality
from tests.data_prep.making import ignore, make_row, read_lines, said, words_of, write_lines


def changed(row: dict, words: int) -> dict:
    """A copy with the last words of its question replaced, and an id of its own."""
    asked = row["messages"][0]["content"].split(" ")
    asked[-words:] = [f"other{number}" for number in range(words)]
    messages = [{"role": "user", "content": " ".join(asked)}, row["messages"][1]]
    return {"messages": messages, "meta": {**row["meta"], "id": f"{row['meta']['id']}-near"}}


def control(tmp_path: Path, *lines: object, **settings: float):
    source = write_lines(tmp_path / "in.jsonl", lines)
    out, rejects = tmp_path / "out.jsonl", tmp_path / "rejects.jsonl"
    report = control_quality([source], out, rejects, CleaningSettings(**settings), ignore)
    return report, read_lines(out), read_lines(rejects) if rejects.exists() else []


def test_broken_rows_and_repeats_go_and_every_line_is_accounted_for(tmp_path: Path) -> None:
    first, second = make_row(1), make_row(2)
    lines = [first, second, first, changed(second, 4), said("Why?"), b'{"messages": [', b"", [1]]
    report, kept, rejects = control(tmp_path, *lines, make_row(3))
    assert [row["meta"]["id"] for row in kept] == [first["meta"]["id"], second["meta"]["id"], make_row(3)["meta"]["id"]]
    assert report.rejected == {"malformed_json": 3, "no_answer": 1, "exact_duplicate": 1, "near_duplicate": 1}
    assert report.lines == report.kept + sum(report.rejected.values()) == 9
    near = next(one for one in rejects if one["reason"] == "near_duplicate")
    assert (near["line"], near["duplicate_of"]["line"], near["duplicate_of"]["id"]) == (4, 2, second["meta"]["id"])
    assert near["row"] == lines[3]


def test_a_lower_threshold_takes_more_out(tmp_path: Path) -> None:
    rows = [make_row(1), changed(make_row(1), 12)]
    assert control(tmp_path, *rows)[0].kept == 2
    assert control(tmp_path, *rows, threshold=0.5)[0].kept == 1


def test_another_gap_in_the_same_code_is_no_repeat(tmp_path: Path) -> None:
    code = words_of(1, 120)
    pieces = code.split(" ")
    rows = [
        said(f"Fill in.\n{' '.join(pieces[:start])}\n# <missing>\n{' '.join(pieces[start + 8 :])}", " ".join(gap))
        for start in (10, 60)
        for gap in [pieces[start : start + 8]]
    ]
    assert control(tmp_path, *rows)[0].kept == 2


def test_marks_beyond_ascii_count_as_much_as_words(tmp_path: Path) -> None:
    box = "\n".join(f"│ {number} │ → ├──┤" for number in range(20))
    rows = [said(f"Why is {word} so?\n{box}", f"Since {word} is.\n{box}") for word in ("winch", "hull")]
    assert control(tmp_path, *rows)[0].rejected == {"near_duplicate": 1}


def test_a_chain_loses_only_what_repeats_a_row_that_stays(tmp_path: Path) -> None:
    first = make_row(1)
    second = changed(first, 4)
    third = changed(first, 8)
    _, kept, rejects = control(tmp_path, first, second, third)
    assert [row["meta"]["id"] for row in kept] == [first["meta"]["id"], third["meta"]["id"]]
    assert len(rejects) == 1


def test_a_copy_of_a_near_duplicate_names_the_row_that_stays(tmp_path: Path) -> None:
    first = make_row(1)
    near = changed(first, 3)
    _, _, rejects = control(tmp_path, first, near, near)
    assert {one["duplicate_of"]["id"] for one in rejects} == {first["meta"]["id"]}


def test_rows_keep_their_notes_and_those_without_an_id_get_one(tmp_path: Path) -> None:
    plain = said("Why does it creak?", "Because of the gooseneck.")
    noted = {**make_row(1), "source": "a/b.json", "fim": {"path": "x.py"}}
    _, kept, _ = control(tmp_path, plain, noted, {**said("And then?", "Grease it."), "id": "own"})
    assert kept[1] == noted
    assert len(kept[0]["meta"]["id"]) == 16
    assert kept[2]["id"] == "own"
    assert "meta" not in kept[2]


def test_a_json_list_is_read_as_well(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_text(f"[{','.join(__import__('json').dumps(make_row(number)) for number in range(3))}]")
    report = control_quality([source], tmp_path / "out.jsonl", None, CleaningSettings(), ignore)
    assert (report.lines, report.kept) == (3, 3)


def test_no_file_of_rejects_stays_from_an_earlier_run(tmp_path: Path) -> None:
    control(tmp_path, make_row(1), said("Why?"))
    assert (tmp_path / "rejects.jsonl").exists()
    control(tmp_path, make_row(1))
    assert not (tmp_path / "rejects.jsonl").exists()


def test_files_without_a_usable_row_fail_and_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no_answer 1"):
        control(tmp_path, said("Why?"))
    assert not (tmp_path / "out.jsonl").exists()
    with pytest.raises(InputFileError, match="is a folder"):
        control_quality([tmp_path], tmp_path / "out.jsonl", None, CleaningSettings(), ignore)
    with pytest.raises(InputFileError, match="cannot be read"):
        control_quality([tmp_path / "nothing"], tmp_path / "out.jsonl", None, CleaningSettings(), ignore)
