"""Questions: every wrong answer is named and asked again, and there is always a way back and out."""

from __future__ import annotations

import io
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.cli.console import Console
from src.cli.prompts import (
    MAX_ANSWER,
    AnswerError,
    BackRequestedError,
    EndOfInputError,
    Prompter,
    parse_choice,
    parse_ratio,
    parse_size,
    parse_whole,
    parse_yes_no,
)


def prompter(typed: str) -> Prompter:
    out = io.StringIO()
    return Prompter(io.StringIO(typed), Console(out, out, width=80))


def shown(asker: Prompter) -> str:
    assert isinstance(asker.console.out, io.StringIO)
    return asker.console.out.getvalue()


def test_choice_takes_the_default_on_an_empty_answer_and_shows_it_in_brackets() -> None:
    asker = prompter("\n")
    assert asker.choose("Mode", ["create", "identify"], default=1) == 1
    assert "Mode (1-2, b = back) [2]: " in shown(asker)


def test_choice_asks_again_and_says_why() -> None:
    asker = prompter("0\n3\n-1\nsecond\n1.5\n2\n")
    assert asker.choose("Mode", ["create", "identify"]) == 1
    text = shown(asker)
    assert "There is no 0: type a number from 1 to 2." in text
    assert "There is no 3" in text
    assert "There is no -1" in text
    assert "'second' is not a number" in text
    assert "'1.5' is not a whole number" in text


def test_choice_takes_the_first_word_of_an_option() -> None:
    assert prompter("Identify\n").choose("Mode", ["create    new ones", "identify  old ones"]) == 1


def test_a_mistyped_name_is_answered_with_the_one_that_was_meant() -> None:
    for typed, said in (("dataset_siz", " Did you mean dataset_size?"), ("42x", ""), ("elsewhere", "")):
        with pytest.raises(AnswerError) as caught:
            parse_choice(typed, 2, ["mode", "dataset_size"])
        assert str(caught.value) == f"'{typed}' is not a number: type a number from 1 to 2, in digits.{said}"


def test_name_that_two_options_share_is_none() -> None:
    with pytest.raises(AnswerError, match="is not a number"):
        parse_choice("edit", 2, ["edit", "edit"])


def test_option_with_several_lines_is_indented_below_its_number() -> None:
    asker = prompter("1\n")
    asker.choose("Which", ["first\nits remark"])
    assert "  1. first\n     its remark\n" in shown(asker)


def test_b_goes_back_wherever_it_is_typed() -> None:
    for ask in (
        lambda asker: asker.choose("Which", ["one"]),
        lambda asker: asker.yes_no("Sure", default=True),
        lambda asker: asker.text("Name", str),
        lambda asker: asker.paragraph("Say"),
    ):
        with pytest.raises(BackRequestedError):
            ask(prompter("B\n"))


def test_end_of_input_is_an_exception_of_its_own() -> None:
    with pytest.raises(EndOfInputError):
        prompter("").yes_no("Sure", default=True)
    with pytest.raises(EndOfInputError):
        prompter("a line\n").paragraph("Say")


def test_yes_and_no_in_words_and_letters() -> None:
    assert prompter("YES\n").yes_no("Sure", default=False)
    assert not prompter("n\n").yes_no("Sure", default=True)
    assert not prompter("\n").yes_no("Sure", default=False)
    asker = prompter("maybe\ny\n")
    assert asker.yes_no("Sure", default=False)
    assert "'maybe' is neither yes nor no" in shown(asker)


def test_paragraph_ends_with_an_empty_line_and_needs_one_that_is_not() -> None:
    asker = prompter("\nfirst\nsecond\n\nrest\n")
    assert asker.paragraph("Say") == "first\nsecond"
    assert "Nothing was typed" in shown(asker)


def test_answers_from_a_file_are_shown_on_the_screen() -> None:
    asker = prompter("2\n")
    asker.choose("Which", ["one", "two"])
    assert "[1]: 2\n" in shown(asker)


