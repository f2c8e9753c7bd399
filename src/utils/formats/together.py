"""Together: messages with weights of turns and rows, prompts and completions, and plain text."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from src.providers.conversation import Conversation, Turn
from src.providers.row_rules import OPEN_RULES, STRICT_RULES
from src.providers.training_rows import message_row
from src.utils.formats.bedrock import BEDROCK_LLAMA
from src.utils.formats.form import Format, Holds
from src.utils.formats.messages import glance_messages, message_places, read_messages_row
from src.utils.formats.shape import read_object, read_text
from src.utils.formats.templates import TextTemplate

TOGETHER = Format(
    name="together",
    title="Together, conversations",
    keys=("messages", "tools", "weight"),
    fits=lambda row: "messages" in row,
    from_row=partial(read_messages_row, row_weight=True),
    glance=glance_messages,
    to_row=partial(message_row, rules=STRICT_RULES),
    places=message_places,
    holds=Holds(tools=True, strict_tools=True, images=True, turn_weight=True, row_weight=True, names=True),
    source="TO1 TO2 TO3",
)
TOGETHER_PAIRS = replace(
    BEDROCK_LLAMA, name="together-prompt-completion", title="Together, prompts and completions", source="TO1 TO2"
)
TOGETHER_TEXT = TextTemplate(
    opening={"system": "System: ", "user": "User: ", "assistant": "Assistant: "}, between="\n\n"
).as_format("together-text", "Together, plain text", "TO1 TO3")


def read_plain_text(row: dict[str, Any]) -> Conversation:
    """``{"text"}`` as one turn that is trained on from its first to its last word. Raises FormatError."""
    return Conversation((Turn("assistant", read_text(read_object(row, "", required=("text",))["text"], "text")),))


def write_plain_text(conversation: Conversation) -> dict[str, Any]:
    """``{"text"}``: a text alone as it is, several turns with the names of their roles. Raises ValueError."""
    if [turn.role for turn in conversation.turns] == ["assistant"]:
        return {"text": conversation.turns[0].content}
    return TOGETHER_TEXT.to_row(conversation)


# Together trains on any text. Where the format of a file is guessed, only texts with names of roles are Together's: a
# text by itself says nothing about where it is from.
TOGETHER_ANY_TEXT = replace(
    TOGETHER_TEXT,
    fits=lambda row: "text" in row,
    from_row=read_plain_text,
    to_row=write_plain_text,
    places=lambda _row: ["text"],
    rules=OPEN_RULES,
)
