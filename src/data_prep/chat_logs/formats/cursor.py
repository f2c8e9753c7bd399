"""Chats of Cursor: messages in a database, or in transcripts (lines of JSON, or text in older versions), with what the
editor adds around a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import block_texts, clean, join_apart
from src.data_prep.chat_logs.markup import words_of_person
from src.data_prep.chat_logs.types import Conversation, Turn

NAME: Final = "cursor"

_QUERY: Final = re.compile(r"<user_query>(.*?)(?:</user_query>|\Z)", re.DOTALL)
_FIRST_QUERY: Final = re.compile(r"\ufeff?\s*user:\s*\n(?:<user_info>.*?</user_info>\s*)?<user_query>", re.DOTALL)
_SPEAKER: Final = re.compile(r"(?:\A|(?<=\n\n))\s*(user(?=:[ \t]*\n<)|assistant(?=:[ \t]*\n)):[ \t]*\n")
_ACTION: Final = re.compile(r"^\[(?:Thinking|Tool call|Tool result)\].*\Z", re.DOTALL | re.MULTILINE)
"""Thoughts, calls and results fill the rest of their part: what is said behind them has a part of its own."""
_REDACTED: Final = re.compile(r"[ \t]*\[REDACTED\]")


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a line of a transcript: a role, and a message without one of its own."""
    message = record.get("message")
    return (
        record.get("role") in {"user", "assistant"}
        and isinstance(message, dict)
        and "content" in message
        and "role" not in message
    )


def read_transcript(records: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """The conversation of one transcript."""
    yield from read(({**record["message"], "role": record["role"]} for record in records if is_record(record)), name)


def is_text(head: str) -> bool:
    """Whether a text that begins like this is a transcript: the first query, with its tags, below the word "user"."""
    return _FIRST_QUERY.match(head) is not None


def read_text(text: str, name: str) -> Iterator[Conversation]:
    """The conversation of one transcript that is written as text."""
    parts = _SPEAKER.split(text.removeprefix("\ufeff").replace("\r\n", "\n"))[1:]  # [role, text, role, text, ...]
    said = (
        {"role": role, "content": _ACTION.sub("", content)} for role, content in zip(*[iter(parts)] * 2, strict=True)
    )
    yield from read(said, name)


def read(messages: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """The conversation of one database, whose messages come in their order."""
    turns = (_turn(message) for message in messages)
    yield Conversation(NAME, name, tuple(turn for turn in turns if turn and turn.text), name)


def _turn(message: dict[str, Any]) -> Turn | None:
    """None for systems, tools and context."""
    text = join_apart(block_texts(message.get("content"), ("text",)))
    text = clean(_REDACTED.sub("", text))
    if message.get("role") == "assistant":
        return Turn("assistant", text)
    if message.get("role") != "user":
        return None
    queries = _QUERY.findall(text)
    if queries:
        return Turn("user", "\n\n".join(query.strip() for query in queries))
    return None if "<user_info>" in text else Turn("user", words_of_person(text))