def test_over_long_line_is_one_answer() -> None:
    asker = prompter("x" * (3 * MAX_ANSWER) + "\ny\n")
    assert asker.yes_no("Sure", default=False)
    assert shown(asker).count("neither yes nor no") == 1


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("0", "too small"),
        ("-1", "too small"),
        ("many", "is not a number"),
        ("ten", "is not a number"),
        ("10^9", "is not a number"),
        ("5.5", "not a whole number"),
        ("9" * 5000, "far too large"),
        ("", "Nothing was typed"),
        ("5\u00b2", "is not a number"),
        ("\u00bd", "is not a number"),
        ("\u2162", "is not a number"),
    ],
)
def test_size_says_what_is_wrong(typed: str, reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        parse_size(typed)


def test_large_size_is_a_size() -> None:
    assert parse_size("1000000000") == 10**9


@pytest.mark.parametrize("typed", ["10,000", "10 000", "10_000", "10'000", "10\u202f000"])
def test_size_may_stand_in_groups_of_three(typed: str) -> None:
    assert parse_size(typed) == 10_000


@pytest.mark.parametrize("typed", ["２４", "\u0662\u0664", "\u096a\u0968"[::-1], "　２４　", "＋２４"])
def test_size_may_stand_in_the_digits_of_any_script(typed: str) -> None:
    assert parse_size(typed) == 24


def test_other_keyboards_answer_every_question() -> None:
    assert parse_choice("２", 3) == 1
    assert parse_yes_no("ｙ")
    assert parse_ratio("０．８") == parse_ratio("\u0660\u066b\u0668") == 0.8
    assert parse_ratio("８５－１５") == parse_ratio("\u0668\u0665\u066a") == 0.85
    assert parse_size("\u0661\u0660\u066c\u0660\u0660\u0660") == 10_000
    with pytest.raises(BackRequestedError):
        prompter("ｂ\n").yes_no("Sure", default=True)


@pytest.mark.parametrize("typed", ["1,00", "1,000 000", "10,0000", "1.000"])
def test_other_groups_are_no_size(typed: str) -> None:
    with pytest.raises(AnswerError, match="number"):
        parse_size(typed)


@pytest.mark.parametrize(
    ("typed", "ratio"),
    [("0.85", 0.85), ("85-15", 0.85), ("85 / 15", 0.85), ("85 15", 0.85), ("85%", 0.85), ("0,5", 0.5), ("99-1", 0.99)],
)
def test_ratio_in_the_usual_ways(typed: str, ratio: float) -> None:
    assert parse_ratio(typed) == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("0", "nothing for training"),
        ("1", "nothing for validation"),
        ("1.5", "outside of 0 to 1"),
        ("-0.2", "outside of 0 to 1"),
        ("nan", "outside of 0 to 1"),
        ("100-0", "nothing for validation"),
        ("80-30", "make 110, not 100"),
        ("most", "is not a ratio"),
        ("", "is not a ratio"),
    ],
)
def test_ratio_says_what_is_wrong(typed: str, reason: str) -> None:
    with pytest.raises(AnswerError, match=reason):
        parse_ratio(typed)


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_keys_pressed_while_the_program_was_busy_answer_nothing() -> None:
    import pty

    keyboard, terminal = pty.openpty()

    class Screen(io.StringIO):
        """A person answers when the question stands there."""

        def write(self, text: str) -> int:
            if text.endswith("]: "):
                os.write(keyboard, b"2\n")
            return super().write(text)

    screen = Screen()
    with os.fdopen(terminal, encoding="utf-8") as stdin:
        asker = Prompter(stdin, Console(screen, screen, width=80))
        os.write(keyboard, b"1\n")
        assert asker.choose("Which", ["one", "two"]) == 0  # typed ahead of a question: an answer
        assert asker.choose("Which", ["one", "two"]) == 1
        os.write(keyboard, b"1\n1\n")
        asker.console.was_busy = True
        assert asker.choose("Which", ["one", "two"], default=1) == 1
        assert not asker.console.was_busy
    os.close(keyboard)


def test_lines_of_a_script_all_count_however_long_the_work_takes() -> None:
    asker = prompter("1\n2\n")
    for index in (0, 1):
        asker.console.was_busy = True
        assert asker.choose("Which", ["one", "two"]) == index


@given(st.text(max_size=60))
def test_no_answer_breaks_a_parser(typed: str) -> None:
    for parse in (parse_size, parse_ratio, parse_yes_no, parse_whole, lambda text: parse_choice(text, 5)):
        try:
            parse(typed)
        except AnswerError as error:
            assert str(error)


@given(st.floats(min_value=0.001, max_value=0.999))
def test_every_share_between_0_and_1_is_a_ratio(share: float) -> None:
    assert parse_ratio(repr(share)) == share
