"""The screen: lines in colour where that is wanted, safe for any terminal; the only reader of NO_COLOR and EDITOR."""

from __future__ import annotations

import io
import os
import sys
import textwrap
import unicodedata
from collections.abc import Iterable
from typing import Literal, TextIO

Tone = Literal["plain", "heading", "success", "warning", "error", "quiet"]

MAX_WIDTH = 100
"""Columns beyond which lines are hard to read, however wide the terminal is."""
DEFAULT_WIDTH = 80
DEFAULT_HEIGHT = 24
_HARMLESS = frozenset("\n\t\u200c\u200d")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co"})


class Console:
    """Writes lines to ``out`` and remarks (warnings, errors, progress) to ``err``; in the menu both are the screen.

    ``colour`` None means: where the stream is a terminal and NO_COLOR is not set.
    """

    def __init__(self, out: TextIO, err: TextIO, *, colour: bool | None = None, width: int | None = None) -> None:
        self.out = out
        self.err = err
        self._width = width
        self._colour = colour
        self._has_no_reader = False
        self.was_busy = False
        """True from the end of a long piece of work to the next question: what was typed meanwhile is no answer."""

    @property
    def width(self) -> int:
        """Columns to fill now: the person may make the window wider or narrower."""
        return self._width or terminal_width()

    @property
    def height(self) -> int:
        """Lines that fit on the screen now."""
        return terminal_height()

    def clear(self) -> None:
        """Begin a new screen, where the terminal can; elsewhere an empty line parts what follows."""
        if self.out.isatty() and os.environ.get("TERM") != "dumb":
            self.out.write("\x1b[H\x1b[2J")
        else:
            self.say()

    def say(self, text: str = "", tone: Tone = "plain") -> None:
        """Write one line, or several, to ``out``."""
        self._write(self.out, text, tone)

    def item(self, label: str, text: str) -> None:
        """``text`` behind ``label``, its further lines below its first one."""
        hang = " " * len(label)
        self._write(self.out, label + text.replace("\n", f"\n{hang}"), "plain", hang=hang)

    def lines(self, lines: Iterable[str], tone: Tone = "plain") -> None:
        """Write each of ``lines``."""
        for line in lines:
            self.say(line, tone)

    def heading(self, text: str) -> None:
        """A line that begins a part of the screen, with an empty line before it."""
        self.say()
        self.say(text, "heading")

    def success(self, text: str) -> None:
        """Something was done."""
        self._write(self.out, text, "success")

    def warning(self, text: str) -> None:
        """Something that the person should know; the work goes on."""
        self._write(self.err, f"warning: {text}", "warning")

    def error(self, message: str, fix: str = "") -> None:
        """Something failed: the cause, and on a second line what to do now."""
        self._write(self.err, f"error: {message}", "error")
        if fix:
            self._write(self.err, f"fix: {fix}", "warning")

    def remark(self, text: str) -> None:
        """One line about the work that goes on, beside the results."""
        self._write(self.err, text, "quiet")

    def ask(self, text: str) -> None:
        """Write a question and leave the cursor behind it. Raises BrokenPipeError when nobody reads any more: no answer
        can be meant for a question that was not seen."""
        if self._has_no_reader:
            raise BrokenPipeError
        shown = self._fold(self.out, text, "")
        # what is typed stands behind the space that folding takes away
        end = text[len(text.rstrip()) :]
        painted = paint(shown.rstrip() + end, "heading", coloured=self._is_coloured(self.out))
        self.out.write(encodable(painted, self.out))
        self.out.flush()

    def _fold(self, stream: TextIO, text: str, hang: str) -> str:
        """On a terminal: lines that are longer than its width, cut between words; ``hang`` begins what follows."""
        width = self.width
        if not stream.isatty() or len(text) <= width:
            return text
        return "\n".join(
            textwrap.fill(line, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
            if len(line) > width
            else line
            for line in text.split("\n")
        )

    def _write(self, stream: TextIO, text: str, tone: Tone, *, hang: str = "  ") -> None:
        coloured = self._is_coloured(stream)
        shown = self._fold(stream, safe(text), hang)
        try:
            stream.write(encodable(paint(shown, tone, coloured=coloured), stream) + "\n")
            stream.flush()
        except BrokenPipeError:
            # whoever read has left, as `head` does: the work that is told about goes on
            swallow(stream)
            self._has_no_reader = self._has_no_reader or stream is self.out

    def _is_coloured(self, stream: TextIO) -> bool:
        return wants_colour(stream) if self._colour is None else self._colour


def swallow(stream: TextIO) -> None:
    """Let ``stream`` take everything from now on and show nothing of it: nobody reads it any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def wants_colour(stream: TextIO) -> bool:
    """True for a terminal, unless NO_COLOR says no (https://no-color.org) or the terminal cannot."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, tone: Tone, *, coloured: bool) -> str:
    """``text`` between the colour codes of ``tone``."""
    if not coloured or tone == "plain" or not text:
        return text
    from colorama import Fore, Style

    codes: dict[Tone, str] = {
        "heading": Style.BRIGHT,
        "success": Fore.GREEN,
        "warning": Fore.YELLOW,
        "error": Fore.RED,
        "quiet": Style.DIM,
    }
    return f"{codes[tone]}{text}{Style.RESET_ALL}"


def safe(text: str) -> str:
    """``text`` without what could steer a terminal (escape sequences, right-to-left overrides): "?" stands there.

    Texts come from documents, file names and model answers.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "?" if unicodedata.category(character) in _UNSAFE and character not in _HARMLESS else character
        for character in text
    )


def encodable(text: str, stream: TextIO) -> str:
    """``text`` as far as ``stream`` can show it; "?" stands for every other character."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def terminal_width() -> int:
    """Columns of the terminal, at most MAX_WIDTH; 80 where it is not known."""
    try:
        columns = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns
    except (OSError, ValueError):
        columns = DEFAULT_WIDTH
    return max(40, min(columns or DEFAULT_WIDTH, MAX_WIDTH))


def terminal_height() -> int:
    """Lines of the terminal; 24 where it is not known."""
    try:
        lines = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).lines
    except (OSError, ValueError):
        lines = 0
    return max(10, lines or DEFAULT_HEIGHT)


def editor_command() -> str:
    """The person's editor, as VISUAL or EDITOR name it; "" where they do not."""
    return os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()


def buffer_output() -> None:
    """Give standard output a buffer where it has none (``python -u``), emptied at every line: the system may take a
    part of a text only, and what a full disk did not take would be lost without a word."""
    raw = getattr(sys.stdout, "buffer", None)
    if isinstance(raw, io.RawIOBase):
        encoding, errors = sys.stdout.encoding, sys.stdout.errors
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, errors=errors, line_buffering=True)


def prepare_streams() -> None:
    """Let the standard streams take any character, whatever the terminal's encoding, and colours on Windows."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=errors)
    if sys.platform == "win32":
        from colorama import just_fix_windows_console

        just_fix_windows_console()
