"""Rows as Gemini lays them out: the assistant is ``model``, and calls of tools have no ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from src.core.types import Message, Sample
from src.providers.conversation import Conversation, Turn, conversation_of
from src.providers.row_rules import PROVIDER_RULES
from src.providers.training_rows import prepare, split_system, worse_turn


def gemini_row(conversation: Conversation) -> dict[str, Any]:
    """``{"systemInstruction"?, "contents", "tools"?}``, Vertex supervised tuning, the assistant as ``model``. Raises
    ValueError with the reason when it cannot be."""
    ready = prepare(conversation._replace(rejected=None), PROVIDER_RULES["google"])
    system, turns = split_system(ready)
    opening = {"systemInstruction": {"role": "system", "parts": [{"text": system}]}} if system else {}
    declared = [tool["function"] for tool in ready.tools]
    tools = {"tools": [{"functionDeclarations": declared}]} if declared else {}
    return {**opening, "contents": _contents(turns), **tools}


def gemini_content(turn: Message) -> dict[str, Any]:
    """A turn as Gemini writes it: the assistant is called ``model``."""
    return {"role": "model" if turn.role == "assistant" else "user", "parts": [{"text": turn.content}]}


def to_gemini_preference(sample: Sample) -> dict[str, Any]:
    """A row of Gemini preference tuning. Raises ValueError with the reason when the sample is none."""
    return gemini_preference_row(conversation_of(sample))


def gemini_preference_row(conversation: Conversation) -> dict[str, Any]:
    """``{"system_instruction"?, "contents", "completions"}``: the better completion has score 1, the worse one 0.

    Raises ValueError with the reason when the conversation is no pair.
    """
    worse = worse_turn(conversation)
    system, turns = split_system(prepare(conversation, PROVIDER_RULES["google"]))
    opening = {"system_instruction": {"parts": [{"text": system}]}} if system else {}
    scored = ((1, turns[-1]), (0, worse))
    completions = [{"score": score, "completion": _contents([turn])[0]} for score, turn in scored]
    return {**opening, "contents": _contents(turns[:-1]), "completions": completions}


def _contents(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    called: dict[str, str] = {}
    contents: list[dict[str, Any]] = []
    before = ""
    for turn in order_answers(turns):
        called |= {str(call["id"]): call["function"]["name"] for call in turn.tool_calls}
        parts = _parts(turn, called)
        if turn.role == "tool" and before == "tool":
            contents[-1]["parts"] += parts  # the answers to calls of one turn stand in one turn
        else:
            contents.append({"role": "model" if turn.role == "assistant" else "user", "parts": parts})
        before = turn.role
    return contents


def order_answers(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """``turns`` with the answers of tools in the order of their calls: where a call has no id, as in Gemini's rows, the
    order alone says which answer is whose."""
    ordered: list[Turn] = []
    answers: list[Turn] = []
    calls: list[str] = []
    for turn in turns:
        if turn.role == "tool":
            answers.append(turn)
            continue
        ordered += _sort_answers(answers, calls)
        answers = []
        ordered.append(turn)
        if turn.tool_calls:
            calls = [str(call["id"]) for call in turn.tool_calls]
    return (*ordered, *_sort_answers(answers, calls))


def _sort_answers(answers: Sequence[Turn], calls: Sequence[str]) -> list[Turn]:
    places = {identity: place for place, identity in enumerate(calls)}
    return sorted(answers, key=lambda turn: places.get(turn.tool_call_id, len(places)))


def _parts(turn: Turn, called: Mapping[str, str]) -> list[dict[str, Any]]:
    if turn.role == "tool":
        name = called.get(turn.tool_call_id, turn.name)
        return [{"functionResponse": {"name": name, "response": as_object(turn.content)}}]
    text = [{"text": turn.content}] if turn.content or not turn.tool_calls else []
    functions = [call["function"] for call in turn.tool_calls]
    return [*text, *({"functionCall": {"name": f["name"], "args": orjson.loads(f["arguments"])}} for f in functions)]


def as_object(text: str) -> dict[str, Any]:
    """What a tool said as an object, which Gemini asks for: its JSON, else the text under ``output``."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = text
    return value if isinstance(value, dict) else {"output": value}
