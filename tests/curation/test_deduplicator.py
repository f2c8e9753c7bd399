"""Deduplication of files: the best of what is alike stays, a removed row has its witness, a bad line its reason."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import DatasetError, InputFileError
from src.core.types import ProgressEvent
from src.curation import spans
from src.curation.deduplicator import DedupeReport, DedupeSettings, deduplicate

STORY = (
    "The ferry leaves the eastern pier at six, carries bread, mail and two goats across the sound, waits for the tide "
    "at the sandbank and comes back with empty crates, wet ropes and whoever missed the boat of the day before."
)


def row(number: int | str | None, response: str = STORY, **more: Any) -> dict[str, Any]:
    known = {} if number is None else {"id": number}
    return {**known, "instruction": "Tell me about the ferry.", "response": response, **more}


def write(path: Path, rows: list[Any]) -> Path:
    lines = [one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in rows]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(folder: Path, rows: list[Any], events: list[ProgressEvent] | None = None, **chosen: Any) -> DedupeReport:
    source = write(folder / "rows.jsonl", rows)
    heard = events if events is not None else []
    return deduplicate(source, folder / "clean.jsonl", DedupeSettings(**chosen), heard.append)


def kept_ids(report: DedupeReport) -> list[Any]:
    return [one.get("id") for one in read(report.files.kept)]


def test_the_best_of_what_is_alike_stays_and_the_others_name_it(tmp_path: Path) -> None:
    near = f"{STORY} Again."
    rows = [row(1, quality_score=5.0), row(2, near, quality_score=9), row(3, quality_score=5.0), row(4, "Else.")]
    report = run(tmp_path, rows)
    assert kept_ids(report) == [2, 4]
    assert report.removed == {"exact_duplicate": 0, "near_duplicate": 2}
    removed = read(report.files.removed)
    assert [(one["row"]["id"], one["witness"], one["witness_line"], one["reason"]) for one in removed] == [
        (1, 2, 2, "near_duplicate"),
        (3, 2, 2, "near_duplicate"),
    ]
    assert all(0.8 <= one["jaccard"] < 1 for one in removed)
    assert removed[0]["row"] == rows[0]


def test_exact_copies_are_told_from_near_ones(tmp_path: Path) -> None:
    report = run(tmp_path, [row(1), row(2), row(3, STORY.upper())])
    assert report.removed == {"exact_duplicate": 1, "near_duplicate": 1}
    assert [one["jaccard"] for one in read(report.files.removed)] == [1.0, 1.0]


def test_of_equal_quality_the_lower_id_stays_numbers_before_texts_before_none(tmp_path: Path) -> None:
    assert kept_ids(run(tmp_path, [row(10), row(9), row("a")])) == [9]
    assert kept_ids(run(tmp_path, [row(None), row("b"), row("a")])) == ["a"]
    report = run(tmp_path, [row(None, quality_score=3), row(None, quality_score=3)])
    assert [one["witness_line"] for one in read(report.files.removed)] == [1]
    assert read(report.files.removed)[0]["witness"] is None


def test_a_row_without_a_score_is_ranked_by_length_and_form(tmp_path: Path) -> None:
    cut = STORY.rsplit(" ", 2)[0]
    assert kept_ids(run(tmp_path, [row(1, cut), row(2, STORY)])) == [2]
    assert kept_ids(run(tmp_path, [row(1, cut, quality_score=9.9), row(2, STORY)])) == [1]


def test_kept_rows_stand_as_they_were_written_in_their_order(tmp_path: Path) -> None:
    lines = [
        b'  {"id": 1, "instruction":"A b",   "response":"caf\\u00e9 \\ud83d\\ude00"}',
        b'{"id":0,"instruction":"c","response":"d"}',
    ]
    report = run(tmp_path, [lines[0], lines[1] + b"\r"])
    assert report.files.kept.read_bytes() == lines[0] + b"\n" + lines[1] + b"\r\n"


def test_a_chain_of_edits_loses_no_text(tmp_path: Path) -> None:
    words = STORY.split()
    chain = [
        " ".join("x" if place in range(number * 3) else word for place, word in enumerate(words)) for number in range(6)
    ]
    report = run(
        tmp_path,
        [row(number, text, quality_score=6 - number) for number, text in enumerate(chain)],
        threshold=0.7,
        ngram=1,
    )
    kept = set(kept_ids(report))
    assert {one["witness"] for one in read(report.files.removed)} <= kept
    assert len(kept) > 1


def test_rows_without_a_word_are_like_their_copies_only(tmp_path: Path) -> None:
    rows = [{"id": number, "instruction": "?!", "response": "..."} for number in range(3)]
    report = run(tmp_path, [*rows, {"id": 3, "instruction": "?!", "response": ".."}, row(4), row(5)])
    assert kept_ids(report) == [0, 3, 4]
    assert report.removed == {"exact_duplicate": 3, "near_duplicate": 0}
    assert [(one["witness"], one["reason"]) for one in read(report.files.removed)][:2] == [(0, "exact_duplicate")] * 2


def test_of_several_files_to_compare_with_the_one_with_the_witness_is_named(tmp_path: Path) -> None:
    held = [
        write(tmp_path / f"{name}.jsonl", [row(1, text), row(2, f"{name} is a name")])
        for name, text in (("one", "Else."), ("two", STORY))
    ]
    report = run(tmp_path, [row(1), row(2, "Else."), row(3, "Mine."), row(4, "Mine.")], against=tuple(held))
    places = [(one["witness_in"], one.get("witness_file"), one["witness_line"]) for one in read(report.files.removed)]
    assert places == [("reference", str(held[1]), 1), ("reference", str(held[0]), 1), ("input", None, 3)]


BAD = [
    (b"{not json", "malformed_json", "not valid JSON"),
    (b'{"id": 50, "instruction": "a", "response": "b", "quality_score": NaN}', "malformed_json", "not valid JSON"),
    (b"\xff\xfe", "malformed_json", "not valid JSON"),
    (b"", "empty_line", "the line is empty"),
    (b"[1]", "not_an_object", "a JSON list"),
    (b"null", "not_an_object", "a JSON null"),
    (b'{"id": 50, "instruction": "a"}', "missing_field", "response is missing"),
    (b'{"id": 50, "instruction": 7, "response": "b"}', "wrong_type", "instruction is number, not a text"),
    (b'{"id": 50, "instruction": "a", "response": null}', "wrong_type", "response is null, not a text"),
    (b'{"id": 50.5, "instruction": "a", "response": "b"}', "wrong_type", "id is number"),
    (b'{"id": true, "instruction": "a", "response": "b"}', "wrong_type", "id is truth value"),
    (b'{"id": 50, "instruction": "a", "response": "b", "quality_score": "9"}', "wrong_type", "quality_score is text"),
    (b'{"id": 50, "instruction": "a", "response": "b", "quality_score": true}', "wrong_type", "truth value"),
    (b'{"id": 50, "messages": []}', "wrong_type", "messages is not a list"),
    (b'{"id": 50, "messages": [{"role": "user", "content": 5}]}', "wrong_type", "content is not a text"),
    (b'{"id": 50, "messages": ["hello"]}', "wrong_type", "content is not a text"),
]


@pytest.mark.parametrize(("line", "kind", "reason"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_a_bad_line_is_rejected_with_file_line_and_reason(tmp_path: Path, line: bytes, kind: str, reason: str) -> None:
    report = run(tmp_path, [row(1), line, row(2, "Something else.")])
    assert kept_ids(report) == [1, 2]
    assert report.rejected == {kind: 1}
    (rejected,) = read(report.files.rejected)
    assert (rejected["file"], rejected["line"], rejected["kind"]) == (str(tmp_path / "rows.jsonl"), 2, kind)
    assert reason in rejected["reason"]


def test_a_line_of_fifty_megabytes_is_rejected(tmp_path: Path) -> None:
    report = run(tmp_path, [row(1), row(2, "long " * 10_000_000), row(3, "Something else.")])
    assert kept_ids(report) == [1, 3]
    assert [(one["line"], one["reason"]) for one in read(report.files.rejected)] == [
        (2, "the line is longer than 10 MB")
    ]


def test_an_id_that_was_used_before_is_rejected(tmp_path: Path) -> None:
    report = run(tmp_path, [row(1), row("1", "One thing."), row(1, "Another thing."), row(None, "x y"), row(None, "z")])
    assert kept_ids(report) == [1, "1", None, None]
    assert read(report.files.rejected)[0]["reason"] == "the id 1 was used before, in line 1"


@pytest.mark.parametrize("packed", [False, True])
def test_an_empty_file_is_refused_by_name(tmp_path: Path, packed: bool) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_bytes(gzip.compress(b"") if packed else b"")
    with pytest.raises(InputFileError, match=r"rows\.jsonl is empty"):
        deduplicate(source, tmp_path / "clean.jsonl", DedupeSettings(), lambda _event: None)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def test_a_missing_file_and_a_damaged_one_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="nowhere"):
        deduplicate(tmp_path / "nowhere", tmp_path / "clean.jsonl", DedupeSettings(), lambda _event: None)
    torn = tmp_path / "torn.gz"
    packed = gzip.compress(b"x" * 1000)
    for damaged in (packed[:-9], packed[:10] + b"\xff" + packed[11:]):
        torn.write_bytes(damaged)
        with pytest.raises(InputFileError, match=r"torn\.gz is damaged"):
            deduplicate(torn, tmp_path / "clean.jsonl", DedupeSettings(), lambda _event: None)


def test_without_any_row_nothing_is_written_but_the_reasons(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no row"):
        run(tmp_path, [b"nonsense"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean_rejected.jsonl", "rows.jsonl"]


def test_a_packed_file_gives_what_the_plain_one_gives(tmp_path: Path) -> None:
    rows = [row(1), row(2), b"bad", row(3, "Something else.")]
    plain = run(tmp_path, rows).files.kept.read_bytes()
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress((tmp_path / "rows.jsonl").read_bytes()))
    report = deduplicate(packed, tmp_path / "other.jsonl", DedupeSettings(), lambda _event: None)
    assert report.files.kept.read_bytes() == plain
    assert read(report.files.rejected)[0]["file"] == str(packed)


def test_messages_are_compared_without_the_system_text(tmp_path: Path) -> None:
    def talk(number: int, system: str, said: str) -> dict[str, Any]:
        roles = [("system", system), ("user", "Hello there"), ("assistant", said)]
        return {"id": number, "messages": [{"role": role, "content": text} for role, text in roles]}

    rows = [talk(1, "Be brief.", STORY), talk(2, "Be kind to everybody, always.", STORY), talk(3, STORY, "No.")]
    assert kept_ids(run(tmp_path, rows)) == [1, 3]
    assert kept_ids(run(tmp_path, rows, fields=("messages",))) == [1, 3]


def test_named_fields_are_what_is_compared(tmp_path: Path) -> None:
    rows = [{"id": 1, "prompt": "one", "answer": STORY}, {"id": 2, "prompt": "another", "answer": STORY}]
    assert run(tmp_path, rows, fields=("answer",)).kept == 1
    assert run(tmp_path, rows, fields=("prompt", "answer"), threshold=1.0).kept == 2
    assert run(tmp_path, [*rows, row(3)], fields=("prompt",)).rejected == {"missing_field": 1}


def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path: Path) -> None:
    report = run(tmp_path, [b"\xef\xbb\xbf" + json.dumps(row(1)).encode(), row(2, "Something else.")])
    assert kept_ids(report) == [1, 2]


def test_rows_of_another_file_win_whatever_their_quality_and_are_not_written(tmp_path: Path) -> None:
    held = write(
        tmp_path / "benchmark.jsonl", [row(1, quality_score=1), row(1, "Twice."), row(2, quality_score=2), b"bad"]
    )
    report = run(tmp_path, [row(1, quality_score=9), row(2, "Mine.", quality_score=9)], against=(held,))
    assert kept_ids(report) == [2]
    (removed,) = read(report.files.removed)
    assert (removed["witness"], removed["witness_in"], removed["witness_line"]) == (2, "reference", 3)
    assert report.rejected == {"duplicate_id": 1, "malformed_json": 1}
    assert {one["file"] for one in read(report.files.rejected)} == {str(held)}


def many_rows(count: int) -> list[dict[str, Any]]:
    source = random.Random(11)
    words = STORY.split()
    rows = []
    for number in range(count):
        text = [source.choice(words) for _ in range(90)] if number % 2 else words * 3
        for _ in range(source.randrange(3)):
            text[source.randrange(len(text))] = f"word{source.randrange(20)}"
        rows.append(row(number, " ".join(text), quality_score=source.randrange(5, 10)))
    return rows


def test_pieces_and_workers_do_not_show_in_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = many_rows(300)
    whole = run(tmp_path, rows)
    expected = [path.read_bytes() for path in (whole.files.kept, whole.files.removed)]
    assert 0 < whole.kept < len(rows) - 100
    monkeypatch.setattr(spans.split_file, "__defaults__", (5_000,))
    for workers, spill in ((1, False), (2, False), (2, True)):
        events: list[ProgressEvent] = []
        report = run(tmp_path, rows, events, workers=workers, spill=spill)
        assert [path.read_bytes() for path in (report.files.kept, report.files.removed)] == expected
        assert {event.stage for event in events} == {"rows", "compare", "save"}
        assert all(event.done <= (event.total or 0) for event in events)
        assert len([event for event in events if event.stage == "rows"]) > 10


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "clean.jsonl.work").mkdir()
    (tmp_path / "clean.jsonl.work" / "9.sets").write_bytes(b"x")
    (tmp_path / "clean.jsonl.part").write_bytes(b"half a row")
    (tmp_path / "clean_rejected.jsonl").write_bytes(b"of an earlier run")
    run(tmp_path, [row(1), row(2)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean.jsonl", "clean_removed.jsonl", "rows.jsonl"]
    assert (tmp_path / "clean_removed.jsonl").read_bytes().count(b"\n") == 1


def test_minhash_gives_a_subset_of_what_exact_removes(tmp_path: Path) -> None:
    rows = many_rows(300)
    exact = {one["row"]["id"] for one in read(run(tmp_path, rows).files.removed)}
    found = {one["row"]["id"] for one in read(run(tmp_path, rows, method="minhash").files.removed)}
    assert found <= exact or len(found - exact) < 5
    assert len(found) >= 0.98 * len(exact)
