"""Single keys, read from a pseudo-terminal in this process."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from typing import TextIO

import pytest

from src.cli.browser.keys import Keys
from src.cli.console import Console
from src.cli.prompts import EndOfInputError

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("a pseudo-terminal is needed", allow_module_level=True)

import pty
import termios


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """What a person types into, and what the program reads from."""
    master, slave = pty.openpty()
    with os.fdopen(slave, "r", encoding="utf-8") as stdin:
        yield master, stdin
    os.close(master)


def keys_for(stdin: TextIO) -> Keys:
    out = io.StringIO()
    return Keys(stdin, Console(out, out, width=80))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("n", "n"),
        ("?", "?"),
        (" ", " "),
        ("\x1b[C", "right"),
        ("\x1bOD", "left"),
        ("\x1b[5~", "page up"),
        ("\x1b[6~", "page down"),
        ("\x1b[F", "end"),
        ("\x1b", ""),
        ("\x1b[24~", ""),
        ("ｎ", "n"),
        ("窯", "窯"),
    ],
)
def test_a_key_has_one_name_however_many_bytes_the_terminal_sends(
    terminal: tuple[int, TextIO], typed: str, key: str
) -> None:
    master, stdin = terminal
    keys = keys_for(stdin)
    with keys.open():
        os.write(master, typed.encode())
        assert keys.read() == key


def test_keys_are_not_shown_and_lines_are_typed_as_ever_in_between(terminal: tuple[int, TextIO]) -> None:
    master, stdin = terminal

    def shows() -> bool:
        return bool(termios.tcgetattr(stdin.fileno())[3] & termios.ECHO)

    keys = keys_for(stdin)
    assert shows()
    with keys.open():
        assert not shows()
        with keys.closed():
            assert shows()
        assert not shows()
    assert shows()
    with keys.open():
        os.write(master, b"\x04")
        with pytest.raises(EndOfInputError):
            keys.read()


def test_without_a_terminal_the_first_letter_of_a_line_counts() -> None:
    keys = keys_for(io.StringIO("drop\n\n  q\n \n"))
    with keys.open(), keys.closed():
        assert [keys.read() for _ in range(4)] == ["d", "n", "q", " "]
        with pytest.raises(EndOfInputError):
            keys.read()
