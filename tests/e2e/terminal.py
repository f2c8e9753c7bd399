"""A pseudo-terminal with the program behind it: type into it, wait for what it shows."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.cli.driver import PROGRAM, unmeasured_environment, without_colour
from tests.patience import PATIENCE_S

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("a pseudo-terminal is needed", allow_module_level=True)

import fcntl
import pty
import struct
import termios


class Terminal:
    """The program behind a pseudo-terminal of 80 columns: type into it, wait for what it shows."""

    def __init__(self, root: Path, *arguments: str, **environment: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        self.program = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=root,
            # with a fault handler, a program that hangs can be made to say where; not measured, because a Ctrl-C that
            # arrives while coverage holds its lock leaves the program waiting for that lock
            env=unmeasured_environment(root, TERM="xterm", PYTHONFAULTHANDLER="1", **environment),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_own_terminal,  # noqa: PLW1509
        )
        os.close(slave)
        self.screen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.program.kill()
        self.program.wait()
        os.close(self._master)

    def wait_for(self, text: str, seconds: float = PATIENCE_S) -> str:
        """Read until ``text`` is on the screen; returns what came since the last call."""
        seen = ""
        deadline = time.monotonic() + seconds
        while text not in without_colour(seen):
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"{text!r} did not appear after:\n{seen}\n{self._where_it_stands()}")
            try:
                part = os.read(self._master, 65536).decode("utf-8", "replace")
            except OSError:  # Linux says so when the program has closed its side
                part = ""
            if not part:
                raise AssertionError(f"the program ended before {text!r} appeared:\n{seen}")
            seen += part
        self.screen += seen
        return seen

    def _where_it_stands(self) -> str:
        """Ends the program with a signal that makes Python tell what each of its threads was doing."""
        self.program.send_signal(signal.SIGABRT)
        told = ""
        while select.select([self._master], [], [], 10)[0]:
            try:
                part = os.read(self._master, 65536)
            except OSError:
                break
            told += part.decode("utf-8", "replace")
        return told

    def type(self, text: str) -> None:
        """Type keys; ``\\x03`` is Ctrl-C, ``\\x04`` is Ctrl-D."""
        os.write(self._master, text.encode())

    def leave(self, seconds: float = PATIENCE_S) -> int:
        """Read to the end; returns the exit code. A program that stays is aborted, and the test says where it hung."""
        deadline = time.monotonic() + seconds
        hung = False
        while True:
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                assert not hung, f"the program cannot be ended:\n{self.screen}"
                hung, deadline = True, time.monotonic() + 10
                self.program.send_signal(signal.SIGABRT)
                continue
            try:
                part = os.read(self._master, 65536)
            except OSError:
                break
            if not part:
                break
            self.screen += part.decode("utf-8", "replace")
        assert not hung, f"the program did not end:\n{self.screen}"
        return self.program.wait(timeout=PATIENCE_S)


def _own_terminal() -> None:
    """Make the terminal the program's own, so that Ctrl-C typed into it becomes a signal; one that whoever started the
    tests ignores (a shell does so for what it puts into the background) would never arrive."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
