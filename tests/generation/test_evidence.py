"""Words that a model cites, found in the text that it cites them from."""

from __future__ import annotations

import pytest

from src.generation.evidence import find_cited

TEXT = (
    "The  kiln\u2019s door \u2013 of steel \u2013 opens\nonly after two days."
    "\n\nIts lid weighs 40 kg; cafe\u0301 noir, \ufb01red."
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("the kiln's DOOR", ["The  kiln\u2019s door"]),
        ("door - of steel - opens only", ["door \u2013 of steel \u2013 opens\nonly"]),
        ("two days. Its lid", ["two days.\n\nIts lid"]),
        ("caf\u00e9 noir", ["cafe\u0301 noir"]),
        ("fired", ["\ufb01red"]),
        ("The kiln's [...] steel", ["The  kiln\u2019s", "steel"]),
        ("Its lid \u2026 40 kg\u2026", ["Its lid", "40 kg"]),
    ],
)
def test_words_are_found_as_they_stand_there(words: str, found: list[str]) -> None:
    assert [TEXT[start:end] for start, end in find_cited(words, TEXT)] == found


@pytest.mark.parametrize("words", ["", " ", ".", "\u2026", "door of wood", "Its lid ... 50 kg", "steel door"])
def test_other_words_are_not_found(words: str) -> None:
    assert find_cited(words, TEXT) == ()
