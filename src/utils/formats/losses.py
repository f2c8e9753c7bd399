"""What a format cannot hold of a conversation: named, and taken out only where the user allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import orjson

from src.providers.conversation import Conversation, Turn
from src.providers.gemini_rows import as_object, order_answers
from src.providers.row_rules import RowRules, first_error
from src.providers.training_rows import join_turns
from src.utils.formats.form import Format, Holds

Loss = Literal[
    "system_folded",
    "turns_folded",
    "neighbours_joined",
    "weight_dropped",
    "row_weight_dropped",
    "name_dropped",
    "tools_dropped",
    "strict_dropped",
    "worse_answer_dropped",
    "keys_dropped",
    "tool_calls",
    "images",
    "no_pair",
    "unfit",
]

MEANINGS: Final[Mapping[Loss, str]] = {
    "system_folded": "the system text is put before the question",
    "turns_folded": "earlier turns are put into the prompt",
    "neighbours_joined": "turns of one role that follow each other are joined",
    "weight_dropped": "the weight of a turn is dropped: it is trained on like the others",
    "row_weight_dropped": "the weight of the row is dropped",
    "name_dropped": "the name of a speaker is dropped",
    "tools_dropped": "definitions and settings of tools that nothing calls are dropped",
    "strict_dropped": "the setting 'strict' of tools is dropped",
    "worse_answer_dropped": "the worse answer of a pair is dropped",
    "keys_dropped": "keys beside the row are dropped",
    "tool_calls": "the row is left out: it calls tools",
    "images": "the row is left out: it holds an image",
    "no_pair": "the row is left out: it has one answer, not a better and a worse one",
    "unfit": "the row is left out",
}


class Fitted(NamedTuple):
    """A conversation as a format can hold it, and what that cost. ``conversation`` is None where the row is left out;
    ``reason`` says more of why. ``folded`` texts are still there: the writer puts them into the prompt."""

    conversation: Conversation | None
    losses: tuple[Loss, ...] = ()
    reason: str = ""


def fit(conversation: Conversation, form: Format) -> Fitted:
    """What is left of a conversation in ``form``, and the name of everything that is not."""
    whole = _whole_losses(conversation, form.holds)
    if whole:
        return Fitted(None, whole)
    problem = first_error(conversation, form.rules._replace(neighbours=None, tool_id_length=None))
    if problem:
        return Fitted(None, ("unfit",), problem.message)
    losses: list[Loss] = []
    if form.holds.pair is False and conversation.rejected:
        conversation, losses = conversation._replace(rejected=None), ["worse_answer_dropped"]
    conversation = _take_off(conversation, form.holds, losses)
    if form.rules.alternating and join_turns(conversation.turns) != conversation.turns:
        losses.append("neighbours_joined")
    roles = [turn.role for turn in conversation.turns]
    if not form.holds.system and "system" in roles:
        losses.append("system_folded")
    if not form.holds.many_turns and len(roles) - roles.count("system") > 2:
        losses.append("turns_folded")
    return Fitted(conversation, tuple(losses))


def _whole_losses(conversation: Conversation, holds: Holds) -> tuple[Loss, ...]:
    if any(turn.tool_calls or turn.role == "tool" for turn in conversation.turns) and not holds.tools:
        return ("tool_calls",)
    if any(turn.parts for turn in _all_turns(conversation)) and not holds.images:
        return ("images",)
    return ("no_pair",) if holds.pair and not conversation.rejected else ()


def _take_off(conversation: Conversation, holds: Holds, losses: list[Loss]) -> Conversation:
    """``conversation`` without the marks that a format has no place for; ``losses`` gets their names."""
    turns = _all_turns(conversation)
    if not holds.turn_weight and any(turn.weight is not None for turn in turns):
        # weight 1 is what every format does by itself
        if any(turn.weight == 0 for turn in turns):
            losses.append("weight_dropped")
        turns = tuple(turn._replace(weight=None) for turn in turns)
    if not holds.names and any(turn.name for turn in turns):
        losses.append("name_dropped")
        turns = tuple(turn._replace(name="") for turn in turns)
    conversation = (
        conversation._replace(turns=turns[:-1], rejected=turns[-1])
        if conversation.rejected
        else conversation._replace(turns=turns)
    )
    if conversation.weight is not None and not holds.row_weight:
        losses.append("row_weight_dropped")
        conversation = conversation._replace(weight=None)
    if conversation.tools and not holds.tools:
        losses.append("tools_dropped")
        conversation = conversation._replace(tools=())
    if not holds.strict_tools and any("strict" in tool["function"] for tool in conversation.tools):
        losses.append("strict_dropped")
        conversation = conversation._replace(tools=tuple(_without_strict(tool) for tool in conversation.tools))
    if conversation.parallel_tool_calls is not None and not holds.parallel_calls:
        losses.append("tools_dropped")
        conversation = conversation._replace(parallel_tool_calls=None)
    return conversation


def _all_turns(conversation: Conversation) -> tuple[Turn, ...]:
    """The turns of a row, the worse answer of a pair as the last one."""
    return (*conversation.turns, conversation.rejected) if conversation.rejected else conversation.turns


def _without_strict(tool: Mapping[str, Any]) -> dict[str, Any]:
    return {**tool, "function": {key: value for key, value in tool["function"].items() if key != "strict"}}


def same_content(written: Conversation, read: Conversation, rules: RowRules) -> bool:
    """Whether a row says what it was made from. Ids of tool calls may differ, formats have their own, but not what was
    called, nor which call an answer belongs to. Raises ValueError for arguments that are no JSON."""
    turns = join_turns(written.turns) if rules.alternating else written.turns
    return _essences(turns) == _essences(read.turns) and (
        _essences([written.rejected] if written.rejected else []) == _essences([read.rejected] if read.rejected else [])
    )


def _essences(turns: Sequence[Turn]) -> list[object]:
    """What every turn says, the answers of tools by the place of the call that they answer."""
    places: dict[str, int] = {}
    calls = 0
    found: list[object] = []
    for turn in order_answers(turns):
        called = []
        for call in turn.tool_calls:
            places[str(call["id"])] = calls
            calls += 1
            called.append((call["function"]["name"], orjson.loads(call["function"]["arguments"])))
        content = as_object(turn.content) if turn.role == "tool" else turn.content
        answers = places.get(turn.tool_call_id, -1)
        found.append((turn.role, content, turn.weight, turn.name, turn.parts, called, answers))
    return found
