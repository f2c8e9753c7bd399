"""Rows of messages, as they are sent to models and trained on: JSON lines or an array."""

from __future__ import annotations

from typing import Any, Final

from src.data_prep.chat_logs.cleaning import block_texts, clean, join_apart, objects, text_at
from src.data_prep.chat_logs.markup import words_of_person
from src.data_prep.chat_logs.types import Conversation, Mark, Turn

NAME: Final = "openai"

_TEXTS: Final = frozenset({"text", "input_text", "output_text"})
_LISTS: Final = ("messages", "conversation", "conversations")
"""Where rows keep them: the two others in collections of chats of the web."""


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a row of messages."""
    return _messages(record) is not None


def conversation(record: dict[str, Any], name: str) -> Conversation | None:
    """The conversation of a row, which has a ``name`` where it names itself not; None where it is no such row."""
    messages = _messages(record)
    if messages is None:
        return None
    turns = map(_turn, messages)
    identity = text_at(record, "id") or name
    return Conversation(NAME, identity, tuple(turn for turn in turns if turn and turn.text), identity)


def _messages(record: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The messages of a row, of which there may be none; None where it is no such row. A row of preferences ends with
    the better of its answers."""
    asked = record.get("input")
    if isinstance(asked, dict) and isinstance(record.get("preferred_output"), list):
        return [*objects(asked.get("messages")), *objects(record["preferred_output"])]
    lists = (record.get(key) for key in _LISTS)
    found = (one for one in lists if isinstance(one, list) and one and all(map(_is_message, one)))
    return next(found, [] if record.get("messages") == [] else None)


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and "role" in value


def _turn(message: dict[str, Any]) -> Turn | None:
    """None for what systems, developers, tools and functions say."""
    if text_at(message, "role") not in {"user", "assistant"}:
        return None
    text = clean(join_apart(block_texts(message.get("content"), _TEXTS)))
    if message["role"] == "user":
        return Turn("user", words_of_person(text))
    refusal = text_at(message, "refusal")
    mark: Mark = "refused" if refusal else ""
    return Turn("assistant", text or clean(refusal), mark)
