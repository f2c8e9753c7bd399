"""Drafts for the tests of numbers."""

from __future__ import annotations

from src.core.types import Message
from src.generation.answer_parser import Draft


def draft_of(question: str, answer: str) -> Draft:
    """A draft of one question and one answer."""
    return Draft((Message("user", question), Message("assistant", answer)))
