"""Which text does a question lead to?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.generation.answer_first.embedder import load_embedder
from src.generation.answer_first.retrieval import Bm25

TEXTS = ("The ferry leaves at noon.", "The mill grinds barley.", "The ferry carries barley.")


def test_a_question_leads_to_the_text_with_its_rare_words() -> None:
    index = Bm25(TEXTS)
    assert index.leads_to("When does the ferry leave?", 0)
    assert index.leads_to("What does the mill grind?", 1)
    assert not index.leads_to("What does the mill grind?", 2)


def test_a_question_that_fits_two_texts_leads_to_none() -> None:
    index = Bm25(("The bell is old.", "The bell is loud."))
    assert not index.leads_to("What is the bell?", 0)
    assert not index.leads_to("What is the bell?", 1)


def test_a_question_without_common_words_leads_nowhere() -> None:
    assert Bm25(TEXTS).scores("Why is snow white?") == {}
    assert not Bm25(TEXTS).leads_to("Why is snow white?", 0)
    assert not Bm25(()).leads_to("Why?", 0)


@given(st.lists(st.text(alphabet="abc xyz", max_size=20), max_size=6), st.text(alphabet="abc xyz", max_size=20))
def test_at_most_one_text_is_led_to_and_scores_are_positive(texts: list[str], query: str) -> None:
    index = Bm25(texts)
    assert sum(index.leads_to(query, number) for number in range(len(texts))) <= 1
    assert all(score > 0 for score in index.scores(query).values())


def test_sentence_vectors_are_close_for_close_meanings() -> None:
    embedder = load_embedder()
    if embedder is None:
        pytest.skip("requirements-embed.txt is not installed")
    near = embedder.cosine("When does the ferry leave?", "The ferry leaves at noon.")
    far = embedder.cosine("When does the ferry leave?", "The mill grinds barley.")
    assert near > 0.6 > far
