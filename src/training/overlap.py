"""Rows that are both trained on and measured with: a figure over them says nothing about new ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from src.training.settings import Row
from src.utils.similarity.shingles import tokenize

_MIN_QUESTION_TOKENS: Final = 4
"""A shorter opening ("Hello") says nothing about what follows."""


def count_shared(trained: Sequence[Row], held_out: Sequence[Row]) -> int:
    """How many of ``held_out`` begin with a question that a row of ``trained`` begins with, or say the same as one
    throughout; case and punctuation apart."""
    if not held_out:
        return 0
    known = {mark for row in trained for mark in _marks(row)}
    return sum(any(mark in known for mark in _marks(row)) for row in held_out)


def _marks(row: Row) -> Iterator[tuple[str, ...]]:
    said = [(turn.get("role"), turn.get("content") or "") for turn in row["messages"]]
    question = tokenize(next((str(text) for role, text in said if role == "user"), ""))
    if len(question) >= _MIN_QUESTION_TOKENS:
        yield ("question", *question)
    everything = tokenize("\n".join(str(text) for role, text in said if role != "system"))
    if everything:
        yield ("row", *everything)
