"""The list of things to do is ticked by what was found, never by hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.training.findings import Evaluation
from src.training.measured import judge_run, measure_run
from src.training.report import before_after
from src.training.settings import SEED_PRESET
from src.training.todo import Ground, tick, tick_file
from tests.training.answers import run

FOLDER = Path(__file__).parents[2] / "tiny_sft"


@cache
def ground(folder: Path = FOLDER) -> Ground:
    return check_ground(folder, run())


def check_ground(folder: Path, *runs: Evaluation) -> Ground:
    measured = [measure_run(one) for one in runs]
    judged = judge_run(measured[0], Path("none"), folder)
    return Ground(measured, judged, folder, before_after(measured[0], judged))


def is_ticked(check: str, where: Ground) -> bool:
    return tick(f"- [ ] Item <!-- {check} -->", where) == f"- [x] Item <!-- {check} -->"


@pytest.mark.parametrize(
    "check",
    [
        "folder",
        "file dataset.jsonl",
        "trained",
        "device",
        "base",
        "adapter",
        "rows refusal 2",
        "rows trained",
        "data form",
        "data faults",
        "extended",
        "seed lora",
        "asked japan dogs-brief",
        "answered",
        "section Lessons",
        "readme Install",
        "readme #",
        "pins",
        "verdict loss",
        "explains memory runs out",
    ],
)
def test_what_is_done_is_ticked(check: str) -> None:
    assert is_ticked(check, ground())


@pytest.mark.parametrize(
    "check",
    [
        "file nothing.txt",
        "rows refusal 3",
        "asked nobody",
        "section Prices",
        "readme Prices",
        "verdict refusals",
        "seed run",
        "open",
        "explains earthquakes",
    ],
)
def test_what_is_not_done_is_not(check: str) -> None:
    assert not is_ticked(check, ground())


@pytest.mark.parametrize("check", ["extended", "data form", "readme Install", "explains memory", "pins"])
def test_what_cannot_be_read_is_not_done(check: str, tmp_path: Path) -> None:
    assert not is_ticked(check, ground(tmp_path))


def test_a_run_with_the_settings_of_the_project_counts_wherever_it_stands() -> None:
    prescribed = run("seed")
    prescribed = replace(prescribed, report=replace(prescribed.report, settings=SEED_PRESET))
    assert is_ticked("seed run", check_ground(FOLDER, run(), prescribed))


def test_a_tick_without_ground_is_taken_away() -> None:
    assert tick("- [x] Item <!-- file nothing.txt -->", ground()) == "- [ ] Item <!-- file nothing.txt -->"


def test_lines_without_a_check_stay_as_they_are() -> None:
    assert tick("- [ ] By hand\n- text", ground()) == "- [ ] By hand\n- text"


def test_an_unknown_check_is_named() -> None:
    with pytest.raises(ConfigError, match="no check is called 'magic'"):
        tick("- [ ] Item <!-- magic -->", ground())


def test_every_item_of_the_shipped_list_has_a_check_that_is_known(tmp_path: Path) -> None:
    todo = shutil.copy(FOLDER / "todo.md", tmp_path / "todo.md")
    found = ground(tmp_path)
    (tmp_path / "before_after.md").write_text(found.report, encoding="utf-8")
    done = tick_file(Path(todo), found.runs, found.judged, tmp_path / "before_after.md")
    text = Path(todo).read_text(encoding="utf-8")
    assert done.all == text.count("- [ ]") + text.count("- [x]")
    assert 0 < done.ticked < done.all
