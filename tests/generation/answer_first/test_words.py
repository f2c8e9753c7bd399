"""Words for comparing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.generation.answer_first.words import content_stems, find_names, load_rules, split_words, stem


@pytest.mark.parametrize(
    "forms",
    [
        ("stop", "stops", "stopped", "stopping"),
        ("dry", "dries", "dried"),
        ("bake", "bakes", "baked", "baking"),
        ("kiln", "kilns", "kiln's"),
        ("glass", "glasses"),
        ("bus", "bus"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_function_words_are_left_out_of_the_content() -> None:
    assert content_stems("The kiln is hot because of the fire") == ["kiln", "hot", stem("fire")]


def test_east_asian_writing_gives_pairs() -> None:
    assert split_words("窯は熱い") == ["窯は", "は熱", "熱い"]


def test_names_have_a_capital_inside_of_sentences_more_often_than_not() -> None:
    texts = [
        "Near Ardenport, see ardenport.example. Clay comes from Ardenport. In Ardenport, clay is dug by hand.",
        "Support is given, as Ivo said.",
    ]
    assert find_names(texts) == {"Ardenport", "Ivo"}


def test_rules_keep_their_order() -> None:
    assert next(key for key, _ in load_rules("en_units")) == "How long"


@given(st.text())
def test_any_text_can_be_split(text: str) -> None:
    assert all(word == word.casefold() or word for word in split_words(text))
