"""The commands that a document shows, and what it says they print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROGRAM = ".venv/bin/python -m src.main"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SKIPPED = "..."


class Step(NamedTuple):
    """A block of commands and the lines that must stand in what they print, in any order."""

    lines: tuple[str, ...]
    prints: tuple[str, ...]


def steps_of(path: Path) -> list[Step]:
    """The blocks of a document that are commands (no word behind the fence), each with the ```text block behind it."""
    steps: list[Step] = []
    for kind, content in _FENCE.findall(path.read_text(encoding="utf-8")):
        lines = tuple(line for line in content.splitlines() if line.strip())
        if kind == "":
            steps.append(Step(lines, ()))
        elif kind == "text":
            steps[-1] = Step(steps[-1].lines, tuple(line.strip() for line in lines if line.strip() != _SKIPPED))
    return steps


def commands_in(path: Path) -> Iterator[list[str]]:
    """The arguments of every call of the program in the command blocks of a document, comments left out."""
    for kind, content in _FENCE.findall(path.read_text(encoding="utf-8")):
        if kind in {"", "bash", "sh"}:
            for line in content.splitlines():
                if line.startswith(PROGRAM):
                    yield arguments_of(line)


def arguments_of(line: str) -> list[str]:
    """What stands behind the program."""
    words = shlex.split(line, comments=True)
    return words[len(PROGRAM.split()) :]
