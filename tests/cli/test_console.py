"""The screen: colours where they are wanted, and nothing that a terminal cannot or must not take."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.cli.console import Console, encodable, paint, safe, terminal_width, wants_colour


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def test_success_is_green_warning_yellow_error_red_on_a_terminal(terminal: Terminal) -> None:
    console = Console(terminal, terminal, width=80)
    console.success("done")
    console.warning("careful")
    console.error("broken", "mend it")
    text = terminal.getvalue()
    assert "\x1b[32mdone\x1b[0m" in text
    assert "\x1b[33mwarning: careful\x1b[0m" in text
    assert "\x1b[31merror: broken\x1b[0m\n\x1b[33mfix: mend it\x1b[0m" in text


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_environment_switches_colours_off(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert not wants_colour(terminal)
    Console(terminal, terminal).success("done")
    assert terminal.getvalue() == "done\n"


def test_long_lines_are_cut_between_words_on_a_terminal_only(terminal: Terminal) -> None:
    text = "a sentence of several words that is longer than the screen is wide"
    Console(terminal, terminal, colour=False, width=40).say(text)
    assert terminal.getvalue() == "a sentence of several words that is\n  longer than the screen is wide\n"
    out = io.StringIO()
    Console(out, out, width=40).say(text)
    assert out.getvalue() == f"{text}\n"


def test_long_option_goes_on_below_its_text(terminal: Terminal) -> None:
    Console(terminal, terminal, colour=False, width=40).item("  2. ", "one long option that does not fit\nand more")
    assert terminal.getvalue() == "  2. one long option that does not fit\n     and more\n"


def test_long_question_is_folded_and_keeps_the_space_before_the_answer(terminal: Terminal) -> None:
    Console(terminal, terminal, colour=False, width=40).ask("A question that takes more than forty columns: ")
    assert terminal.getvalue() == "A question that takes more than forty\ncolumns: "


def test_empty_no_color_does_not_count(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert wants_colour(terminal)


def test_a_file_gets_no_colours() -> None:
    out = io.StringIO()
    Console(out, out).success("done")
    assert out.getvalue() == "done\n"


def test_colours_can_be_forced_and_forbidden(terminal: Terminal) -> None:
    Console(terminal, terminal, colour=False).error("broken")
    assert "\x1b" not in terminal.getvalue()
    assert paint("", "error", coloured=True) == ""


def test_warnings_and_errors_go_to_the_second_stream() -> None:
    out, err = io.StringIO(), io.StringIO()
    console = Console(out, err)
    console.say("result")
    console.warning("careful")
    console.error("broken")
    console.remark("going on")
    assert out.getvalue() == "result\n"
    assert err.getvalue() == "warning: careful\nerror: broken\ngoing on\n"


def test_long_warning_is_folded_on_a_terminal_only(terminal: Terminal) -> None:
    words = "word " * 40
    Console(terminal, terminal, colour=False, width=50).warning(words)
    assert all(len(line) <= 50 for line in terminal.getvalue().splitlines())
    out = io.StringIO()
    Console(out, out, width=50).warning(words)
    assert out.getvalue().count("\n") == 1


def test_escape_sequences_of_a_document_do_not_reach_the_terminal() -> None:
    assert safe("a\x1b]0;title\x07b\u202ec") == "a?]0;title?b?c"
    assert safe("two\nlines\tand é 漢") == "two\nlines\tand é 漢"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "utf-8"])
def test_any_text_can_be_written_to_any_terminal(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = Console(stream, stream)
    console.say("naïve 漢字 🐝 \ud800")
    console.ask("größe? ")
    assert raw.getvalue().startswith(b"na")


@given(st.text())
def test_encodable_text_is_encodable(text: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    encodable(text, stream).encode("ascii")


def test_width_is_within_its_bounds() -> None:
    assert 40 <= terminal_width() <= 100
