"""Sentences about numbers of things and about files."""

from __future__ import annotations

import pytest

from src.core.wording import counted, is_skipped, of_file


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
