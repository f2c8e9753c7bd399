"""The menu on a real pseudo-terminal: colours, the progress bar, Ctrl-C, end of input, kill and restart."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator

import pytest

from src.core.workspace import Workspace
from tests.cli.driver import PROGRAM, add_documents, bare_environment, run_program, without_colour
from tests.e2e.terminal import Terminal
from tests.patience import PATIENCE_S

PROMPT = "(m = menu): "


@pytest.fixture
def documents(workspace: Workspace) -> Workspace:
    add_documents(workspace)
    return workspace


@pytest.fixture
def terminal(documents: Workspace) -> Iterator[Terminal]:
    with Terminal(documents.root, "menu", "--set", "mode=identify") as opened:
        opened.wait_for(PROMPT)
        yield opened


def test_every_item_can_be_reached_from_the_keyboard(documents: Workspace) -> None:
    with Terminal(documents.root, "menu", "--set", "mode=identify") as terminal:
        terminal.wait_for(PROMPT)
        for typed, shown in (
            ("1.1", "Provider that will train"),
            ("1.2", "Model of Google"),
            ("1.3", "Generation mode"),
            ("1.4", "Number of samples"),
            ("1.5", "Divide into training"),
            ("5.1", "Settings in config.yaml"),
        ):
            terminal.type(f"{typed}\n")
            assert shown in without_colour(terminal.wait_for("]: "))
            terminal.type("b\n")
            terminal.wait_for(PROMPT)
        for typed, shown in (
            ("2.1", "2 files read."),
            ("2.2", "samples proposed"),
            ("2.3", "ready to be saved"),
            ("2.4", "Saved: "),
            ("3.1", "Token counts"),
            ("3.2", "By origin"),
            ("3.3", "Source breakdown"),
            ("4.1", "Written: "),
            ("4.2", "Written: "),
            ("5.2", "Current configuration"),
        ):
            terminal.type(f"{typed}\n")
            assert shown in without_colour(terminal.wait_for(PROMPT))
        terminal.type("6\n")
        assert terminal.leave() == 0
        assert "Goodbye." in terminal.screen


def test_models_and_jobs_can_be_reached_from_the_keyboard(documents: Workspace) -> None:
    with Terminal(documents.root, "menu", "--set", "mode=identify") as terminal:
        terminal.wait_for(PROMPT)
        for typed, shown in (
            ("2", "Saved: "),
            ("11.1\n2", "Claude 3 Haiku"),
            ("11.2\n1", "Writing 7 samples anew"),
            ("11.3\noutput_datasets/my_dataset_train.jsonl\nsharegpt\n", "Written: "),
            ("11.5", "job"),
        ):
            terminal.type(f"{typed}\n")
            assert shown in without_colour(terminal.wait_for(PROMPT))
        terminal.type("11\n")
        terminal.wait_for("Which part")
        terminal.type("b\n6\n")
        assert terminal.leave() == 0


def test_success_is_green_and_errors_are_red(terminal: Terminal) -> None:
    terminal.type("2.4\n")
    assert "\x1b[31merror: There are no validated samples" in terminal.wait_for(PROMPT)
    terminal.type("2.1\n")
    assert "\x1b[32m2 files read." in terminal.wait_for(PROMPT)


def test_no_color_shows_none(documents: Workspace) -> None:
    with Terminal(documents.root, NO_COLOR="1") as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("2.4\n")
        terminal.wait_for(PROMPT)
        assert not re.search(r"\x1b\[\d+m", terminal.screen)
        terminal.type("6\n")
        assert terminal.leave() == 0


def test_progress_bar_is_shown(terminal: Terminal) -> None:
    terminal.type("2\n")
    screen = without_colour(terminal.wait_for("Saved: "))
    assert re.search(r"Collecting samples +\|.*\| \d+/\d+", screen)
    assert all(len(line) <= 80 for line in re.split(r"[\r\n]+", screen))


def test_ctrl_d_leaves_with_0(terminal: Terminal) -> None:
    terminal.type("1.4\n")
    terminal.wait_for("Number of samples")
    terminal.type("\x04")
    assert terminal.leave() == 0
    assert "End of input: goodbye." in terminal.screen


@pytest.mark.parametrize("before", ["", "1\n", "5.1\n"])
def test_ctrl_c_leaves_with_130_and_a_polite_line(terminal: Terminal, before: str) -> None:
    if before:
        terminal.type(before)
        terminal.wait_for("b = back")
    terminal.type("\x03")
    assert terminal.leave() == 130
    assert "interrupted" in terminal.screen
    assert "Traceback" not in terminal.screen


@pytest.mark.parametrize("steps", [("2.1\n",), ("2.1\n", "2.2\n"), ("2.1\n", "2.2\n", "2.3\n"), ("2\n",)])
def test_killed_after_any_step_it_starts_again_cleanly(
    documents: Workspace, terminal: Terminal, steps: tuple[str, ...]
) -> None:
    for step in steps:
        terminal.type(step)
        terminal.wait_for(PROMPT)
    os.killpg(terminal.program.pid, signal.SIGKILL)
    assert terminal.program.wait(timeout=PATIENCE_S) == -signal.SIGKILL
    again = run_program(documents.root, "menu", "--set", "mode=identify", typed="2\n3.1\n6\n")
    assert again.returncode == 0
    assert "Saved: 7 samples" in again.stdout
    assert "error: " not in again.stdout
    with sqlite3.connect(documents.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM datasets WHERE status = 'running'").fetchone() == (0,)
    database.close()


def test_restore_asks_on_a_terminal(documents: Workspace) -> None:
    for name in ("first", "second"):
        made = run_program(documents.root, "generate", "--set", "mode=identify", "--set", f"output_name={name}")
        assert made.returncode == 0, made.stderr
    for answer, code, said in (
        ("n\n", 1, "Nothing was changed."),
        ("\x04", 1, "Nothing was changed."),
        ("y\n", 0, "Restored "),
    ):
        with Terminal(documents.root, "datasets", "restore", "latest") as terminal:
            terminal.wait_for("Restore it (y/n) [n]: ")
            terminal.type(answer)
            assert terminal.leave() == code
            assert "It takes the place of the present database" in terminal.screen
            assert said in terminal.screen


def test_killed_while_saving_settings_the_file_is_whole(documents: Workspace, terminal: Terminal) -> None:
    before = documents.config_file.read_bytes()
    terminal.type("5.1\n4\n77\n")
    terminal.wait_for("Save (y/n, b = back)")
    os.killpg(terminal.program.pid, signal.SIGKILL)
    assert documents.config_file.read_bytes() == before


def test_started_without_any_input_it_leaves_politely(documents: Workspace) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *PROGRAM],
        cwd=documents.root,
        env=bare_environment(documents.root),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("End of input: goodbye.\n")
