"""Sentence vectors find what is asked again in other words; the answers decide whether it is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from src.generation.answer_first.embedder import Embedder
from src.generation.diversity import Admitted


class Meanings:
    """Vectors by the last word: questions that end alike mean the same."""

    def embed(self, texts: Sequence[str]) -> list[Any]:
        return [self._vector(text.rstrip("?").split()[-1]) for text in texts]

    def _vector(self, word: str) -> Any:
        vector = np.zeros(8)
        vector[sum(map(ord, word)) % 8] = 1.0
        return vector


def admitted() -> Admitted:
    found = Admitted(cast("Embedder", Meanings()))
    found.add("How does one delete a valve?", "Turn the brass screw with a spanner until it opens.", "p1")
    return found


def test_same_meaning_with_the_same_answer_is_a_duplicate_wherever_it_stands() -> None:
    verdict = admitted().find("Which way can I remove this valve?", "Turn its brass screw with the spanner.", "p2")
    assert (verdict.keep, verdict.reason) == (False, "near_duplicate_question")
    assert not admitted().find("Which way can I remove this valve?").keep


def test_same_meaning_with_another_answer_is_another_question() -> None:
    assert admitted().find("Which way can I remove this valve?", "Only a plumber may drain the boiler.", "p2").keep
    assert admitted().find("Where do gulls breed?", "Turn its brass screw with the spanner.", "p2").keep


def test_vectors_of_many_questions_grow_with_them() -> None:
    found = admitted()
    for number in range(200):
        found.add(f"Question about part{number} of thing{number}?", f"Answer{number} is told.", f"q{number}")
    assert not found.find("Which way can I remove this valve?", "Turn its brass screw with the spanner.", "p2").keep
