"""Merging and splitting: nothing of evaluation is known from training, every kind has its share, and all is told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import DatasetError, InputFileError
from src.data_prep.merging.leaks import count_leaks
from src.data_prep.merging.links import links_of
from src.data_prep.merging.merge import MergedFiles, MergeSettings, merge_and_split, merge_facts
from tests.data_prep.making import ignore, make_row, read_lines, said, words_of, write_lines
from tests.data_prep.quality.test_cleaning import changed


def merge(tmp_path: Path, rows: list[Any], **settings: Any):
    source = write_lines(tmp_path / "rows.jsonl", rows)
    files = MergedFiles.of(tmp_path / "staging", "full")
    report = merge_and_split([source], files, MergeSettings(**settings), ignore)
    return report, read_lines(files.train), read_lines(files.evaluation)


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["meta"]["id"] for row in rows]


def mixed(count: int) -> list[dict[str, Any]]:
    """Rows of three sources, four languages and two lengths."""
    kinds = [("claude_logs", "chat"), ("git_history", "diff"), ("actual_code", "python"), ("actual_code", "go")]
    return [make_row(number, *kinds[number % 4], group=f"group:{number // 2}") for number in range(count)]


def test_every_kind_has_its_share_on_both_sides(tmp_path: Path) -> None:
    report, train, held_out = merge(tmp_path, mixed(400), share=0.15)
    assert len(held_out) == report.evaluation == 60
    assert report.share == 0.15
    for key in ("source", "lang"):
        both = [Counter(row["meta"][key] for row in side) for side in (train, held_out)]
        for name in both[0]:
            assert abs(both[0][name] / len(train) - both[1][name] / len(held_out)) < 0.02
    assert max(report.drifts.values()) < 0.02


def test_what_belongs_together_stays_together(tmp_path: Path) -> None:
    rows = [make_row(number, group=f"conversation:{number % 9}") for number in range(60)]
    rows += [
        make_row(100 + number, "actual_code", "python", path=f"f{number % 5}.py", repo="r") for number in range(30)
    ]
    _, train, held_out = merge(tmp_path, rows, share=0.3)
    assert train
    assert held_out
    for key in ("group", "path"):
        assert not {row["meta"].get(key, key) for row in train} & {row["meta"].get(key) for row in held_out}


def test_rows_alike_stay_together_even_through_one_that_was_left_out(tmp_path: Path) -> None:
    rows = []
    for number in range(40):
        first = make_row(number)
        copy = {**first, "meta": {**first["meta"], "id": f"copy-{number}", "group": f"other:{number}"}}
        rows += [first, copy, make_row(1_000 + number, group=f"other:{number}"), changed(first, 12)]
    report, train, held_out = merge(tmp_path, rows, share=0.25)
    assert report.rejected == {"exact_duplicate": 40}
    sides = {name: side for side, rows in (("train", train), ("eval", held_out)) for name in ids(rows)}
    for number in range(40):
        first = make_row(number)["meta"]["id"]
        # the window of the other conversation whose copy was left out, and the near copy, are where the first one is
        assert sides[make_row(1_000 + number)["meta"]["id"]] == sides[first] == sides[f"{first}-near"]
    assert report.leaks.total == 0


def test_a_commit_its_revert_and_its_cherry_pick_stay_together() -> None:
    lines = "-    ballast = keel.weight * 2\n+    ballast = keel.weight * 3"
    undone = "-    ballast = keel.weight * 3\n+    ballast = keel.weight * 2"
    patch = "diff --git a/k.py b/k.py\n--- a/k.py\n+++ b/k.py\n@@ -1 +1 @@ def weigh():\n{}\n"

    def commit(text: str, message: str, **meta: Any) -> set[Any]:
        row = said(message, patch.format(text))
        return set(links_of({**row, "meta": {"source": "git_history", **meta}}))

    first = commit(lines, "Make the change: More ballast", commit="a" * 40)
    assert first & commit(undone, "Make the change: Less ballast", commit="b" * 40)
    assert first & commit("-one line that is long enough", "x", reverts="a" * 40)
    assert first & commit("-one line that is long enough", f"This reverts commit {'a' * 40}.")
    assert not first & commit("-one line that is long enough", "Something else", commit="c" * 40)
    # a conversation about a file is not the file
    assert not links_of({**said("Why?", "So."), "meta": {"source": "claude_logs", "path": "k.py"}})


def test_rows_that_hold_a_benchmark_are_left_out_and_reported(tmp_path: Path) -> None:
    rows = [make_row(number) for number in range(30)]
    code = "def weigh(keel, ballast):\n    return [part.weight * 2 for part in keel.parts if part not in ballast]"
    rows.append(said("Write it.", f"Of course:\n{code}\nThat is all."))
    rows.append(said("Name a short task.", "Count the shackles of a mooring line by size."))
    asked = rows[3]["messages"][0]["content"]
    bench = tmp_path / "bench.jsonl"
    write_lines(bench, [{"task_id": "t/0", "prompt": asked}, {"task_id": "t/1", "solution": code, "from": "x"}])
    short = tmp_path / "short.txt"
    short.write_text("Count the shackles of a mooring line by size\n\nToo short.\n", encoding="utf-8")
    report, train, held_out = merge(tmp_path, rows, benchmarks=(bench, short))
    assert report.rejected == {"benchmark": 3}
    assert report.benchmark_items == 3
    assert report.too_short == 1
    assert [hit["item"] for hit in report.contaminated] == ["t/0", "t/1", "1"]
    assert report.contaminated[0]["id"] == rows[3]["meta"]["id"]
    assert len(train) + len(held_out) == 29


def test_boilerplate_that_two_texts_share_is_no_benchmark(tmp_path: Path) -> None:
    licence = "Licensed under the terms that stand in the file beside this one, without any warranty of any kind."
    rows = [said(f"Read it.\n{licence}\n{words_of(number)}", words_of(number + 500)) for number in range(8)]
    bench = tmp_path / "bench.json"
    bench.write_text(json.dumps([{"code": f"{licence}\n{words_of(99, 90)}"}]), encoding="utf-8")
    assert merge(tmp_path, rows, benchmarks=(bench,))[0].rejected == {}


def test_texts_of_benchmarks_are_found_however_deep_they_lie(tmp_path: Path) -> None:
    whole = tmp_path / "one.json"
    text = "Splice the three strands of the mooring line into an eye of ten turns."
    whole.write_text(json.dumps({"name": "knots", "tasks": [{"steps": ["short", text]}, 7]}), encoding="utf-8")
    report, *_ = merge(tmp_path, [make_row(1), said("What now?", f"Well: {text}")], benchmarks=(whole,))
    assert [hit["item"] for hit in report.contaminated] == ["knots"]
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Splei\xdfe die Trosse".encode("latin-1"))
    with pytest.raises(InputFileError, match="not UTF-8"):
        merge(tmp_path, [make_row(1)], benchmarks=(latin,))


@pytest.mark.parametrize(("name", "content"), [("b.json", "{"), ("b.jsonl", "[1\n"), ("b.txt", "\n"), ("b.json", "[]")])
def test_a_benchmark_that_cannot_be_read_is_an_error(tmp_path: Path, name: str, content: str) -> None:
    bench = tmp_path / name
    bench.write_text(content, encoding="utf-8")
    with pytest.raises(InputFileError, match="b[.]"):
        merge(tmp_path, [make_row(1)], benchmarks=(bench,))
    with pytest.raises(InputFileError, match="cannot be read"):
        merge(tmp_path, [make_row(1)], benchmarks=(tmp_path / "none.txt",))


def test_the_same_rows_make_the_same_files_whatever_their_order(tmp_path: Path) -> None:
    rows = mixed(80)
    _, train, held_out = merge(tmp_path / "a", rows)
    _, again, held_out_again = merge(tmp_path / "b", rows[::-1])
    assert (ids(train), ids(held_out)) == (ids(again), ids(held_out_again))
    assert ids(merge(tmp_path / "c", rows, seed=7)[2]) != ids(held_out)


def test_a_group_that_is_too_large_goes_to_training(tmp_path: Path) -> None:
    rows = [make_row(number, group="one") for number in range(50)] + [make_row(60), make_row(61)]
    report, train, held_out = merge(tmp_path, rows)
    assert (len(train), len(held_out), report.largest_group) == (50, 2, 50)


def test_commits_over_several_files_do_not_connect_everything(tmp_path: Path) -> None:
    rows = [
        make_row(
            number,
            "git_history",
            "python",
            repo="r",
            commit=f"{number:07x}{number:033x}",
            paths=[f"{number // 4}.py", "all.py"],
        )
        for number in range(80)
    ]
    report, train, held_out = merge(tmp_path, rows)
    assert not report.every_file
    assert report.evaluation == 12
    assert report.leaks.total == 0
    first = [{row["meta"]["paths"][0] for row in side} for side in (train, held_out)]
    assert not first[0] & first[1]


def test_code_and_commits_of_one_file_stay_together(tmp_path: Path) -> None:
    rows = [
        make_row(
            2 * number, "git_history", "python", repo="r", commit=f"{number:07x}{number:033x}", paths=[f"{number}.py"]
        )
        for number in range(30)
    ]
    rows += [make_row(2 * number + 1, "actual_code", "python", group=f"r:{number}.py") for number in range(30)]
    report, train, held_out = merge(tmp_path, rows)
    assert (report.every_file, report.groups, report.largest_group, len(held_out)) == (True, 30, 2, 8)
    assert len(train) == 52


def test_a_single_group_leaves_evaluation_empty(tmp_path: Path) -> None:
    report, train, held_out = merge(tmp_path, [make_row(number, group="one") for number in range(5)])
    assert (len(train), held_out, report.leaks.total) == (5, [], 0)


def test_the_report_adds_up_and_lies_beside_the_rows(tmp_path: Path) -> None:
    report, train, held_out = merge(tmp_path, [*mixed(40), b"{cut", said("Why?")])
    written = json.loads((tmp_path / "staging" / "report.full.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(merge_facts(report)))
    assert written["rows"] == len(train) + len(held_out) + sum(written["rejected"].values()) == 42
    assert sum(written["counts"]["source"]["claude_logs"].values()) == 10
    assert len(read_lines(tmp_path / "staging" / "rejected.full.jsonl")) == 2


def test_leaks_in_files_of_others_are_counted(tmp_path: Path) -> None:
    train = write_lines(tmp_path / "t.jsonl", [make_row(1), make_row(2, group="g"), make_row(4)])
    held_out = write_lines(tmp_path / "e.jsonl", [changed(make_row(1), 9), make_row(3, group="g"), make_row(5)])
    assert count_leaks(train, held_out, 0.5) == (2, 1)
    assert count_leaks(train, held_out, 0.95) == (2, 0)


def test_nothing_is_written_without_a_row(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        merge(tmp_path, [said("Why?")])
    assert not (tmp_path / "staging").exists()


def test_earlier_files_stay_where_every_row_holds_a_benchmark(tmp_path: Path) -> None:
    rows = [make_row(number) for number in range(6)]
    merge(tmp_path, rows)
    before = {path: path.read_bytes() for path in (tmp_path / "staging").iterdir()}
    with pytest.raises(DatasetError, match="all 6 that can be used hold a text of the benchmarks") as caught:
        merge(tmp_path, rows, benchmarks=(tmp_path / "rows.jsonl",))
    assert "--decontaminate" in caught.value.fix
    assert {path: path.read_bytes() for path in (tmp_path / "staging").iterdir()} == before
