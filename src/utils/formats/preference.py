"""Rows with two answers to one question: OpenAI's direct preference optimisation and Gemini preference tuning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from src.core.types import REJECTED, Message, Sample
from src.utils.formats.gemini import read_gemini_parts, read_gemini_turns
from src.utils.formats.messages import read_messages
from src.utils.formats.shape import FormatError, read_list, read_object


def read_openai_preference_row(row: dict[str, Any]) -> Sample:
    """The sample of ``{"input": {"messages"}, "preferred_output", "non_preferred_output"}``, the worse answer in its
    metadata. Each output is one assistant message. Raises FormatError."""
    content = read_object(row, "", required=("input", "preferred_output", "non_preferred_output"))
    asked = read_object(content["input"], "input", required=("messages",), optional=("tools", "parallel_tool_calls"))
    if asked.get("tools"):
        raise FormatError("input.tools", "rows with tools cannot be checked, only rows of text")
    outputs = [_read_output(content[name], name) for name in ("preferred_output", "non_preferred_output")]
    return _pair(read_messages(asked["messages"], "input.messages"), *outputs)


def read_gemini_preference_row(row: dict[str, Any]) -> Sample:
    """The sample of ``{"system_instruction"?, "contents", "completions"}``: of the two completions the better one has
    score 1 and the worse one 0. Raises FormatError."""
    content = read_object(row, "", required=("contents", "completions"), optional=("system_instruction",))
    system = []
    if "system_instruction" in content:
        where = "system_instruction"
        instruction = read_object(content[where], where, required=("parts",), optional=("role",))
        system.append(Message("system", read_gemini_parts(instruction["parts"], f"{where}.parts")))
    scored: dict[int, Message] = {}
    for number, value in enumerate(read_list(content["completions"], "completions")):
        where = f"completions[{number}]"
        completion = read_object(value, where, required=("score", "completion"))
        score = completion["score"]
        if isinstance(score, bool) or score not in (0, 1) or score in scored:
            raise FormatError(f"{where}.score", f"one completion has score 1 and one has 0; found {score!r}")
        (scored[int(score)],) = read_gemini_turns([completion["completion"]], f"{where}.completion")
    if len(scored) != 2:
        raise FormatError("completions", f"two completions are expected, found {len(scored)}")
    return _pair([*system, *read_gemini_turns(content["contents"], "contents")], scored[1], scored[0])


def _read_output(value: Any, where: str) -> Message:
    messages = read_messages(value, where)
    if len(messages) != 1:
        raise FormatError(where, f"exactly one message is expected, found {len(messages)}")
    return messages[0]


def _pair(asked: Sequence[Message], better: Message, worse: Message) -> Sample:
    for name, turn in (("better", better), ("worse", worse)):
        if turn.role != "assistant":
            raise FormatError("", f"the {name} answer must be the assistant's, found the role {turn.role!r}")
    if not worse.content.strip():
        raise FormatError("", "the worse answer is empty")
    return Sample(messages=(*asked, better), origin="extracted", metadata={REJECTED: worse.content})
