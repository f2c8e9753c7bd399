"""Rows as the vendors lay them out: one pure function per layout, used by the adapters and by utils/formats. Those of
Gemini stand in ``gemini_rows``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from src.core.types import Message, ProviderName, Sample
from src.providers.conversation import Conversation, Turn, conversation_of
from src.providers.row_rules import OPEN_RULES, PROVIDER_RULES, RowRules, first_error, is_tool_id

_JOINT = "\n\n"
_PREFERENCE_FORMATS = frozenset({"openai_dpo", "gemini_preference"})


def has_preference_rows(formats: Collection[str]) -> bool:
    """Whether one of the formats of a model (``ModelLimits.formats``) holds preference pairs."""
    return not _PREFERENCE_FORMATS.isdisjoint(formats)


# --- what every layout begins with -----------------------------------------------------------------------------------


class Apart(NamedTuple):
    """A conversation with its system text apart; ``system`` is "" when there is none."""

    system: str
    turns: tuple[Turn, ...]


def prepare(conversation: Conversation, rules: RowRules) -> Conversation:
    """``conversation`` as the rules want it: system messages made one, neighbours of one role joined.

    Raises ValueError with the reason when no row can be made of it.
    """
    writable = rules._replace(tool_id_length=None)  # the writer gives new ids
    problem = first_error(conversation, writable._replace(neighbours=None))
    ready = conversation._replace(turns=join_turns(conversation.turns)) if rules.alternating else conversation
    if problem is None and rules.neighbours == "error":
        problem = first_error(ready, writable)  # some neighbours cannot be joined
    if problem:
        raise ValueError(problem.message)
    return ready


def join_turns(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """``turns`` with neighbours of one role made one, a blank line between their texts. Turns with tools, images or
    another weight stay apart."""
    joined: list[Turn] = []
    for turn in turns:
        if joined and can_join(joined[-1], turn):
            joined[-1] = joined[-1]._replace(content=f"{joined[-1].content}{_JOINT}{turn.content}")
        else:
            joined.append(turn)
    return tuple(joined)


def can_join(before: Turn, turn: Turn) -> bool:
    """Whether two neighbours can be made one turn without losing anything but the border between them."""
    return (
        before._replace(content="") == turn._replace(content="")
        and turn.role != "tool"
        and not turn.parts + turn.tool_calls
    )


def join_neighbours(messages: Sequence[Message]) -> list[Message]:
    """``messages`` with neighbours of one role made one message, a blank line between their texts."""
    turns = join_turns([Turn(message.role, message.content) for message in messages])
    return [Message(turn.role, turn.content) for turn in turns if turn.role != "tool"]


def split_system(conversation: Conversation) -> Apart:
    """The text of the system turns, and the other turns."""
    system = _JOINT.join(turn.content for turn in conversation.turns if turn.role == "system")
    return Apart(system, tuple(turn for turn in conversation.turns if turn.role != "system"))


# --- messages: OpenAI, Mistral, Together, local trainers -------------------------------------------------------------


def to_message_row(sample: Sample, provider: ProviderName) -> dict[str, Any]:
    """``{"messages": [{"role", "content"}, ...]}``, the row that OpenAI, Mistral and Together read.

    Raises ValueError with the reason when the vendor's format cannot hold the sample.
    """
    return message_row(conversation_of(sample), PROVIDER_RULES[provider])


def message_row(conversation: Conversation, rules: RowRules = OPEN_RULES) -> dict[str, Any]:
    """The messages row of a conversation, its tools and its weight beside the messages where it has any.

    Raises ValueError with the reason when no row can be made of it.
    """
    ready = prepare(conversation._replace(rejected=None), rules)
    if rules.tool_id_length:
        ready = with_tool_ids(ready, rules.tool_id_length)
    row: dict[str, Any] = {"messages": [message_of(turn) for turn in ready.turns]}
    return {**row, **_extras(ready)}


def message_of(turn: Turn) -> dict[str, Any]:
    """A turn as chat completions write it; a turn of tool calls alone has no content."""
    message: dict[str, Any] = {"role": turn.role}
    if turn.tool_call_id:
        message["tool_call_id"] = turn.tool_call_id
    if turn.name:
        message["name"] = turn.name
    if turn.parts:
        message["content"] = list(turn.parts)
    elif turn.content or not turn.tool_calls:
        message["content"] = turn.content
    if turn.tool_calls:
        message["tool_calls"] = list(turn.tool_calls)
    if turn.weight is not None:
        message["weight"] = turn.weight
    return message


def _extras(conversation: Conversation) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if conversation.parallel_tool_calls is not None:
        extras["parallel_tool_calls"] = conversation.parallel_tool_calls
    if conversation.tools:
        extras["tools"] = list(conversation.tools)
    if conversation.weight is not None:
        extras["weight"] = conversation.weight
    return extras


def with_tool_ids(conversation: Conversation, length: int) -> Conversation:
    """``conversation`` with ids of tool calls of ``length`` letters and digits: another id is replaced, in the call and
    in the tool's answer, by one that depends on it and its place alone."""
    names: dict[str, str] = {}

    def short(identity: str) -> str:
        if is_tool_id(identity, length):
            return identity
        digest = hashlib.sha256(f"{identity} {len(names)}".encode()).hexdigest()[:length]
        return names.setdefault(identity, digest)

    turns = tuple(
        turn._replace(
            tool_calls=tuple({**call, "id": short(str(call["id"]))} for call in turn.tool_calls),
            tool_call_id=short(turn.tool_call_id) if turn.tool_call_id else "",
        )
        for turn in conversation.turns
    )
    return conversation._replace(turns=turns)


