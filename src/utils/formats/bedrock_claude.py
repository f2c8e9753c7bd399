"""Rows of ``{"system", "messages"}``: Claude on Amazon Bedrock, with no system role among the messages."""

from __future__ import annotations

from typing import Any, Final

from src.core.types import Message, Role, Sample
from src.utils.formats.shape import read_choice, read_list, read_object, read_text

_ROLES: Final[dict[str, Role]] = {"user": "user", "assistant": "assistant"}


def read_bedrock_claude_row(row: dict[str, Any]) -> Sample:
    """The sample of a row; contents are plain strings and no other key is allowed. Raises FormatError."""
    content = read_object(row, "", required=("messages",), optional=("system",))
    system = [Message("system", read_text(content["system"], "system"))] if "system" in content else []
    turns = read_list(content["messages"], "messages")
    read = (_read_message(turn, f"messages[{number}]") for number, turn in enumerate(turns))
    return Sample(messages=(*system, *read), origin="extracted")


def _read_message(value: Any, where: str) -> Message:
    message = read_object(value, where, required=("role", "content"))
    role = read_choice(message["role"], f"{where}.role", _ROLES)
    return Message(role, read_text(message["content"], f"{where}.content"))
