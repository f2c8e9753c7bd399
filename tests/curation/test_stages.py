"""The frame of the stages: shards that are done once, kills that leave no trace, a manifest that tells the truth."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import DatasetError, InputFileError
from src.core.types import ProgressEvent
from src.curation.spans import LONGEST_LINE
from src.curation.stages.frame import check_rows, run_stage, side_files
from src.curation.stages.manifest import Counts, read_manifest
from src.curation.stages.shards import Outcome, RowStage, run_rows
from tests.curation.making import make_row, read_lines, write_lines
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


def ignore(_event: ProgressEvent) -> None:
    """Nobody watches."""


def take_even(rows: Any) -> list[Outcome]:
    return [Outcome({**row, "seen": True}, "" if row["id"] % 2 == 0 else "odd") for row in rows]


def run(source: Path, out: Path, work: Any = take_even, key: str = "k", size: int = 2_000) -> Counts:
    return run_rows(RowStage(source, out, key, work, shard_bytes=size), ignore)


def test_rows_go_on_or_are_put_aside_with_their_reason_in_their_order(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [make_row(number) for number in range(40)])
    counts = run(source, tmp_path / "out.jsonl")
    assert (counts.rows, counts.kept, counts.removed) == (40, 20, {"odd": 20})
    assert [row["id"] for row in read_lines(tmp_path / "out.jsonl")] == list(range(0, 40, 2))
    removed = read_lines(tmp_path / "out_removed.jsonl")
    assert {one["reason"] for one in removed} == {"odd"}
    assert [one["row"]["id"] for one in removed] == list(range(1, 40, 2))
    assert not (tmp_path / "out.jsonl.shards").exists()


def test_what_is_no_row_is_rejected_with_its_line_and_reason(tmp_path: Path) -> None:
    huge = b'{"instruction": "' + b"x" * (LONGEST_LINE + 10) + b'"}'
    bad: list[Any] = [
        b"{oops",
        b"[1]",
        b"",
        {**make_row(50), "quality_score": "good"},
        b'{"id": 51, "instruction": "a", "response": "b", "quality_score": NaN}',
        {**make_row(52), "response": 5},
        {**make_row(53), "source": ["a"]},
        make_row(0),
        {"id": 54, "instruction": "only"},
        huge,
    ]
    source = write_lines(tmp_path / "in.jsonl", [make_row(0), *bad, make_row(2)])
    counts = run(source, tmp_path / "out.jsonl")
    assert counts.kept == 2
    rejected = read_lines(tmp_path / "out_rejected.jsonl")
    assert [one["line"] for one in rejected] == list(range(2, 12))
    assert [one["kind"] for one in rejected] == [
        "malformed_json",
        "not_an_object",
        "empty_line",
        "wrong_type",
        "malformed_json",
        "wrong_type",
        "wrong_type",
        "duplicate_id",
        "missing_field",
        "line_too_long",
    ]
    assert {one["file"] for one in rejected} == {str(source)}
    assert all(one["reason"] for one in rejected)


def test_an_id_of_an_earlier_shard_is_known_in_a_later_one_also_after_a_stop(tmp_path: Path) -> None:
    rows = [make_row(number) for number in range(20)] + [make_row(4)]
    source = write_lines(tmp_path / "in.jsonl", rows)
    done: list[int] = []

    def stop_late(rows: Any) -> list[Outcome]:
        if any(row["id"] > 12 for row in rows):
            raise KeyboardInterrupt
        done.append(len(rows))
        return take_even(rows)

    with pytest.raises(KeyboardInterrupt):
        run(source, tmp_path / "out.jsonl", stop_late)
    assert done
    counts = run(source, tmp_path / "out.jsonl")
    assert counts.rejected == {"duplicate_id": 1}
    assert counts.kept == 10


def test_a_file_without_rows_is_an_error_that_names_it(tmp_path: Path) -> None:
    empty = write_lines(tmp_path / "empty.jsonl", [])
    with pytest.raises(InputFileError, match=r"empty\.jsonl is empty"):
        run(empty, tmp_path / "out.jsonl")
    nothing = write_lines(tmp_path / "nothing.jsonl", [b"{", b"}"])
    with pytest.raises(DatasetError, match="no row that can be used"):
        run(nothing, tmp_path / "out.jsonl")


PROGRAM = """
import os, signal, sys
from pathlib import Path
from src.curation.stages.shards import Outcome, RowStage, run_rows
source, out, kill_at = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
calls = 0
def work(rows):
    global calls
    calls += 1
    for number, row in enumerate(rows):
        if calls == kill_at and number == len(rows) // 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield Outcome({**row, "seen": True}, "" if row["id"] % 2 == 0 else "odd")
