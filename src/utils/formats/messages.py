"""Rows of ``{"messages": [{"role", "content"}]}``: OpenAI, Mistral, and Llama through Together or local trainers."""

from __future__ import annotations

from typing import Any, Final

from src.core.types import Message, Role, Sample
from src.utils.formats.shape import (
    FormatError,
    UncheckedRowError,
    describe,
    read_choice,
    read_list,
    read_object,
    read_text,
)

_ROLES: Final[dict[str, Role]] = {"system": "system", "user": "user", "assistant": "assistant"}
_TOOL_KEYS: Final = ("tools", "parallel_tool_calls", "tool_calls", "tool_call_id", "function_call", "functions")
_NO_TOOLS: Final = "rows with tool calls cannot be checked, only rows of text"


def read_messages_row(row: dict[str, Any]) -> Sample:
    """The sample of a row. A message may also carry ``name``, and an assistant's ``weight`` 0 or 1 (0: not trained).

    ``content`` is a string or a list of text parts. Raises FormatError for every other shape.
    """
    _refuse_tools(row, "")
    content = read_object(row, "", required=("messages",), optional=("weight",))
    _check_row_weight(content)
    return Sample(messages=read_messages(content["messages"], "messages"), origin="extracted")


def read_messages(value: Any, where: str) -> tuple[Message, ...]:
    """The messages of a list. Raises FormatError."""
    return tuple(_read_message(turn, f"{where}[{number}]") for number, turn in enumerate(read_list(value, where)))


def _read_message(value: Any, where: str) -> Message:
    _refuse_tools(value, where)
    message = read_object(value, where, required=("role", "content"), optional=("name", "weight"))
    if message["role"] in ("tool", "function"):
        raise UncheckedRowError(f"{where}.role", _NO_TOOLS)
    role = read_choice(message["role"], f"{where}.role", _ROLES)
    if "name" in message:
        read_text(message["name"], f"{where}.name")
    if "weight" in message:
        _check_weight(message["weight"], role, f"{where}.weight")
    return Message(role, _read_content(message["content"], f"{where}.content"))


def _read_content(value: Any, where: str) -> str:
    if not isinstance(value, list):
        return read_text(value, where)
    texts = []
    for number, part in enumerate(read_list(value, where)):
        place = f"{where}[{number}]"
        if isinstance(part, dict) and part.get("type") != "text":
            raise UncheckedRowError(f"{place}.type", "only parts of type 'text' can be checked")
        texts.append(read_text(read_object(part, place, required=("type", "text"))["text"], f"{place}.text"))
    return "\n".join(texts)


def _check_weight(value: Any, role: Role, where: str) -> None:
    if role != "assistant":
        raise FormatError(where, "only assistant messages have a weight", fix="Remove 'weight'.")
    if value not in (0, 1) or isinstance(value, bool):
        raise FormatError(where, f"allowed are 0 and 1; found {value!r}")


def _check_row_weight(row: dict[str, Any]) -> None:
    weight = row.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or weight < 0:
        raise FormatError("weight", f"a number from 0 up is expected, found {describe(weight)} ({weight!r})")


def _refuse_tools(value: Any, where: str) -> None:
    found = [key for key in _TOOL_KEYS if isinstance(value, dict) and key in value]
    if found:
        raise UncheckedRowError(f"{where}.{found[0]}".lstrip("."), _NO_TOOLS)
