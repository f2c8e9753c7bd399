"""Rows of ``{"messages": [{"role", "content"}]}`` as chat completions have them: turns, tool calls, images, weights."""

from __future__ import annotations

from typing import Any, Final

from src.providers.conversation import Conversation, Turn, TurnRole
from src.utils.formats.shape import FormatError, describe, read_choice, read_items, read_list, read_object, read_text
from src.utils.formats.tools import read_tool_calls, read_tools
from src.utils.tokens.templates import Said

ROLES: Final[dict[str, TurnRole]] = {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"}
_PLAIN: Final = frozenset({"system", "user", "assistant"})
_MESSAGE_KEYS: Final = ("name", "weight", "tool_calls", "tool_call_id")
MESSAGE_KEYS: Final = ("messages", "tools", "parallel_tool_calls")


def read_messages_row(row: dict[str, Any], *, row_weight: bool = False) -> Conversation:
    """The conversation of a row. A message may also carry ``name``, and an assistant's ``weight`` 0 or 1 (0: not
    trained). ``row_weight``: the whole row may have a weight as well. Raises FormatError for every other shape."""
    if len(row) == 1:
        content = row if "messages" in row else read_object(row, "", required=("messages",))
        return Conversation(read_messages(content["messages"], "messages"))
    optional = ("tools", "parallel_tool_calls", *(("weight",) if row_weight else ()))
    content = read_object(row, "", required=("messages",), optional=optional)
    return Conversation(
        read_messages(content["messages"], "messages"),
        tools=read_tools(content["tools"], "tools") if content.get("tools") else (),
        parallel_tool_calls=read_flag(content.get("parallel_tool_calls"), "parallel_tool_calls"),
        weight=_read_row_weight(content["weight"]) if "weight" in content else None,
    )


def read_messages(value: Any, where: str) -> tuple[Turn, ...]:
    """The messages of a list. Raises FormatError."""
    turns: list[Turn] = []
    for message in read_list(value, where):
        # role and text alone, which nearly all messages are: told by a glance, without what only an error needs
        if type(message) is dict and len(message) == 2:
            role, content = message.get("role"), message.get("content")
            if type(content) is str and type(role) is str and role in _PLAIN:
                turns.append(Turn(ROLES[role], content))
                continue
        turns.append(_read_message(message, f"{where}[{len(turns)}]"))
    return tuple(turns)


def glance_messages(row: dict[str, Any]) -> list[Said] | None:
    """The messages of a row that has nothing but roles and texts; None: ``read_messages_row`` has to look closer.

    Roles may still be unknown and texts blank. Files have millions of such rows: no place is noted for an error.
    """
    messages = row.get("messages")
    if len(row) != 1 or type(messages) is not list:
        return None
    said: list[Said] = []
    for message in messages:
        if type(message) is not dict or len(message) != 2:
            return None
        role, content = message.get("role"), message.get("content")
        if type(role) is not str or type(content) is not str:
            return None
        said.append(Said(role, content))
    return said


def message_places(row: dict[str, Any]) -> list[str]:
    """The place of every turn of a row."""
    return [f"messages[{number}]" for number in range(len(row["messages"]))]


def read_flag(value: Any, where: str) -> bool | None:
    """``value`` as true, false, or nothing. Raises FormatError."""
    if value is None or isinstance(value, bool):
        return value
    raise FormatError(where, f"true or false is expected, found {describe(value)}", found=describe(value))


def _read_message(value: Any, where: str) -> Turn:
    calls = isinstance(value, dict) and value.get("tool_calls")
    required = ("role",) if calls else ("role", "content")
    message = read_object(value, where, required=required, optional=(*_MESSAGE_KEYS, "content"))
    role = read_choice(message["role"], f"{where}.role", ROLES)
    if "tool_calls" in message and role != "assistant":
        raise FormatError(f"{where}.tool_calls", "only assistant messages call tools", found=role, allowed="assistant")
    if (role == "tool") != ("tool_call_id" in message):
        problem = "a tool's answer has a 'tool_call_id', and nothing else has"
        raise FormatError(f"{where}.tool_call_id", problem, found=role, allowed="tool")
    text, parts = _read_content(message.get("content"), f"{where}.content", may_be_null=bool(calls))
    return Turn(
        role,
        text,
        _read_weight(message["weight"], role, f"{where}.weight") if "weight" in message else None,
        read_text(message.get("name", ""), f"{where}.name"),
        parts,
        read_tool_calls(calls, f"{where}.tool_calls") if calls else (),
        read_text(message.get("tool_call_id", ""), f"{where}.tool_call_id"),
    )


def _read_content(value: Any, where: str, *, may_be_null: bool) -> tuple[str, tuple[dict[str, Any], ...]]:
    """The text of a content, and its parts where one of them is an image."""
    if value is None and may_be_null:
        return "", ()
    if not isinstance(value, list):
        return read_text(value, where), ()
    texts, has_images = [], False
    for part, place in read_items(value, where):
        kind = read_object(part, place, required=("type",), optional=("text", "image_url"))["type"]
        if kind == "image_url":
            has_images = True
            _check_image(part, place)
        else:
            read_choice(kind, f"{place}.type", {"text": "text", "image_url": "image_url"})
            texts.append(read_text(read_object(part, place, required=("type", "text"))["text"], f"{place}.text"))
    return "\n".join(texts), tuple(value) if has_images else ()


def _check_image(part: dict[str, Any], where: str) -> None:
    image = read_object(part, where, required=("type", "image_url"))["image_url"]
    place = f"{where}.image_url"
    # OpenAI writes an object, Mistral the address alone
    url = image if isinstance(image, str) else read_object(image, place, required=("url",), optional=("detail",))["url"]
    if not read_text(url, f"{place}.url").startswith(("http://", "https://", "data:image/")):
        allowed = "http(s) or a data URL of an image"
        raise FormatError(f"{place}.url", f"{allowed} is expected", found=repr(url[:30]), allowed=allowed)


def _read_weight(value: Any, role: TurnRole, where: str) -> float:
    if role != "assistant":
        problem = "only assistant messages have a weight"
        raise FormatError(where, problem, found=role, allowed="assistant", fix="Remove 'weight'.")
    if isinstance(value, bool) or value not in (0, 1):
        raise FormatError(where, f"allowed are 0 and 1; found {value!r}", found=repr(value), allowed="0, 1")
    return int(value)


def _read_row_weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        problem = f"a number from 0 up is expected, found {describe(value)} ({value!r})"
        raise FormatError("weight", problem, found=repr(value), allowed="a number from 0 up")
    return value
