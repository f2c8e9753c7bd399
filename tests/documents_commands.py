"""The commands that a document shows, and what it says they print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from src.cli.commands import COMMANDS

PROGRAM = ".venv/bin/python -m src.main"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_SCRIPT = re.compile(r"python (scripts/[\w/]+\.py)")
_CALLED = re.compile(r'program\("([\w-]+)"')
_SKIPPED = "..."
_ROOT = Path(__file__).parents[1]


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
    """The arguments of every call of the program, or of one of its scripts, in the command blocks of a document."""
    for line in command_lines(path):
        if line.startswith(PROGRAM):
            yield arguments_of(line)
        elif match := _SCRIPT.match(line):
            yield [_command_of(_ROOT / match[1]), *shlex.split(line[match.end() :], comments=True)]


def calls_of_make(path: Path) -> Iterator[list[str]]:
    """What stands behind every ``make`` in the command blocks of a document: a target, then VARIABLE=value."""
    for line in command_lines(path):
        if line.startswith("make "):
            yield shlex.split(line, comments=True)[1:]


def command_lines(path: Path) -> Iterator[str]:
    """The lines of the command blocks of a document; one that goes on behind a backslash is one line."""
    for kind, content in _FENCE.findall(path.read_text(encoding="utf-8")):
        if kind in {"", "bash", "sh"}:
            yield from content.replace("\\\n", " ").splitlines()


def options_named_in(path: Path) -> Iterator[tuple[str, str]]:
    """Every option that the text of a document names with its command, as in `refine --plan`: command, option."""
    names = {command.name for command in COMMANDS}
    for code in _CODE.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        first, *others = code.removeprefix(PROGRAM).removeprefix("python -m src.main").split()[:9] or [""]
        if first in names:
            yield from ((first, word.partition("=")[0]) for word in others if word.startswith("--"))


def _command_of(script: Path) -> str:
    """The subcommand that a script calls."""
    found = _CALLED.search(script.read_text(encoding="utf-8"))
    assert found, script
    return found[1]


def arguments_of(line: str) -> list[str]:
    """What stands behind the program."""
    words = shlex.split(line, comments=True)
    return words[len(PROGRAM.split()) :]
