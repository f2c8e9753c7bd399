"""Menu 7, typed as a person types it."""

from __future__ import annotations

import pytest

from src.core.workspace import Workspace
from tests.cli.driver import type_into_menu
from tests.curation.making import make_row, read_lines, write_lines


@pytest.fixture(autouse=True)
def _here(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.root)
    write_lines(workspace.root / "in.jsonl", [make_row(number) for number in range(12)])


def test_all_stages_run_from_the_menu(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "7", "9", "in.jsonl", "set.jsonl")
    assert "Validation Status: PASSED" in screen
    assert len(read_lines(workspace.root / "set.jsonl")) == 12


def test_each_part_asks_for_its_files(workspace: Workspace) -> None:
    answers = ["7.2", "in.jsonl", "", "7.3", "in_clean.jsonl", "s.jsonl", "7.4", "s.jsonl", "7.6", "f.jsonl"]
    answers += ["7.5", "f.jsonl", "code=1,creative=1", "b.jsonl", "7.6", "b.jsonl", "7.7", "b.jsonl"]
    answers += ["7.8", "b.jsonl", "release", "7.1", "in.jsonl"]
    screen = type_into_menu(workspace, *answers)
    for said in ("in_clean.jsonl", "mean", "f.jsonl", "Dataset Verification Results", "rows in b_spot_check.csv"):
        assert said in screen
    assert (workspace.root / "release" / "b.jsonl").exists()
    assert (workspace.root / "data" / "curation" / "raw" / "in.jsonl").exists()


def test_a_file_that_is_not_there_is_asked_for_again(workspace: Workspace) -> None:
    (workspace.root / "data").mkdir(exist_ok=True)
    screen = type_into_menu(
        workspace, "7.6", "nothing.jsonl", "data", "in.jsonl", "7.4", "in.jsonl", "many", "b", "7", "9", " "
    )
    assert "There is no file 'nothing.jsonl'" in screen
    assert "'data' is a folder: name a file." in screen
    assert "'many' is no number" in screen
    assert "Total examples: 12" in screen


def test_topics_and_merged_sets_come_from_the_menu_and_teachers_are_shown_first(workspace: Workspace) -> None:
    write_lines(workspace.root / "more.jsonl", [make_row(number) for number in range(20, 24)])
    answers = ["7.10", "in.jsonl", "topics.jsonl", "7.11", "in.jsonl more.jsonl", "merged.jsonl"]
    screen = type_into_menu(workspace, *answers, "7.9", "in.jsonl", "distilled.jsonl", "")
    assert len(read_lines(workspace.root / "merged.jsonl")) == 16
    assert "rows with their topics in topics.jsonl" in screen
    assert "teacher" in screen
    assert not (workspace.root / "distilled.jsonl").exists()
