"""Chats of Cursor: messages in a database, or in transcripts (lines of JSON, or text in older versions), with what the
editor adds around a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import block_texts, clean, join_apart
from src.data_prep.chat_logs.markup import words_of_person
from src.data_prep.chat_logs.types import Conversation, Turn

NAME: Final = "cursor"

_QUERY: Final = re.compile(r"<user_query>(.*?)(?:</user_query>|\Z)", re.DOTALL)
_OPENS_QUERY: Final = "<user_query>"
_CLOSES_QUERY: Final = "</user_query>"
_FIRST_QUERY: Final = re.compile(
    rf"\ufeff?\s*+user:\s*+(?:(?!{_OPENS_QUERY})<([a-z_]+)(?:\s[^<>]*)?>(?>.*?</\1>)\s*+)*+{_OPENS_QUERY}", re.DOTALL
)
"""Before a query stand elements of what the editor adds: files, the folder, the system."""
_FENCE: Final = re.compile(r"\s*(`{3,}|~{3,})[^`]*\Z")
_ACTIONS: Final = ("[Thinking]", "[Tool call]", "[Tool result]")
"""What thoughts, calls and results begin with. They fill their part: what is said behind them has one of its own."""
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
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    begins = list(_begins(lines))
    ends = [number for number, _role in begins[1:]] + [len(lines)]
    parts = ((role, "\n".join(lines[begin + 1 : end])) for (begin, role), end in zip(begins, ends, strict=True))
    yield from read(
        ({"role": role, "content": said} for role, said in parts if not said.lstrip().startswith(_ACTIONS)), name
    )


def _begins(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The number of every line at which a part begins, and whose it is. None begins inside a query or a block of code;
    blocks of thoughts and results, which hold pieces of files, do not count."""
    role = closed_by = ""
    is_action = False
    for number, line in enumerate(lines):
        above, below = lines[number - 1] if number else "", lines[number + 1] if number + 1 < len(lines) else ""
        if closed_by:
            closed_by = "" if line.rstrip().endswith(closed_by) else closed_by
        elif not above.strip() and (speaker := _speaker(line.strip(), below)):
            role, is_action = speaker, below.startswith(_ACTIONS)
            yield number, role
        elif role == "user" and line.startswith(_OPENS_QUERY):
            closed_by = "" if line.rstrip().endswith(_CLOSES_QUERY) else _CLOSES_QUERY
        elif not is_action and (fence := _FENCE.match(line)):
            closed_by = fence[1]


def _speaker(line: str, below: str) -> str:
    """Whose part begins at a line, "" where none does: behind a person's word stands an element."""
    if line == "user:" and below.startswith("<"):
        return "user"
    return "assistant" if line == "assistant:" else ""


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
