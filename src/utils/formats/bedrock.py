"""Amazon Bedrock: Claude's messages with the system text apart, and Llama's prompts and completions."""

from __future__ import annotations

from typing import Any, Final

from src.providers.conversation import Conversation, Turn, TurnRole
from src.providers.training_rows import claude_row, pair_row
from src.utils.formats.form import Format, Holds
from src.utils.formats.shape import read_choice, read_items, read_object, read_text

_ROLES: Final[dict[str, TurnRole]] = {"user": "user", "assistant": "assistant"}


def read_bedrock_claude_row(row: dict[str, Any]) -> Conversation:
    """``{"system"?, "messages"}``; contents are plain strings and no other key is allowed. Raises FormatError."""
    content = read_object(row, "", required=("messages",), optional=("system",))
    system = [Turn("system", read_text(content["system"], "system"))] if "system" in content else []
    turns = (_read_message(turn, place) for turn, place in read_items(content["messages"], "messages"))
    return Conversation((*system, *turns))


def _read_message(value: Any, where: str) -> Turn:
    message = read_object(value, where, required=("role", "content"))
    role = read_choice(message["role"], f"{where}.role", _ROLES)
    return Turn(role, read_text(message["content"], f"{where}.content"))


def _read_pair_row(row: dict[str, Any]) -> Conversation:
    """``{"prompt", "completion"}``: a user's and an assistant's turn. Raises FormatError."""
    content = read_object(row, "", required=("prompt", "completion"))
    user = Turn("user", read_text(content["prompt"], "prompt"))
    return Conversation((user, Turn("assistant", read_text(content["completion"], "completion"))))


def _is_pair(row: dict[str, Any]) -> bool:
    """Whether a row can be a prompt and a completion, both of them texts; not a pair of answers to a prompt."""
    others = {"messages", "chosen", "rejected"}
    return "prompt" in row and others.isdisjoint(row) and not isinstance(row["prompt"], list)


def _claude_places(row: dict[str, Any]) -> list[str]:
    system = ["system"] if "system" in row else []
    return [*system, *(f"messages[{number}]" for number in range(len(row["messages"])))]


BEDROCK_CLAUDE = Format(
    name="bedrock-claude",
    title="Claude on Bedrock",
    keys=("system", "messages"),
    fits=lambda row: "messages" in row and "tools" not in row,
    from_row=read_bedrock_claude_row,
    to_row=claude_row,
    places=_claude_places,
    source="AN1 AN4",
)
BEDROCK_LLAMA = Format(
    name="bedrock-llama",
    title="Llama on Bedrock",
    keys=("prompt", "completion"),
    fits=_is_pair,
    from_row=_read_pair_row,
    to_row=pair_row,
    places=lambda _row: ["prompt", "completion"],
    holds=Holds(system=False, many_turns=False),
    source="AN1",
)
