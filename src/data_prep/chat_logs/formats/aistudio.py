"""Prompts of Google AI Studio, as it saves them to Drive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import clean, join_blocks, objects, text_at
from src.data_prep.chat_logs.types import Conversation, Mark, Turn

NAME: Final = "aistudio"

_REFUSALS: Final = frozenset({"SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII"})
_WHOLE: Final = frozenset({"", "STOP", "FINISH_REASON_UNSPECIFIED"})


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a prompt of AI Studio."""
    return isinstance(record.get("chunkedPrompt"), dict)


def read(records: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """One conversation a record, named after its file: AI Studio gives it no id."""
    for record in records:
        if is_record(record):
            turns = map(_turn, objects(record["chunkedPrompt"].get("chunks")))
            yield Conversation(NAME, name, tuple(turn for turn in turns if turn and turn.text), name)


def _turn(chunk: dict[str, Any]) -> Turn | None:
    """None for thoughts, and for files, images and code that was run, which hold no text."""
    if chunk.get("isThought") or text_at(chunk, "role") not in {"user", "model"}:
        return None
    text = clean(text_at(chunk, "text") or join_blocks(_parts(chunk)))
    if chunk["role"] == "user":
        return Turn("user", text)
    reason = text_at(chunk, "finishReason").upper()
    mark: Mark = "refused" if reason in _REFUSALS else "" if reason in _WHOLE else "abandoned"
    return Turn("assistant", text, mark)


def _parts(chunk: dict[str, Any]) -> list[str | None]:
    return [None if part.get("thought") else text_at(part, "text") for part in objects(chunk.get("parts"))]
