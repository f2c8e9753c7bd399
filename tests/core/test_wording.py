"""Sentences about numbers of things and about files."""

from __future__ import annotations

import pytest

from src.core.wording import counted, cut_at_word, dollars, is_skipped, of_file


def test_one_of_a_thing_is_no_plural() -> None:
    assert [counted(number, "request") for number in (0, 1, 2000)] == ["0 requests", "1 request", "2,000 requests"]


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("broken.pdf is damaged.", "in/broken.pdf skipped: it is damaged."),
        ("broken.pdf: no text on page 1.", "in/broken.pdf skipped: no text on page 1."),
        ("broken.pdf line 3 is no valid JSON.", "in/broken.pdf skipped: broken.pdf line 3 is no valid JSON."),
        ("It is empty.", "in/broken.pdf skipped: It is empty."),
        ("broken.pdfs are none.", "in/broken.pdf skipped: broken.pdfs are none."),
    ],
)
def test_a_file_that_is_skipped_is_named_once(cause: str, said: str) -> None:
    assert is_skipped("in/broken.pdf", cause) == said


def test_a_remark_about_a_file_names_it_once() -> None:
    assert (
        of_file("in/a.jsonl", "a.jsonl: no valid JSON, left out: line 2.")
        == "in/a.jsonl: no valid JSON, left out: line 2."
    )
    assert of_file("a.jsonl", "line 2 is cut.") == "a.jsonl: line 2 is cut."


@pytest.mark.parametrize(
    ("usd", "told"),
    [
        (0.0, "$0"),
        (0.00001234, "$0.0000123"),
        (0.00021, "$0.00021"),
        (0.002, "$0.002"),
        (0.0125, "$0.0125"),
        (0.5, "$0.50"),
        (0.25, "$0.25"),
        (0.9999, "$1.00"),
        (1.0, "$1.00"),
        (1234.5, "$1,234.50"),
        (-0.004, "-$0.004"),
    ],
)
def test_an_amount_of_money_never_looks_like_nothing(usd: float, told: str) -> None:
    assert dollars(usd) == told


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("It runs at 121 \N{DEGREE SIGN}C.", 20, "It runs at 121 \N{DEGREE SIGN}C."),
        ("It runs at 121 \N{DEGREE SIGN}C.", 14, "It runs at…"),
        ("It runs at 121 \N{DEGREE SIGN}C.", 15, "It runs at 121…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("A Donaudampfschifffahrt", 10, "A Donauda…"),
        ("窯は二日間かけて冷める", 6, "窯は二日間…"),
    ],
)
def test_a_text_is_cut_behind_a_whole_word_or_number(text: str, most: int, shown: str) -> None:
    assert cut_at_word(text, most) == shown