run_rows(RowStage(source, out, "k", work, shard_bytes=2000), lambda event: None)
print(calls)
"""


def run_program(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_a_stage_that_is_killed_goes_on_with_its_shard_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [make_row(number) for number in range(60)])
    whole = run(source, tmp_path / "whole.jsonl")
    out = tmp_path / "out.jsonl"
    killed = run_program(PROGRAM, str(source), str(out), "4")
    assert killed.returncode == -signal.SIGKILL
    assert not out.exists()
    again = run_program(PROGRAM, str(source), str(out), "0")
    assert again.returncode == 0, again.stderr
    shards = -(-source.stat().st_size // 2000)
    assert int(again.stdout) <= shards - 3
    for ours, theirs in zip(side_files(out), side_files(tmp_path / "whole.jsonl"), strict=True):
        assert ours.exists() == theirs.exists()
        assert not ours.exists() or ours.read_bytes() == theirs.read_bytes()
    assert whole.kept == 30


def test_shards_of_other_settings_are_not_used(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [make_row(number) for number in range(40)])
    out = tmp_path / "out.jsonl"
    assert run_program(PROGRAM, str(source), str(out), "3").returncode == -signal.SIGKILL
    counts = run(source, out, lambda rows: [Outcome(row) for row in rows], key="other")
    assert counts.kept == 40
    assert "seen" not in read_lines(out)[0]


def test_a_stage_that_was_done_is_not_done_again_until_something_has_changed(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [make_row(number) for number in range(4)])
    out = tmp_path / "out.jsonl"
    keys: list[str] = []

    def work(key: str) -> Counts:
        keys.append(key)
        return run(source, out, key=key)

    first = run_stage("even", [source], out, {"by": 2}, work)
    assert run_stage("even", [source], out, {"by": 2}, work) == first
    assert len(keys) == 1
    run_stage("even", [source], out, {"by": 3}, work)
    out.write_bytes(out.read_bytes() + b"{}\n")
    run_stage("even", [source], out, {"by": 3}, work)
    write_lines(source, [make_row(number) for number in range(6)])
    last = run_stage("even", [source], out, {"by": 3}, work)
    assert len(keys) == 4
    assert len({*keys}) == 3
    assert last.counts.kept == 3
    manifest = read_manifest(out)
    assert manifest is not None
    assert [one.name for one in manifest.outputs] == ["out.jsonl", "out_removed.jsonl"]
    assert len(manifest.inputs[0].xxh3_128) == 32
    assert manifest.versions["program"]


def test_an_output_that_is_not_sound_gets_no_manifest(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [make_row(1)])
    out = tmp_path / "out.jsonl"

    def write_twice(_key: str) -> Counts:
        write_lines(out, [make_row(1), make_row(1)])
        return Counts(2, 2)

    with pytest.raises(DatasetError, match="line 2"):
        run_stage("twice", [source], out, {}, write_twice)
    assert read_manifest(out) is None
    write_lines(out, [make_row(1)])
    with pytest.raises(DatasetError, match="not 2"):
        check_rows(out, "few", Counts(2, 2))
    with pytest.raises(DatasetError, match="do not add up"):
        check_rows(out, "sum", Counts(3, 1))


def test_a_kill_while_the_shards_are_put_away_does_no_harm(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [make_row(number) for number in range(40)])
    out = tmp_path / "out.jsonl"

    def stop_at_last(rows: Any) -> list[Outcome]:
        if any(row["id"] == 39 for row in rows):
            raise KeyboardInterrupt
        return take_even(rows)

    for kind in ("kept", "removed", "facts"):
        with pytest.raises(KeyboardInterrupt):
            run(source, out, stop_at_last)
        next(iter(sorted(out.with_name("out.jsonl.shards").glob(f"*.{kind}")))).unlink()
        assert run(source, out).kept == 20
        assert [row["id"] for row in read_lines(out)] == list(range(0, 40, 2))
        assert not out.with_name("out.jsonl.shards").exists()
