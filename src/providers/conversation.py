"""A training row without its layout: what every vendor's format can be read into and written from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from src.core.types import Sample

TurnRole = Literal["system", "user", "assistant", "tool"]


class Turn(NamedTuple):
    """One turn. ``content`` is what it says; ``parts`` are its parts as OpenAI writes them where one is no text
    (an image), ``content`` then joins those that are. ``tool_calls`` have OpenAI's layout, ``arguments`` as a string.

    ``weight`` 0 is context that is not trained on; None: the format's default. (A tuple: files have millions.)
    """

    role: TurnRole
    content: str = ""
    weight: float | None = None
    name: str = ""
    parts: tuple[Mapping[str, Any], ...] = ()
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    tool_call_id: str = ""


class Conversation(NamedTuple):
    """The turns of a row. ``rejected`` is the worse answer in place of the last turn; ``tools`` are definitions in
    OpenAI's layout; ``weight`` scales the row (Together)."""

    turns: tuple[Turn, ...]
    rejected: Turn | None = None
    tools: tuple[Mapping[str, Any], ...] = ()
    parallel_tool_calls: bool | None = None
    weight: float | None = None


def conversation_of(sample: Sample) -> Conversation:
    """A sample of ours as a row to be written."""
    worse = sample.rejected
    turns = tuple(Turn(message.role, message.content) for message in sample.messages)
    return Conversation(turns, Turn("assistant", worse) if worse else None)


def holds_text_only(conversation: Conversation) -> bool:
    """True where there is nothing but text: no image, no tool call, no definition of a tool."""
    if conversation.tools:
        return False
    for turn in conversation.turns:  # noqa: SIM110 - a generator costs as much as all of a short row
        if turn.parts or turn.tool_calls:
            return False
    return True
