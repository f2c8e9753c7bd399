"""Questions to a person: asked again until the answer can be used, with the reason why it could not."""

from __future__ import annotations

import re
import select
import sys
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TextIO, TypeVar

from src.cli.console import Console
from src.core.errors import ConfigError
from src.core.key_shapes import hide_keys

_T = TypeVar("_T")

BACK = "b"
MAX_ANSWER = 20_000
"""Characters of one typed line: more is a pasted file."""
_MAX_DIGITS = 18
_ECHOED = 200
_SIGNAL_CHECK_S = 0.3
_NUMBER_MARKS = str.maketrans({"\u066a": "%", "\u066b": ".", "\u066c": ","})
_PAIR = re.compile(r"([0-9]{1,3})(?:\s*[-/:]\s*|\s+)([0-9]{1,3})")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([,_' \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*")


class BackRequestedError(Exception):
    """The person typed ``b``: go back one step."""


class EndOfInputError(Exception):
    """There is nothing more to read: the terminal was closed, or a script has ended."""


class QuestionInterrupt(KeyboardInterrupt):
    """Ctrl-C while a question waits for its answer: no work is under way."""


class AnswerError(ValueError):
    """An answer that cannot be used; the text says why."""


class Prompter:
    """Asks on a console and reads the answers from ``stdin``, one line each."""

    def __init__(self, stdin: TextIO, console: Console) -> None:
        self.stdin = stdin
        self.console = console

    def ask(self, question: str, parse: Callable[[str], _T], *, default: str = "", back: bool = True) -> _T:
        """The first answer that ``parse`` takes. An empty answer means ``default``, shown in brackets.

        ``parse`` raises AnswerError, or ConfigError, to have the question asked again. Raises BackRequestedError for
        ``b`` and EndOfInputError at the end of input, QuestionInterrupt for Ctrl-C.
        """
        shown = f" [{hide_keys(default)}]" if default else ""
        while True:
            answer = self._answer(f"{question}{shown}: ").strip() or default
            if back and _is_back(answer):
                raise BackRequestedError
            try:
                return parse(answer)
            except ConfigError as error:
                self.console.error(str(error), error.fix)
            except AnswerError as reason:
                self.console.say(str(reason), "warning")

    def choose(self, question: str, options: Sequence[str], *, default: int = 0) -> int:
        """The index of one of ``options``, which are shown with numbers from 1. An option may have several lines; its
        first word is its name, which can be typed instead of the number."""
        digits = len(str(len(options)))
        for number, option in enumerate(options, start=1):
            self.console.item(f"  {number:>{digits}}. ", option)
        return self.pick_number(question, len(options), [option.split()[0] for option in options], default=default)

    def pick_number(self, question: str, count: int, names: Sequence[str] = (), *, default: int = 0) -> int:
        """The index behind a number from 1 to ``count``, or behind one of ``names``; the options have been shown."""
        return self.ask(
            f"{question} (1-{count}, b = back)", lambda text: parse_choice(text, count, names), default=str(default + 1)
        )

    def yes_no(self, question: str, *, default: bool) -> bool:
        """Yes or no."""
        return self.ask(f"{question} (y/n, b = back)", parse_yes_no, default="y" if default else "n")

    def text(self, question: str, check: Callable[[str], _T], *, default: str = "") -> _T:
        """A line of text that ``check`` takes."""
        return self.ask(f"{question} (b = back)", check, default=default)

    def paragraph(self, question: str) -> str:
        """Lines up to an empty one, joined; asked again when there are none."""
        self.console.say(f"{question} (end with an empty line, b = back)")
        while True:
            lines: list[str] = []
            while True:
                line = self._answer("> ").rstrip()
                if _is_back(line.strip()) and not lines:
                    raise BackRequestedError
                if not line.strip():
                    break
                lines.append(line)
            if lines:
                return "\n".join(lines)
            self.console.say("Nothing was typed: write at least one line.", "warning")

    def _answer(self, question: str) -> str:
        try:
            self._put(question)
            return self._read_line()
        except KeyboardInterrupt as interrupt:
            raise QuestionInterrupt from interrupt

    def _put(self, question: str) -> None:
        """Show ``question``; keys that were pressed while the program was busy do not answer it."""
        if self.console.was_busy:
            self.console.was_busy = False
            _drop_typed(self.stdin)
        self.console.ask(question)

    def _read_line(self) -> str:
        if self.stdin.isatty():
            _wait_for_line(self.stdin)
        line = self.stdin.readline(MAX_ANSWER)
        if not line:
            self.console.say()
            raise EndOfInputError
        rest = line
        while len(rest) == MAX_ANSWER and not rest.endswith("\n"):
            # the rest of an over-long line is not the answer to the next question
            rest = self.stdin.readline(MAX_ANSWER)
        if not self.stdin.isatty():
            # a terminal shows what is typed; where answers come from a file, the screen should read the same
            self.console.say(line.strip()[:_ECHOED])
        return line


def _wait_for_line(terminal: TextIO) -> None:
    """Return when a line has been typed. A Ctrl-C in the moment before a read begins is noticed only when the read
    ends (Python sees signals between its steps), so wait in short pieces first."""
    if sys.platform == "win32":
        return  # select cannot watch a console there, and Ctrl-C ends the read
    while not select.select([terminal], [], [], _SIGNAL_CHECK_S)[0]:
        pass


def _drop_typed(stdin: TextIO) -> None:
    """Forget what was typed into a terminal and not read yet; a file or a pipe keeps its lines."""
    if not stdin.isatty():
        return
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
    else:
        import termios

        with suppress(termios.error):  # the terminal is gone: reading from it says so
            termios.tcflush(stdin, termios.TCIFLUSH)


def plain(text: str) -> str:
    """``text`` as a Latin keyboard types it: full-width characters narrow, the digits of every script as 0 to 9, Arabic
    marks of numbers as points, commas and percent signs."""
    return "".join(_plain_character(character) for character in text).translate(_NUMBER_MARKS)


def _plain_character(character: str) -> str:
    if unicodedata.decomposition(character).startswith("<wide>"):
        character = unicodedata.normalize("NFKC", character)
    return str(unicodedata.decimal(character, character))


def _is_back(answer: str) -> bool:
    return plain(answer).lower() == BACK


def parse_choice(text: str, count: int, names: Sequence[str] = ()) -> int:
    """The index (from 0) behind a number from 1 to ``count``, or behind one of ``names`` if no other has the same.
    Raises AnswerError."""
    typed = [name.casefold() == text.strip().casefold() for name in names]
    if typed.count(True) == 1:
        return typed.index(True)
    try:
        number = parse_whole(text, f"a number from 1 to {count}")
    except AnswerError as error:
        raise AnswerError(f"{error}{'' if any(typed) else _closest(text, names)}") from None
    if not 1 <= number <= count:
        raise AnswerError(f"There is no {number}: type a number from 1 to {count}.")
    return number - 1


def _closest(text: str, names: Sequence[str]) -> str:
    """The name that was meant, as a question; nothing where none is like ``text``."""
    from difflib import get_close_matches

    close = get_close_matches(text.strip(), names, n=1, cutoff=0.7)
    return f" Did you mean {close[0]}?" if close else ""


def parse_yes_no(text: str) -> bool:
    """Raises AnswerError for anything but yes and no."""
    answer = plain(text).strip().lower()
    if answer in {"y", "yes"}:
        return True
    if answer in {"n", "no"}:
        return False
    raise AnswerError(f"{_quoted(text)} is neither yes nor no: type y or n.")


def parse_whole(text: str, wanted: str = "a whole number") -> int:
    """A whole number in digits, which may stand in groups of three as in ``10,000``. Raises AnswerError with the
    reason."""
    answer = plain(text).strip()
    if _GROUPED.fullmatch(answer):
        answer = re.sub("[^0-9]", "", answer)
    if not answer:
        raise AnswerError(f"Nothing was typed: type {wanted}.")
    if re.fullmatch(r"[+-]?[0-9]+", answer):
        if len(answer) > _MAX_DIGITS:
            raise AnswerError(f"{_quoted(answer)} is far too large.")
        return int(answer)
    if re.fullmatch(r"[+-]?[0-9]*[.,][0-9]+", answer):
        raise AnswerError(f"{_quoted(answer)} is not a whole number: type {wanted}.")
    raise AnswerError(f"{_quoted(answer)} is not a number: type {wanted}, in digits.")


def parse_size(text: str) -> int:
    """A number of samples, 1 or more. Raises AnswerError."""
    number = parse_whole(text, "a number of samples")
    if number < 1:
        raise AnswerError(f"{number} is too small: a dataset has at least 1 sample.")
    return number


def parse_ratio(text: str) -> float:
    """The training share, between 0 and 1, from ``0.85``, ``85-15`` or ``85 %``. Raises AnswerError."""
    typed = plain(text).strip()
    pair = _PAIR.fullmatch(typed)
    answer = re.sub(r"\s", "", typed)
    if pair:
        train, validation = int(pair[1]), int(pair[2])
        if train + validation != 100:
            raise AnswerError(f"{train} and {validation} make {train + validation}, not 100.")
        return _inside(train / 100, typed)
    percent = answer.endswith("%")
    try:
        value = float(answer.rstrip("%").replace(",", "."))
    except ValueError:
        raise AnswerError(
            f"{_quoted(text)} is not a ratio: write a share such as 0.85, or a pair such as 85-15."
        ) from None
    return _inside(value / 100 if percent else value, answer)


def _inside(ratio: float, typed: str) -> float:
    if 0 < ratio < 1:
        return ratio
    if ratio == 0:
        raise AnswerError(f"{typed} leaves nothing for training: the share must be above 0.")
    if ratio == 1:
        raise AnswerError(f"{typed} leaves nothing for validation: switch the split off instead, or stay below 1.")
    raise AnswerError(f"{typed} is outside of 0 to 1: write a share such as 0.85, or a pair such as 85-15.")


def _quoted(text: str) -> str:
    shown = text.strip()
    return repr(shown if len(shown) <= 40 else f"{shown[:37]}...")
