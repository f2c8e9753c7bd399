"""Many regular expressions as one: found where one of them is, in ASCII and in other letters."""

from __future__ import annotations

import re

import pytest

from src.data_prep.chat_logs.expressions import any_of

EXPRESSIONS = [r"\bfails?\b", r"\b(?-i:E\d{3})\b", r"^\s+at \w", r"なぜ", r"\bhängt\b"]


@pytest.mark.parametrize(
    "text",
    ["It FAILS again", "fail", "see E123.", "x\n  at main", "それはなぜ?", "es hängt", "(fail)"],
)
def test_what_one_expression_finds_is_found(text: str) -> None:
    assert any_of(EXPRESSIONS, re.IGNORECASE | re.MULTILINE).search(text)


@pytest.mark.parametrize("text", ["failsafe", "e123", "look at main", "unfail", "abhängte", ""])
def test_what_none_of_them_finds_is_not(text: str) -> None:
    assert not any_of(EXPRESSIONS, re.IGNORECASE | re.MULTILINE).search(text)


def test_list_without_borders_of_words_finds_nothing_in_an_empty_text() -> None:
    assert not any_of([r"^sorry"]).search("")
    assert any_of([r"^sorry"]).search("Sorry, no")
