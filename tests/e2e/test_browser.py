"""Going through samples in a real terminal: a key counts when it is pressed, and the terminal is left as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.library.editing.drafts import Drafts
from tests.cli.editing_stock import NAME, answers, stock
from tests.e2e.terminal import Terminal

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("a pseudo-terminal is needed", allow_module_level=True)

import termios


def test_keys_count_when_they_are_pressed_and_the_editor_gets_the_terminal(
    workspace: Workspace, tmp_path: Path
) -> None:
    stock(workspace)
    editor = tmp_path / "editor.sh"
    # an editor reads lines from the terminal, and shows what is typed
    editor.write_text('#!/bin/sh\nprintf "word: "; read word; sed -i "s/clay/$word/" "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    with Terminal(workspace.root, "edit", NAME, "--yes", EDITOR=str(editor)) as terminal:
        terminal.wait_for("q leave")
        terminal.type("\x1b[C")  # right
        assert "pots  2 of 7" in terminal.wait_for("q leave")
        terminal.type("g")
        terminal.wait_for("Go to number")
        terminal.type("1\r")
        assert "What is a kiln?" in terminal.wait_for("q leave")
        terminal.type("f")
        terminal.wait_for("word: ")
        terminal.type("porcelain\r")
        assert "pots  2 of 7" in terminal.wait_for("q leave")
        terminal.type("d")
        assert "pots  3 of 7" in terminal.wait_for("q leave")
        terminal.type("w")
        terminal.wait_for("This is version 2")
        assert terminal.leave() == 0
    assert answers(workspace)[0] == "An oven that fires porcelain."
    assert len(answers(workspace)) == 6


def test_ctrl_c_leaves_with_all_decisions_kept_and_the_terminal_as_it_was(workspace: Workspace) -> None:
    stock(workspace)
    with Terminal(workspace.root, "edit", NAME, NO_COLOR="1") as terminal:
        terminal.wait_for("q leave")
        terminal.type("dd")
        terminal.wait_for("pots  3 of 7")
        terminal.type("\x03")
        terminal.wait_for("2 changes noted")
        assert termios.tcgetattr(terminal._master)[3] & termios.ECHO
        assert terminal.leave() == 0
        assert "\x1b[1m" not in terminal.screen
    assert Drafts(workspace.drafts_of(NAME)).counts == {"drop": 2}
