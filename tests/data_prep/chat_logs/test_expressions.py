"""Many regular expressions as one: found where one of them is, in ASCII and in other letters."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from src.data_prep import chat_logs
from src.data_prep.chat_logs.expressions import Cues, any_of

CUES = Cues.of([r"\bfails?\b", r"\bfaulty\b", r"\b(?:so|too) slow\b", r"\bx?trace\b", r"\b(?-i:E\d{3}|Fault)\b"])
OTHERS = Cues.of([r"(?-i:^[^\S\n]+at \w)", r"なぜ", r"\bhängt\b", r"не (?:видит|слышит)", r"な?い"])


BRACKETS = Cues.of(
    [
        r"\b(?:stop|sto(?:le|re)d?|4\d) now\b",
        r"\b(?:no )?luck\b",
        r"\b(?:a(?:b|c)|x)+z\b",
        r"\b(?:p[(|)]|q\|)r\b",
        r"\b(?:lay)\b",
    ]
)


def are_in(cues: Cues, text: str) -> bool:
    return cues.are_in(text, text.lower())


@pytest.mark.parametrize(
    "text",
    ["It FAILS again", "fail", "see E123.", "(fail)", "Faulty", "a Fault", "TOO slow", "xtrace", "a trace", "é fails"],
)
def test_what_one_expression_finds_is_found(text: str) -> None:
    assert are_in(CUES, text)


@pytest.mark.parametrize("text", ["x\n  at main", "それはなぜ?", "es hängt", "ES HÄNGT", "он НЕ видит", "ない", "い"])
def test_lines_and_other_letters_are_found(text: str) -> None:
    assert are_in(OTHERS, text)


@pytest.mark.parametrize(
    "text", ["failsafe", "e123", "unfail", "fault", "default", "tootoo slow", "extrace", "E12", ""]
)
def test_what_none_of_them_finds_is_not(text: str) -> None:
    assert not are_in(CUES, text)


@pytest.mark.parametrize("text", ["look at main", "x\n  AT main", "x\n\nat main", "abhängte", "не", "видит", "な", ""])
def test_lines_and_other_letters_that_none_finds_are_not(text: str) -> None:
    assert not are_in(OTHERS, text)


@pytest.mark.parametrize(
    "text", ["stop now", "stole now", "stored now", "42 now", "luck", "no luck", "abxacz", "p|r", "p(r", "q|r", "lay"]
)
def test_alternatives_at_the_beginning_are_found(text: str) -> None:
    assert are_in(BRACKETS, text)


@pytest.mark.parametrize("text", ["sto now", "stop", "store", "4 now", "no", "ab", "z", "pr", "q", "la", "layer"])
def test_parts_of_alternatives_are_not(text: str) -> None:
    assert not are_in(BRACKETS, text)


def test_list_without_borders_of_words_finds_nothing_in_an_empty_text() -> None:
    assert not any_of([r"^sorry"]).search("")
    assert any_of([r"^sorry"], re.IGNORECASE).search("Sorry, no")


@pytest.mark.parametrize("name", ["error_signs", "debugging_cues", "explaining_cues", "making_requests", "phrases"])
def test_lists_are_in_small_letters_where_the_case_is_ignored(name: str) -> None:
    text = files(chat_logs).joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    words = [re.sub(r"\\.", "", line) for line in lines if "(?-i:" not in line]
    assert [line for line in words if line != line.lower()] == []


def test_words_whose_case_matters_begin_with_a_capital_letter() -> None:
    text = files(chat_logs).joinpath("data/error_signs.txt").read_text(encoding="utf-8")
    exact = [line for line in text.splitlines() if line.startswith(r"\b(?-i:")]
    assert exact
    assert [line for line in exact if not re.match(r"\\b\(\?-i:(?:\[A-Z\]|\(\?:)?[A-Z\[]", line)] == []
