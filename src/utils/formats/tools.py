"""Definitions of tools and calls of them, in OpenAI's layout."""

from __future__ import annotations

from typing import Any

import orjson

from src.utils.formats.shape import FormatError, describe, read_choice, read_items, read_object, read_text

_FUNCTION = {"function": "function"}


def read_tools(value: Any, where: str) -> tuple[dict[str, Any], ...]:
    """The definitions of a list of tools. Raises FormatError."""
    return tuple(_read_tool(tool, place) for tool, place in read_items(value, where))


def _read_tool(value: Any, where: str) -> dict[str, Any]:
    tool = read_object(value, where, required=("type", "function"))
    read_choice(tool["type"], f"{where}.type", _FUNCTION)
    place = f"{where}.function"
    function = read_object(
        tool["function"], place, required=("name",), optional=("description", "parameters", "strict")
    )
    read_name(function["name"], f"{place}.name")
    parameters = function.get("parameters", {})
    if not isinstance(parameters, dict):
        raise FormatError(f"{place}.parameters", f"an object is expected, found {describe(parameters)}")
    return tool


def read_tool_calls(value: Any, where: str) -> tuple[dict[str, Any], ...]:
    """The calls of an assistant's turn; ``arguments`` given as an object are made the string that most vendors want.
    Raises FormatError."""
    return tuple(_read_call(call, place) for call, place in read_items(value, where))


def _read_call(value: Any, where: str) -> dict[str, Any]:
    call = read_object(value, where, required=("id", "type", "function"))
    read_text(call["id"], f"{where}.id")
    read_choice(call["type"], f"{where}.type", _FUNCTION)
    place = f"{where}.function"
    function = read_object(call["function"], place, required=("name", "arguments"))
    read_name(function["name"], f"{place}.name")
    arguments = function["arguments"]
    if isinstance(arguments, dict):
        return tool_call(call["id"], function["name"], arguments)
    try:
        orjson.loads(read_text(arguments, f"{place}.arguments"))
    except orjson.JSONDecodeError as error:
        problem = f"a string of JSON is expected: {error.msg}"
        raise FormatError(f"{place}.arguments", problem, found=repr(arguments[:40]), allowed="JSON") from error
    return call


def tool_call(identity: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """A call in OpenAI's layout."""
    function = {"name": name, "arguments": orjson.dumps(arguments).decode()}
    return {"id": identity, "type": "function", "function": function}


def read_name(value: Any, where: str) -> str:
    """The name of a function. Raises FormatError for an empty one."""
    if not read_text(value, where).strip():
        raise FormatError(where, "the name is empty", found="''", allowed="a name")
    return str(value)
