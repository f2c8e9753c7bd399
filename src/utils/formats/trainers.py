"""Local trainers: TRL's conversations, prompts and completions, and preference pairs; axolotl's chat_template."""

from __future__ import annotations

from typing import Any, Final

from src.providers.conversation import Conversation, Turn
from src.providers.row_rules import LENIENT_RULES
from src.providers.training_rows import message_of, message_row, prepare, worse_turn
from src.utils.formats.form import Format, Holds
from src.utils.formats.messages import (
    MESSAGE_KEYS,
    glance_messages,
    message_places,
    read_flag,
    read_messages,
    read_messages_row,
)
from src.utils.formats.shape import FormatError, UncheckedRowError, read_list, read_object
from src.utils.formats.tools import read_tools

_TRAIN: Final = "train"
"""The key of a message that axolotl's ``message_field_training: train`` reads."""


def read_trl_prompt_row(row: dict[str, Any]) -> Conversation:
    """``{"prompt", "completion", "tools"?}``, both lists of messages or both texts. Raises FormatError."""
    content = read_object(row, "", required=("prompt", "completion"), optional=("tools",))
    asked, answer = (
        _turns(content["prompt"], "prompt", "user"),
        _turns(content["completion"], "completion", "assistant"),
    )
    return Conversation((*asked, *answer), tools=_tools(content))


def trl_prompt_row(conversation: Conversation) -> dict[str, Any]:
    """``{"prompt", "completion"}`` as lists of messages: the last turn is the completion. Raises ValueError."""
    ready = prepare(conversation._replace(rejected=None), LENIENT_RULES)
    row: dict[str, Any] = {
        "prompt": [message_of(turn) for turn in ready.turns[:-1]],
        "completion": [message_of(ready.turns[-1])],
    }
    return {**row, "tools": list(ready.tools)} if ready.tools else row


def read_trl_preference_row(row: dict[str, Any]) -> Conversation:
    """``{"prompt"?, "chosen", "rejected", "tools"?}``; without a prompt both answers begin with the same turns. Raises
    FormatError."""
    content = read_object(row, "", required=("chosen", "rejected"), optional=("prompt", "tools"))
    asked = _turns(content["prompt"], "prompt", "user") if "prompt" in content else ()
    chosen, rejected = (_turns(content[name], name, "assistant") for name in ("chosen", "rejected"))
    for name, turns in (("chosen", chosen), ("rejected", rejected)):
        if turns[-1].role != "assistant":
            problem = f"the answer must be the assistant's, found the role {turns[-1].role!r}"
            raise FormatError(name, problem, found=turns[-1].role, allowed="assistant")
    if chosen[:-1] != rejected[:-1]:
        raise FormatError("rejected", "the pair differs in more than its last turn", allowed="the turns of 'chosen'")
    return Conversation((*asked, *chosen), rejected[-1], _tools(content))


def trl_preference_row(conversation: Conversation) -> dict[str, Any]:
    """``{"prompt", "chosen", "rejected"}`` as lists of messages. Raises ValueError."""
    worse = worse_turn(conversation)
    ready = prepare(conversation, LENIENT_RULES)
    row: dict[str, Any] = {
        "prompt": [message_of(turn) for turn in ready.turns[:-1]],
        "chosen": [message_of(ready.turns[-1])],
        "rejected": [message_of(worse)],
    }
    return {**row, "tools": list(ready.tools)} if ready.tools else row


def read_axolotl_row(row: dict[str, Any]) -> Conversation:
    """A messages row whose turns may say with ``train`` whether they are trained on. Raises FormatError; one of another
    than the assistant that is trained on is UncheckedRowError, for nothing else than axolotl can hold it."""
    messages = row.get("messages")
    if not isinstance(messages, list):
        return read_messages_row(row)
    flags = [
        read_flag(message.get(_TRAIN), f"messages[{number}].{_TRAIN}") if isinstance(message, dict) else None
        for number, message in enumerate(messages)
    ]
    if not any(flag is not None for flag in flags):
        return read_messages_row(row)
    for number, (message, flag) in enumerate(zip(messages, flags, strict=True)):
        if flag and message.get("role") != "assistant":
            raise UncheckedRowError(
                f"messages[{number}].{_TRAIN}", "only axolotl trains on turns that are not the assistant's"
            )
    bare = [{key: value for key, value in message.items() if key != _TRAIN} for message in messages]
    found = read_messages_row({**row, "messages": bare})
    turns = zip(found.turns, flags, strict=True)
    return found._replace(
        turns=tuple(
            turn if flag is None or turn.role != "assistant" else turn._replace(weight=int(flag))
            for turn, flag in turns
        )
    )


def axolotl_row(conversation: Conversation) -> dict[str, Any]:
    """A messages row with ``train`` in the place of weights. Raises ValueError."""
    row = message_row(conversation, LENIENT_RULES)
    for message in row["messages"]:
        if "weight" in message:
            message[_TRAIN] = bool(message.pop("weight"))
    return row


def _turns(value: Any, where: str, role: Any) -> tuple[Turn, ...]:
    return (Turn(role, value),) if isinstance(value, str) else read_messages(read_list(value, where), where)


def _tools(row: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return read_tools(row["tools"], "tools") if row.get("tools") else ()


def _places(*keys: str) -> Any:
    def places(row: dict[str, Any]) -> list[str]:
        found: list[str] = []
        for key in keys:
            value = row.get(key, [])
            found += [key] if isinstance(value, str) else [f"{key}[{number}]" for number in range(len(value))]
        return found

    return places


TRL = Format(
    name="trl",
    title="TRL, conversations",
    keys=("messages", "tools"),
    fits=lambda row: "messages" in row,
    from_row=read_messages_row,
    glance=glance_messages,
    to_row=lambda conversation: message_row(conversation, LENIENT_RULES),
    places=message_places,
    holds=Holds(tools=True, strict_tools=True),
    rules=LENIENT_RULES,
    source="TT1",
)
TRL_PROMPT = Format(
    name="trl-prompt-completion",
    title="TRL, prompts and completions",
    keys=("prompt", "completion", "tools"),
    fits=lambda row: "prompt" in row and "completion" in row,
    from_row=read_trl_prompt_row,
    to_row=trl_prompt_row,
    places=_places("prompt", "completion"),
    holds=Holds(tools=True, strict_tools=True),
    rules=LENIENT_RULES,
    source="TT1",
)
TRL_PREFERENCE = Format(
    name="trl-preference",
    title="TRL, preference pairs",
    keys=("prompt", "chosen", "rejected", "tools"),
    fits=lambda row: "chosen" in row,
    from_row=read_trl_preference_row,
    to_row=trl_preference_row,
    places=_places("prompt", "chosen"),
    holds=Holds(tools=True, strict_tools=True, pair=True),
    rules=LENIENT_RULES,
    source="TT1",
)
AXOLOTL = Format(
    name="axolotl",
    title="axolotl (chat_template)",
    keys=(*MESSAGE_KEYS[:2],),
    fits=lambda row: "messages" in row,
    from_row=read_axolotl_row,
    to_row=axolotl_row,
    places=message_places,
    holds=Holds(tools=True, strict_tools=True, turn_weight=True),
    rules=LENIENT_RULES,
    source="TT1",
)
