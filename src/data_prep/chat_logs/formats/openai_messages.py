"""Rows of messages, as they are sent to models and trained on: JSON lines or an array."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import block_texts, clean, join_apart, objects, text_at, without_thoughts
from src.data_prep.chat_logs.types import Conversation, Mark, Turn

NAME: Final = "openai"

_TEXTS: Final = frozenset({"text", "input_text", "output_text"})


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a row of messages."""
    messages = record.get("messages")
    return isinstance(messages, list) and all(isinstance(one, dict) and "role" in one for one in messages)


def read(records: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """One conversation a row."""
    for number, record in enumerate(records, start=1):
        if is_record(record):
            turns = (_turn(message) for message in objects(record["messages"]))
            identity = text_at(record, "id") or f"{name}:{number}"
            yield Conversation(NAME, identity, tuple(turn for turn in turns if turn and turn.text), identity)


def _turn(message: dict[str, Any]) -> Turn | None:
    """None for what systems, developers, tools and functions say."""
    if text_at(message, "role") not in {"user", "assistant"}:
        return None
    text = clean(join_apart(block_texts(message.get("content"), _TEXTS)))
    if message["role"] == "user":
        return Turn("user", text)
    refusal = text_at(message, "refusal")
    mark: Mark = "refused" if refusal else ""
    return Turn("assistant", without_thoughts(text) or clean(refusal), mark)
