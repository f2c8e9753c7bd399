"""Drives the program as a person does: typed answers into the menu, arguments into a subprocess."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from src.cli.console import Console
from src.cli.menu import run_menu
from src.cli.session import Session
from src.core.workspace import Workspace
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "src.main"]

CHAT = """Support log of a lighthouse museum

User: When does the lantern room open?
Assistant: The lantern room opens at nine, but only when the wind is below forty knots.
User: And how many steps lead up to it?
Assistant: There are one hundred and twelve steps, with two landings to rest on.
"""
FAQ = """question,answer
May I bring a dog to the museum?,Dogs are welcome in the garden but not in the tower.
Where can I leave my bicycle?,There is a covered rack behind the keeper's cottage.
How old is the lens?,The lens was cut in 1874 and has been turning ever since.
Is there a guided tour on Sundays?,The Sunday tour starts at eleven at the foot of the tower.
What does a family ticket cost?,A family ticket costs twelve crowns and covers two adults and three children.
Can I hear the fog horn?,The fog horn sounds at noon on the first Saturday of each month.
"""


def add_documents(workspace: Workspace) -> None:
    """Two small documents with conversations."""
    folder = workspace.root / "input_files"
    (folder / "lighthouse_chat.txt").write_text(CHAT, encoding="utf-8")
    (folder / "museum_faq.csv").write_text(FAQ, encoding="utf-8")


def make_session(workspace: Workspace, *, overrides: tuple[str, ...] = (), width: int = 80) -> Session:
    """A session whose screen is kept; read it with ``screen_of``."""
    out = io.StringIO()
    return Session(workspace, Console(out, out, width=width), overrides)


def screen_of(session: Session) -> str:
    """Everything that was shown."""
    assert isinstance(session.console.out, io.StringIO)
    return session.console.out.getvalue()


def type_into_menu(workspace: Workspace, *answers: str, overrides: tuple[str, ...] = ()) -> str:
    """Run the menu with one typed line per answer, then the end of input; returns the screen."""
    session = make_session(workspace, overrides=overrides)
    run_menu(session, io.StringIO("".join(f"{answer}\n" for answer in answers)))
    return screen_of(session)


def run_program(root: Path, *arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """``python -m src.main`` in ``root`` as a program of its own."""
    return run_command(root, *PROGRAM, *arguments, typed=typed, **environment)


def run_command(root: Path, *command: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """``command`` in ``root``, with nothing of the developer's own around it."""
    return subprocess.run(
        command,
        cwd=root,
        env=bare_environment(root, **environment),
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE_S,
        check=False,
    )


def bare_environment(root: Path, **more: str) -> dict[str, str]:
    """What a program needs to start, without anything of the developer's own."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "COVERAGE", "SYSTEMROOT"))}
    return {**kept, "HOME": str(root), "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **more}


def unmeasured_environment(root: Path, **more: str) -> dict[str, str]:
    """As ``bare_environment``, without the measuring of coverage: for what it would disturb, or slow down too much."""
    return {name: value for name, value in bare_environment(root, **more).items() if not name.startswith("COVERAGE")}


def without_colour(text: str) -> str:
    """``text`` without escape sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def dataset_with(workspace: Workspace, **changes: Any) -> str:
    """Make a dataset in mode identify from the two documents; returns its name."""
    from src.core.config import load_config, with_values
    from src.core.secrets import load_secrets
    from src.pipeline import Parts, build_dataset

    add_documents(workspace)
    settings = {
        "mode": "identify",
        "dataset_size": 20,
        **{key.replace("__", "."): value for key, value in changes.items()},
    }
    config = with_values(load_config(workspace.config_file), settings)
    return build_dataset(config, Parts(workspace, load_secrets(workspace.env_file, {}))).record.name
