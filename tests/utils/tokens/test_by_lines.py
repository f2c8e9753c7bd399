"""Counting line by line gives what counting the whole text gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.utils.token_counter import TokenCounter
from src.utils.tokens.by_lines import load_line_counter
from src.utils.tokens.vocabularies import has_vocabulary

VOCABULARIES = ("llama3", "qwen2.5", "qwen3.5")
BREAKS = st.text(st.sampled_from("ab1 \t\n\r\f\x0b\x1c\x85\u2028\u00a0/;){'s.#\u0301é鐘\u3042\u200d"), max_size=60)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@given(text=st.one_of(BREAKS, st.text(max_size=100)))
def test_lines_have_the_tokens_of_their_text(vocabulary: str, text: str) -> None:
    if not has_vocabulary(vocabulary):
        pytest.skip("needs make setup-tokenizers")
    count = load_line_counter(vocabulary)
    assert count is not None
    assert count(text) == TokenCounter(vocabulary).count_text(text).tokens


def test_vocabularies_whose_words_go_on_behind_a_break_have_none() -> None:
    assert load_line_counter("o200k_base") is None
    assert load_line_counter("mistral-nemo") is None
