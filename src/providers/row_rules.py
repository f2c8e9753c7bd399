"""What vendors and trainers ask of the turns of a row, and what is wrong with one that does not give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from src.core.types import ProviderName, Sample
from src.providers.conversation import Conversation, Turn, TurnRole, conversation_of

Severity = Literal["error", "warning"]
WHOLE_ROW: Final = -1
"""The ``turn`` of a finding that is about no turn in particular."""


class RowRules(NamedTuple):
    """What is asked of a conversation (context_files/fine_tunable_llms_research.md, section 3).

    ``user_first``: the first turn after the system message is the user's. ``alternating``: no two turns of one role
    in a row (writers join them), and a system message only at the beginning; ``neighbours`` is what two turns of one
    role in a row mean in a file, None: nothing. ``tool_id_length``: every tool call's id is so many letters and digits
    (``is_tool_id``; writers give new ids). ``calls_alone``: an assistant's turn is text or calls, never both.
    ``calls_answered``: behind a call comes the answer of the tool, and behind that the assistant.
    """

    user_first: bool = True
    alternating: bool = True
    neighbours: Severity | None = "error"
    tool_id_length: int | None = None
    calls_alone: bool = False
    calls_answered: bool = True


OPEN_RULES: Final = RowRules(user_first=False, alternating=False, neighbours=None, calls_answered=False)
MISTRAL_RULES: Final = RowRules(neighbours="warning", tool_id_length=9, calls_alone=True)
LENIENT_RULES: Final = RowRules(neighbours="warning", calls_answered=False)
STRICT_RULES: Final = RowRules()
# Bedrock and Together say that turns must alternate; Google, Mistral and the chat templates of local trainers do not
# say; OpenAI takes any order.
PROVIDER_RULES: Final[Mapping[ProviderName, RowRules]] = {
    "openai": OPEN_RULES,
    "anthropic": STRICT_RULES,
    "google": LENIENT_RULES,
    "mistral": MISTRAL_RULES,
    "llama": STRICT_RULES,
    "local": LENIENT_RULES,
}


_OTHER: Final[Mapping[TurnRole, TurnRole]] = {"user": "assistant", "assistant": "user"}


class Finding(NamedTuple):
    """Something wrong with a row. ``turn`` counts from 0, ``part`` is what of the turn is meant (role, content)."""

    severity: Severity
    code: str
    turn: int
    part: str
    message: str
    found: str = ""
    allowed: str = ""
    fix: str = "Leave this example out."


def find_problems(conversation: Conversation, rules: RowRules) -> Iterator[Finding]:
    """Everything wrong with the turns of a row, in reading order; nothing for a good row."""
    turns = conversation.turns
    before: Turn | None = None
    calls: set[str] = set()
    for number, turn in enumerate(turns):
        if not turn.content.strip() and not turn.tool_calls and not turn.parts:
            yield Finding(
                "error", "empty_turn", number, "content", "a turn is empty", repr(turn.content[:20]), "some text"
            )
        yield from _find_order_problems(turn, number, before, rules)
        if turn.tool_calls or turn.role == "tool":
            yield from _find_tool_problems(turn, number, before, calls, rules)
        if turn.parts and turn.role == "assistant":
            message = "an assistant's turn holds an image"
            yield Finding("error", "image_of_assistant", number, "content", message, "an image", "text")
        before = turn
    if before is None or before.role != "assistant":
        found = f"the role {before.role}" if before else "no turn"
        message = "the last turn is not the assistant's: there is nothing to learn"
        yield Finding("error", "no_answer", len(turns) - 1, "role", message, found, "assistant")
    if conversation.rejected and not conversation.rejected.content.strip() and not conversation.rejected.tool_calls:
        yield Finding("error", "empty_turn", WHOLE_ROW, "rejected", "the worse answer is empty", "''", "some text")


def _find_order_problems(turn: Turn, number: int, before: Turn | None, rules: RowRules) -> Iterator[Finding]:
    role, role_before = turn.role, before.role if before else "system"
    if role == "system" and role_before != "system":
        if rules.alternating:
            message = "a system message stands inside of the conversation"
            yield Finding("error", "system_not_first", number, "role", message, f"turn {number + 1}", "turn 1")
    elif role != "system" and role_before == "system":
        if rules.user_first and role != "user":
            message = "the first turn is not the user's"
            yield Finding("error", "user_not_first", number, "role", message, role, "user", "Drop this turn.")
    elif before and rules.neighbours and role_before == role and role != "tool":
        message, found = "two turns of the same role follow each other", f"{role} after {role}"
        fix = "Join them into one turn."
        allowed = _OTHER.get(role, "user")
        yield Finding(rules.neighbours, "not_alternating", number, "role", message, found, allowed, fix)
    if before and rules.calls_answered and role not in ("tool", "system"):
        if before.tool_calls:
            message = "a tool call has no answer behind it"
            yield Finding("error", "call_without_answer", number, "role", message, role, "tool")
        elif before.role == "tool" and role != "assistant":
            message = "behind the answer of a tool comes no turn of the assistant"
            yield Finding("error", "answer_not_used", number, "role", message, role, "assistant")


def _find_tool_problems(
    turn: Turn, number: int, before: Turn | None, calls: set[str], rules: RowRules
) -> Iterator[Finding]:
    if turn.role == "tool":
        if before is None or not (before.tool_calls or before.role == "tool"):
            message = "a tool's answer follows no tool call"
            found = before.role if before else "nothing"
            yield Finding("error", "tool_without_call", number, "role", message, found, "a tool call before it")
        elif turn.tool_call_id not in calls:
            message = "the answer of a tool names no earlier call"
            allowed = ", ".join(sorted(calls))
            yield Finding("error", "unknown_tool_call", number, "tool_call_id", message, turn.tool_call_id, allowed)
    for place, call in enumerate(turn.tool_calls):
        identity = str(call.get("id", ""))
        calls.add(identity)
        if rules.tool_id_length and not is_tool_id(identity, rules.tool_id_length):
            message = "the id of a tool call has another length or other characters than allowed"
            allowed = f"{rules.tool_id_length} of a-z, A-Z, 0-9"
            yield Finding(
                "error", "tool_id", number, f"tool_calls[{place}].id", message, identity, allowed, "Replace the id."
            )
    if rules.calls_alone and turn.tool_calls and turn.content.strip():
        message = "a turn holds a tool call and text"
        yield Finding("error", "text_beside_call", number, "content", message, "both", "one of them")


def is_tool_id(identity: str, length: int) -> bool:
    """Whether the id of a tool call is ``length`` letters and digits of ASCII."""
    return len(identity) == length and identity.isascii() and identity.isalnum()


def row_problem(sample: Sample, provider: ProviderName) -> str:
    """Why a sample cannot be a training row of ``provider``; "" when it can. Neighbours of one role are no reason: they
    are joined."""
    rules = PROVIDER_RULES[provider]._replace(neighbours=None)
    first = first_error(conversation_of(sample)._replace(rejected=None), rules)
    return first.message if first else ""


def first_error(conversation: Conversation, rules: RowRules) -> Finding | None:
    """The first finding that makes a row unusable."""
    return next((finding for finding in find_problems(conversation, rules) if finding.severity == "error"), None)
