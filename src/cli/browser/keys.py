"""Single keys from a terminal; where there is none, the first letter of a typed line."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Final, TextIO

from src.cli.console import Console
from src.cli.prompts import EndOfInputError, plain

_ESCAPED: Final = {
    "[A": "up",
    "[B": "down",
    "[C": "right",
    "[D": "left",
    "[5~": "page up",
    "[6~": "page down",
    "[H": "home",
    "[F": "end",
    "[1~": "home",
    "[4~": "end",
    "OA": "up",
    "OB": "down",
    "OC": "right",
    "OD": "left",
}
_ON_WINDOWS: Final = {
    "H": "up",
    "P": "down",
    "M": "right",
    "K": "left",
    "I": "page up",
    "Q": "page down",
    "G": "home",
    "O": "end",
}
_ESCAPE_S: Final = 0.05
"""Seconds in which the rest of a key comes that a terminal sends as several characters."""
_SIGNAL_CHECK_S: Final = 0.3


class Keys:
    """Reads keys from ``stdin``. On a terminal a key counts when it is pressed; else a line has to be ended."""

    def __init__(self, stdin: TextIO, console: Console) -> None:
        self._stdin = stdin
        self._console = console
        self.is_terminal = stdin.isatty()
        self._lines = self._modes()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Within it, what is typed is not shown, and each key arrives by itself."""
        before = self._modes()
        self._raw()
        try:
            yield
        finally:
            self._restore(before)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Within it, lines are typed as ever."""
        single = self._modes()
        self._restore(self._lines)
        try:
            yield
        finally:
            self._restore(single)

    def read(self) -> str:
        """The next key: a character, or the name of a special one ("page down"). Raises EndOfInputError."""
        if not self.is_terminal:
            self._console.ask("> ")
            line = self._stdin.readline()
            if not line:
                raise EndOfInputError
            self._console.say(line.strip()[:1])
            return plain(line.strip())[:1] or (" " if line.strip("\r\n") else "n")
        if sys.platform == "win32":
            return _read_windows_key()
        return self._read_key()

    def _modes(self) -> list[Any] | None:
        """How the terminal reads now; None where there is nothing to set."""
        if sys.platform == "win32" or not self.is_terminal:
            return None
        import termios

        return termios.tcgetattr(self._stdin.fileno())

    def _raw(self) -> None:
        if sys.platform != "win32" and self.is_terminal:
            import tty

            tty.setcbreak(self._stdin.fileno())

    def _restore(self, modes: list[Any] | None) -> None:
        if sys.platform != "win32" and modes is not None:
            import termios

            with suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self._stdin.fileno(), termios.TCSADRAIN, modes)

    def _read_key(self) -> str:
        # in short pieces: a Ctrl-C in the moment before a read begins is noticed only between two of them
        while not self._is_waiting(_SIGNAL_CHECK_S):
            pass
        typed = self._character()
        if typed != "\x1b":
            return plain(typed)
        rest = ""
        while self._is_waiting(_ESCAPE_S) and len(rest) < max(map(len, _ESCAPED)):
            rest += self._character()
            if rest in _ESCAPED or (rest[-1].isalpha() and rest != "O") or rest.endswith("~"):
                break
        return _ESCAPED.get(rest, "")

    def _is_waiting(self, seconds: float) -> bool:
        return bool(select.select([self._stdin], [], [], seconds)[0])

    def _character(self) -> str:
        number = self._stdin.fileno()
        read = os.read(number, 1)
        if not read or read == b"\x04":
            raise EndOfInputError
        while len(read) < 4:
            try:
                return read.decode("utf-8")
            except UnicodeDecodeError:
                read += os.read(number, 1)
        return ""


def _read_windows_key() -> str:
    msvcrt: Any = import_module("msvcrt")  # only there
    typed: str = msvcrt.getwch()
    if typed == "\x03":
        raise KeyboardInterrupt
    if typed in {"\x1a", "\x04"}:
        raise EndOfInputError
    return _ON_WINDOWS.get(msvcrt.getwch(), "") if typed in {"\0", "\xe0"} else plain(typed)
