"""The program, killed by SIGKILL while it writes; tests/faults/forks.py gives it ``WHEN ARGUMENT ...``.

WHEN is ``step:N`` (before its n-th step that writes), ``at:PATTERN`` (before the first one in which this regular
expression is found), ``after:SECONDS`` (so long after its first step) or ``count:FILE``, which kills nothing and leaves
in FILE the number of steps and the seconds from the first to the last.
A step is a file of the present folder that is opened to be written, renamed or removed, a folder that is made, or a
statement of SQL.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.utime")
_CONNECT = sqlite3.connect


class Fate:
    """Counts steps, and ends this process at the one that was asked for."""

    def __init__(self, when: str, folder: Path) -> None:
        kind, _, value = when.partition(":")
        self._at = int(value) if kind == "step" else 0
        self._pattern = re.compile(value, re.DOTALL) if kind == "at" else None
        self._after_s = float(value) if kind == "after" else None
        self._folder = str(folder)
        self.counted_in = value if kind == "count" else ""
        self.steps = 0
        self._first = self._last = 0.0

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook (PEP 578)."""
        if event == "open":
            path, mode, flags = arguments
            is_write = bool((flags or 0) & _WRITES) or any(letter in (mode or "") for letter in "wax+")
            if is_write and self._is_ours(path):
                self._step(f"open {os.fsdecode(path)}")
        elif event in _CHANGES and self._is_ours(arguments[0]):
            self._step(" ".join([event, *(str(argument) for argument in arguments)]))

    def connect(self, *arguments: Any, **named: Any) -> sqlite3.Connection:
        """``sqlite3.connect`` whose connection tells of its statements."""
        connection = _CONNECT(*arguments, **named)
        connection.set_trace_callback(self._step)
        return connection

    @property
    def seconds(self) -> float:
        """From the first step to the last one until now."""
        return self._last - self._first

    def _is_ours(self, path: Any) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return os.path.abspath(os.fsdecode(path)).startswith(self._folder)  # noqa: PTH100 - a Path would be slow here

    def _step(self, what: str) -> None:
        self.steps += 1
        self._last = time.perf_counter()
        self._first = self._first or self._last
        if self.steps == self._at or (self._pattern and self._pattern.search(what)):
            _die()
        if self.steps == 1 and self._after_s is not None:
            timer = threading.Timer(self._after_s, _die)
            timer.daemon = True
            timer.start()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    """Run the program with ``sys.argv`` under its fate; returns its exit code."""
    fate = Fate(sys.argv[1], Path.cwd())
    from src.main import main as run

    sqlite3.connect = fate.connect  # type: ignore[assignment]
    sys.addaudithook(fate.watch)
    try:
        return run(sys.argv[2:])
    finally:
        counts, target = f"{fate.steps} {fate.seconds}", fate.counted_in
        if target:
            Path(target).write_text(counts, encoding="ascii")
