"""Finds existing conversations in a document, verbatim: every turn is a set of spans of the text."""

from __future__ import annotations

from src.core.types import SourceDocument
from src.utils.detection.long_texts.parts import detect_in_parts, join_parts
from src.utils.detection.types import Conversation, Detection, Turn

__all__ = [
    "Conversation",
    "Detection",
    "Turn",
    "detect_conversations",
    "detect_in_parts",
    "join_parts",
    "turn_text",
]


def detect_conversations(document: SourceDocument, *, min_turns: int = 2) -> Detection:
    """All conversations of ``document`` with ``min_turns`` turns or more, in the order of the text, and why."""
    return join_parts(list(detect_in_parts(document, min_turns=min_turns)))


def turn_text(text: str, turn: Turn) -> str:
    """The content of a turn: its pieces of ``text`` (the document's text) joined by line breaks, nothing else."""
    return "\n".join(text[piece.start : piece.end] for piece in turn.pieces)
