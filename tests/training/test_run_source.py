"""What a run was made with is read from its files, and its own held-out rows are what it is measured on."""

from __future__ import annotations

import shutil
from argparse import Namespace
from io import StringIO
from pathlib import Path
from typing import Any

import orjson

from src.cli.actions.evaluate import _held_out
from src.cli.console import Console
from src.cli.session import Session
from src.core.workspace import Workspace
from src.training.checkpoints import run_facts
from src.training.run_source import read_source
from src.training.settings import TrainSettings

ROOT = Path(__file__).parents[2]
ROWS = [{"messages": [{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Hello!"}]}]
OTHERS = [{"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Because."}]}]


def write(path: Path, rows: list[Any]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def make_run(folder: Path, held_out: list[Any], **report: str) -> Path:
    (folder / "train_report.json").write_bytes(orjson.dumps(report))
    (folder / "run.json").write_bytes(orjson.dumps(run_facts(TrainSettings(), ROWS, held_out)))
    return folder


def test_names_and_digests_are_read_and_what_is_missing_is_empty(tmp_path: Path) -> None:
    assert read_source(tmp_path) == ("", "", "", "")
    found = read_source(make_run(tmp_path, OTHERS, dataset="mine", held_out_from="rows.jsonl"))
    assert (found.dataset, found.held_out_from) == ("mine", "rows.jsonl")
    assert found.held_these_out(OTHERS)
    assert not found.held_these_out(ROWS)
    assert not found.held_these_out(())
    assert not found.held_nothing_out


def chosen(folder: Path, run: Path, example: Path) -> tuple[tuple[Any, ...], str]:
    shutil.copy(ROOT / "config.yaml", folder / "config.yaml")
    screen = StringIO()
    session = Session(Workspace(folder), Console(screen, screen))
    rows, source = _held_out(Namespace(dataset=None, held_out=None), session, run, example)
    assert ("Perplexity is measured on" in screen.getvalue()) == bool(rows)
    return rows, source


def test_the_rows_that_the_run_names_are_taken(tmp_path: Path) -> None:
    own = write(tmp_path / "own.jsonl", OTHERS)
    example = write(tmp_path / "example.jsonl", ROWS)
    rows, source = chosen(tmp_path, make_run(tmp_path, OTHERS, held_out_from=str(own)), example)
    assert [row["messages"] for row in rows] == [OTHERS[0]["messages"]]
    assert source.endswith("own.jsonl")


def test_an_older_run_is_measured_on_the_example_only_if_it_held_out_just_these_rows(tmp_path: Path) -> None:
    example = write(tmp_path / "example.jsonl", OTHERS)
    assert chosen(tmp_path, make_run(tmp_path, OTHERS), example)[0]
    assert chosen(tmp_path, make_run(tmp_path, ROWS), example) == ((), "")
    assert chosen(tmp_path, make_run(tmp_path, []), example) == ((), "")


def test_a_dataset_that_is_gone_leaves_perplexity_unmeasured(tmp_path: Path) -> None:
    example = write(tmp_path / "example.jsonl", ROWS)
    run = make_run(tmp_path, OTHERS, dataset="gone.jsonl")
    assert chosen(tmp_path, run, example) == ((), "")


def test_the_file_beside_the_rows_of_a_run_is_found_by_the_name_of_its_dataset(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", ROWS)
    write(tmp_path / "validation.jsonl", OTHERS)
    run = make_run(tmp_path, OTHERS, dataset=str(tmp_path / "train.jsonl"))
    rows, source = chosen(tmp_path, run, tmp_path / "none.jsonl")
    assert len(rows) == 1
    assert source.startswith("train: ")
