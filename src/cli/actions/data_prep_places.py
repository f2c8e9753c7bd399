"""What the commands of data preparation check before they begin: numbers, and where they write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from src.cli.session import Session
from src.core.errors import UsageError
from src.core.jsonl import read_rows
from src.core.workspace import PROGRAM_ROOT


def check_share(option: str, value: float, example: str, *, may_be_one: bool = True) -> None:
    """Raises UsageError for what is not above 0 and up to 1."""
    if not (0 < value < 1 or (may_be_one and value == 1)):
        raise UsageError(f"{option} lies above 0 and {'not above' if may_be_one else 'below'} 1.", fix=example)


def check_written(sources: Sequence[Path], written: Sequence[Path]) -> None:
    """Raises UsageError, before anything is read, where a file cannot be written or would take the place of an
    input."""
    for path in written:
        if path.is_dir():
            raise UsageError(f"{path} is a folder.", fix="Name a file in it, as in train.clean.jsonl.")
    taken = {path.resolve() for path in sources} & {path.resolve() for path in written}
    if taken:
        raise UsageError(f"{sorted(taken)[0]} would be read and written.", fix="Give the output another name.")


def check_rejects(path: Path) -> None:
    """Raises UsageError where a file of rejects would take the place of something else: behind ``--rejects`` an input
    is easily taken for its name."""
    if path.is_file():
        first = next(read_rows(path), None)
        if first and "reason" not in (first.value or {}):
            raise UsageError(
                f"--rejects {path} is there already and holds no rejects.",
                fix="Name another file, or put --rejects behind the inputs.",
            )


def project_root(session: Session) -> Path:
    """Where ``data`` lies: the folder of the workspace where that is one to work in, the present folder where it has
    a ``data``, else that of the program, whose scripts may be called from anywhere."""
    if session.workspace.config_file.is_file():
        return session.workspace.root
    here = Path.cwd()
    return here if (here / "data").is_dir() else PROGRAM_ROOT