# --- Bedrock ---------------------------------------------------------------------------------------------------------


def claude_row(conversation: Conversation) -> dict[str, Any]:
    """``{"system"?, "messages": [...]}``, Claude on Bedrock. Raises ValueError with the reason when it cannot be."""
    system, turns = split_system(prepare(conversation._replace(rejected=None), PROVIDER_RULES["anthropic"]))
    return {**({"system": system} if system else {}), "messages": [_plain(turn) for turn in turns]}


def pair_row(conversation: Conversation) -> dict[str, Any]:
    """``{"prompt", "completion"}``: the last turn is the completion, everything before it the prompt. Raises ValueError
    with the reason when it cannot be."""
    prompt, completion = fold(conversation)
    return {"prompt": prompt, "completion": completion}


class Folded(NamedTuple):
    """A conversation as one question and one answer."""

    prompt: str
    completion: str


def fold(conversation: Conversation) -> Folded:
    """The last turn as the answer; system text and question stand in the prompt, and so do earlier turns, each with the
    name of its role before it. Raises ValueError with the reason when it cannot be."""
    system, turns = split_system(prepare(conversation._replace(rejected=None), PROVIDER_RULES["llama"]))
    opening = [system] if system else []
    if len(turns) == 2:
        return Folded(_JOINT.join([*opening, turns[0].content]), turns[1].content)
    history = [f"{turn.role.capitalize()}: {turn.content}" for turn in turns[:-1]]
    return Folded(_JOINT.join([*opening, *history, "Assistant:"]), turns[-1].content)


# --- preference pairs ------------------------------------------------------------------------------------------------


def to_openai_preference(sample: Sample) -> dict[str, Any]:
    """A row of OpenAI's direct preference optimisation. Raises ValueError with the reason when the sample is none."""
    return openai_preference_row(conversation_of(sample))


def openai_preference_row(conversation: Conversation) -> dict[str, Any]:
    """``{"input": {"messages", "tools"?}, "preferred_output", "non_preferred_output"}``: one exchange is trained.

    Raises ValueError with the reason when the conversation is no pair.
    """
    worse = worse_turn(conversation)
    ready = prepare(conversation, OPEN_RULES)
    asked = {"messages": [message_of(turn) for turn in ready.turns[:-1]], **_extras(ready._replace(weight=None))}
    return {
        "input": asked,
        "preferred_output": [message_of(ready.turns[-1])],
        "non_preferred_output": [message_of(worse)],
    }


def worse_turn(conversation: Conversation) -> Turn:
    """The worse answer of a preference pair. Raises ValueError when there is none."""
    if conversation.rejected is None or not conversation.rejected.content.strip():
        raise ValueError("the sample has no worse answer beside its own")
    return conversation.rejected


def _plain(turn: Turn) -> dict[str, str]:
    return {"role": turn.role, "content": turn.content}
