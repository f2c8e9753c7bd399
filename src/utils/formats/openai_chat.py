"""OpenAI: chat rows for supervised tuning, and pairs for direct preference optimisation."""

from __future__ import annotations

from typing import Any, Final

from src.providers.conversation import Conversation, Turn
from src.providers.row_rules import OPEN_RULES
from src.providers.training_rows import message_row, openai_preference_row
from src.utils.formats.form import Format, Holds
from src.utils.formats.messages import (
    MESSAGE_KEYS,
    glance_messages,
    message_places,
    read_flag,
    read_messages,
    read_messages_row,
)
from src.utils.formats.shape import FormatError, read_object
from src.utils.formats.tools import read_tools

_PAIR_KEYS: Final = ("input", "preferred_output", "non_preferred_output")


def read_openai_preference_row(row: dict[str, Any]) -> Conversation:
    """``{"input": {"messages"}, "preferred_output", "non_preferred_output"}``; each output is one assistant message.
    Raises FormatError."""
    content = read_object(row, "", required=_PAIR_KEYS)
    asked = read_object(content["input"], "input", required=("messages",), optional=("tools", "parallel_tool_calls"))
    better, worse = (_read_output(content[name], name) for name in _PAIR_KEYS[1:])
    return Conversation(
        (*read_messages(asked["messages"], "input.messages"), better),
        worse,
        read_tools(asked["tools"], "input.tools") if asked.get("tools") else (),
        read_flag(asked.get("parallel_tool_calls"), "input.parallel_tool_calls"),
    )


def _read_output(value: Any, where: str) -> Turn:
    messages = read_messages(value, where)
    if len(messages) != 1:
        problem = f"exactly one message is expected, found {len(messages)}"
        raise FormatError(where, problem, found=str(len(messages)), allowed="1")
    role = messages[0].role
    if role != "assistant":
        problem = f"the answer must be the assistant's, found the role {role!r}"
        raise FormatError(f"{where}[0].role", problem, found=role, allowed="assistant")
    return messages[0]


def _pair_places(row: dict[str, Any]) -> list[str]:
    asked = [f"input.messages[{number}]" for number in range(len(row["input"]["messages"]))]
    return [*asked, "preferred_output[0]"]


OPENAI_CHAT = Format(
    name="openai-chat",
    title="OpenAI chat",
    keys=MESSAGE_KEYS,
    fits=lambda row: "messages" in row,
    from_row=read_messages_row,
    glance=glance_messages,
    to_row=message_row,
    places=message_places,
    holds=Holds(tools=True, strict_tools=True, images=True, turn_weight=True, names=True, parallel_calls=True),
    rules=OPEN_RULES,
    source="OA2 OA3 OA5 OA11",
)
OPENAI_DPO = Format(
    name="openai-dpo",
    title="OpenAI preference pairs (DPO)",
    keys=_PAIR_KEYS,
    fits=lambda row: "preferred_output" in row,
    from_row=read_openai_preference_row,
    to_row=openai_preference_row,
    places=_pair_places,
    holds=Holds(tools=True, strict_tools=True, names=True, parallel_calls=True, pair=True),
    rules=OPEN_RULES,
    source="OA4 OA5",
)
