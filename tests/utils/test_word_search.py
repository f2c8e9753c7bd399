"""Many words are found in one pass, wherever one of them begins."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from src.utils.word_search import WordSearch


def test_every_word_is_found_where_it_begins_be_it_within_another() -> None:
    search = WordSearch(["sk-", "sk-ant-", "ant", "key"])

    assert search.places("sk-ant-1 and sk-2") == {"sk-": [0, 13], "ant": [3], "sk-ant-": [0]}


def test_a_text_without_any_of_the_words_gives_nothing() -> None:
    assert WordSearch(["key", "token"]).places("") == {}
    assert WordSearch(["key", "token"]).places("a to ken Key") == {}


def test_places_are_characters_whatever_stands_before() -> None:
    search = WordSearch(["ключ", "s."])

    assert search.places("\U0001f600 é ключ s.") == {"ключ": [4], "s.": [9]}


def test_half_a_character_shifts_no_place() -> None:
    assert WordSearch(["key"]).places("\ud83d key \udc00 key") == {"key": [2, 8]}


@given(st.lists(st.text("abs.", min_size=1, max_size=4), min_size=1), st.text("abs.é\ud800"))
def test_it_finds_what_looking_for_each_word_finds(words: list[str], text: str) -> None:
    expected = {
        word: [place for place in range(len(text)) if text.startswith(word, place)] for word in words if word in text
    }

    assert WordSearch(words).places(text) == expected
