"""The rows that data preparation writes and reads: messages, and under ``meta`` where they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final, Literal

from src.core.jsonl import dump_line
from src.core.types import Message

SYSTEM_PROMPT: Final = (
    "You are a precise coding assistant that diagnoses errors step-by-step, references file paths/lines when useful, "
    "and proposes concrete fixes."
)
"""The system message of every row, unless the user gives another one."""

Source = Literal["claude_logs", "git_history", "actual_code"]


def chat_row(messages: Iterable[Message], source: Source, group: str, lang: str, **meta: Any) -> dict[str, Any]:
    """A training row. Rows of one ``group`` (a conversation, a commit, a file) are never split between training and
    evaluation; ``lang`` is the programming language, or "chat". ``meta.id`` is a hash of the messages."""
    turns = [{"role": message.role, "content": message.content} for message in messages]
    return {"messages": turns, "meta": {"id": row_id(turns), "source": source, "group": group, "lang": lang, **meta}}


def row_id(turns: Any) -> str:
    """A hash of messages, as they stand in a row."""
    return hashlib.sha256(dump_line(turns)).hexdigest()[:16]
