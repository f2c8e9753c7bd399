"""Together: messages with weights of turns and rows, prompts and completions, and plain text."""

from __future__ import annotations

from functools import partial

from src.providers.row_rules import STRICT_RULES
from src.providers.training_rows import message_row, pair_row
from src.utils.formats.bedrock import is_pair, read_prompt_completion_row
from src.utils.formats.form import Format, Holds
from src.utils.formats.messages import message_places, read_messages_row
from src.utils.formats.templates import TextTemplate

TOGETHER = Format(
    name="together",
    title="Together, conversations",
    keys=("messages", "tools", "weight"),
    fits=lambda row: "messages" in row,
    from_row=partial(read_messages_row, row_weight=True),
    to_row=partial(message_row, rules=STRICT_RULES),
    places=message_places,
    holds=Holds(tools=True, images=True, turn_weight=True, row_weight=True, names=True),
    source="TO1 TO2 TO3",
)
TOGETHER_PAIRS = Format(
    name="together-prompt-completion",
    title="Together, prompts and completions",
    keys=("prompt", "completion"),
    fits=is_pair,
    from_row=read_prompt_completion_row,
    to_row=pair_row,
    places=lambda _row: ["prompt", "completion"],
    holds=Holds(system=False, many_turns=False),
    source="TO1 TO2",
)
TOGETHER_TEXT = TextTemplate(
    opening={"system": "System: ", "user": "User: ", "assistant": "Assistant: "}, between="\n\n"
).as_format("together-text", "Together, plain text", "TO1 TO3")
