"""What the vendors' training formats have in common: which conversations can be a row, and how turns are laid out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from src.core.types import Message, ProviderName, Role, Sample


class RowRules(NamedTuple):
    """What a vendor asks of a conversation (context_files/fine_tunable_llms_research.md, section 3).

    ``user_first``: the first turn after the system message is the user's. ``alternating``: no two turns of one role
    in a row (they are joined) and a system message only at the beginning.
    """

    user_first: bool
    alternating: bool


_RULES: Mapping[ProviderName, RowRules] = {
    "openai": RowRules(user_first=False, alternating=False),
    "anthropic": RowRules(user_first=True, alternating=True),
    "google": RowRules(user_first=True, alternating=True),
    "mistral": RowRules(user_first=True, alternating=True),
    "llama": RowRules(user_first=True, alternating=True),
    "local": RowRules(user_first=True, alternating=True),
}
_JOINT = "\n\n"


_PREFERENCE_FORMATS = frozenset({"openai_dpo", "gemini_preference"})


def has_preference_rows(formats: Collection[str]) -> bool:
    """Whether one of the formats of a model (``ModelLimits.formats``) holds preference pairs."""
    return not _PREFERENCE_FORMATS.isdisjoint(formats)


class Turns(NamedTuple):
    """A conversation with its system text apart; ``system`` is "" when there is none."""

    system: str
    turns: tuple[Message, ...]


def row_problem(messages: Sequence[Message], provider: ProviderName) -> str:
    """Why ``messages`` cannot be a training row of ``provider``; "" when they can."""
    rules = _RULES[provider]
    roles: list[Role] = [message.role for message in messages]
    if any(not message.content.strip() for message in messages):
        return "a turn is empty"
    if not roles or roles[-1] != "assistant":
        return "the last turn is not the assistant's: there is nothing to learn"
    spoken = [role for role in roles if role != "system"]
    if rules.user_first and spoken[0] != "user":
        return "the first turn is not the user's"
    if rules.alternating and "system" in roles[roles.index(spoken[0]) :]:
        return "a system message stands inside of the conversation"
    return ""


def to_turns(sample: Sample, provider: ProviderName) -> Turns:
    """The sample as a system text and turns; neighbours of one role are joined where the vendor wants alternation.

    Raises ValueError with the reason when the vendor's format cannot hold the sample.
    """
    problem = row_problem(sample.messages, provider)
    if problem:
        raise ValueError(problem)
    system = _JOINT.join(message.content for message in sample.messages if message.role == "system")
    spoken = [message for message in sample.messages if message.role != "system"]
    return Turns(system, tuple(join_neighbours(spoken)))


def join_neighbours(messages: Sequence[Message]) -> list[Message]:
    """``messages`` with neighbours of one role made one message, a blank line between their texts."""
    joined: list[Message] = []
    for message in messages:
        if joined and joined[-1].role == message.role:
            joined[-1] = Message(message.role, f"{joined[-1].content}{_JOINT}{message.content}")
        else:
            joined.append(message)
    return joined


def to_message_row(sample: Sample, provider: ProviderName) -> dict[str, list[dict[str, str]]]:
    """``{"messages": [{"role", "content"}, ...]}``, the row that OpenAI, Mistral and Together read.

    Raises ValueError with the reason when the vendor's format cannot hold the sample.
    """
    if not _RULES[provider].alternating:
        problem = row_problem(sample.messages, provider)
        if problem:
            raise ValueError(problem)
        return {"messages": [_plain(message) for message in sample.messages]}
    system, turns = to_turns(sample, provider)
    opening = [{"role": "system", "content": system}] if system else []
    return {"messages": [*opening, *(_plain(message) for message in turns)]}


def to_openai_preference(sample: Sample) -> dict[str, Any]:
    """``{"input": {"messages"}, "preferred_output", "non_preferred_output"}``, a row of OpenAI's direct preference
    optimisation: one exchange is trained. Raises ValueError with the reason when the sample is none."""
    row = to_message_row(sample, "openai")
    return {
        "input": {"messages": row["messages"][:-1]},
        "preferred_output": row["messages"][-1:],
        "non_preferred_output": [_plain(_worse_turn(sample))],
    }


def to_gemini_preference(sample: Sample) -> dict[str, Any]:
    """``{"system_instruction"?, "contents", "completions"}``, a row of Gemini preference tuning: the better completion
    has score 1, the worse one 0. Raises ValueError with the reason when the sample is none."""
    system, turns = to_turns(sample, "google")
    opening = {"system_instruction": {"parts": [{"text": system}]}} if system else {}
    completions = [{"score": 1, "completion": gemini_content(turns[-1])}]
    completions.append({"score": 0, "completion": gemini_content(_worse_turn(sample))})
    return {**opening, "contents": [gemini_content(turn) for turn in turns[:-1]], "completions": completions}


def gemini_content(turn: Message) -> dict[str, Any]:
    """A turn as Gemini writes it: the assistant is called ``model``."""
    return {"role": "model" if turn.role == "assistant" else "user", "parts": [{"text": turn.content}]}


def _worse_turn(sample: Sample) -> Message:
    if not sample.rejected.strip():
        raise ValueError("the sample has no worse answer beside its own")
    return Message("assistant", sample.rejected)


def _plain(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": message.content}
