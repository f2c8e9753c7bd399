"""Mistral: OpenAI's messages, with ids of tool calls of nine characters."""

from __future__ import annotations

from functools import partial

from src.providers.row_rules import MISTRAL_RULES
from src.providers.training_rows import message_row
from src.utils.formats.form import Format, Holds
from src.utils.formats.messages import glance_messages, message_places, read_messages_row

MISTRAL = Format(
    name="mistral",
    title="Mistral",
    keys=("messages", "tools"),
    fits=lambda row: "messages" in row,
    from_row=read_messages_row,
    glance=glance_messages,
    to_row=partial(message_row, rules=MISTRAL_RULES),
    places=message_places,
    holds=Holds(tools=True, strict_tools=True, images=True, turn_weight=True),
    rules=MISTRAL_RULES,
    source="MI1 MI2",
)
