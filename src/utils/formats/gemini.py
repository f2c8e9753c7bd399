"""Gemini on Vertex: supervised rows of ``systemInstruction`` and ``contents``, and preference rows. The assistant is
called ``model``, and tool calls have no ids: they get some by their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from src.providers.conversation import Conversation, Turn, TurnRole
from src.providers.gemini_rows import gemini_preference_row, gemini_row
from src.providers.row_rules import LENIENT_RULES
from src.utils.formats.form import Format, Holds
from src.utils.formats.shape import (
    FormatError,
    UncheckedRowError,
    read_any_object,
    read_choice,
    read_items,
    read_object,
    read_text,
)
from src.utils.formats.tools import read_name, read_tools, tool_call

_ROLES: Final[dict[str, TurnRole]] = {"user": "user", "model": "assistant"}
_PART_KINDS: Final = ("text", "functionCall", "functionResponse", "fileData", "inlineData")


def read_gemini_row(row: dict[str, Any]) -> Conversation:
    """``{"systemInstruction"?, "contents", "tools"?}``; texts of a turn are joined by line breaks. Raises
    FormatError."""
    content = read_object(row, "", required=("contents",), optional=("systemInstruction", "tools"))
    return Conversation(
        (*_read_system(content, "systemInstruction"), *_read_contents(content["contents"])),
        tools=tuple(_read_tools(content["tools"])) if "tools" in content else (),
    )


def read_gemini_preference_row(row: dict[str, Any]) -> Conversation:
    """``{"system_instruction"?, "contents", "completions"}``: of the two completions the better one has score 1 and the
    worse one 0. Raises FormatError."""
    content = read_object(row, "", required=("contents", "completions"), optional=("system_instruction",))
    scored: dict[int, Turn] = {}
    for value, where in read_items(content["completions"], "completions"):
        completion = read_object(value, where, required=("score", "completion"))
        score = completion["score"]
        if isinstance(score, bool) or score not in (0, 1) or score in scored:
            problem = f"one completion has score 1 and one has 0; found {score!r}"
            raise FormatError(f"{where}.score", problem, found=repr(score), allowed="0, 1")
        scored[int(score)] = _read_answer(completion["completion"], f"{where}.completion")
    if len(scored) != 2:
        problem = f"two completions are expected, found {len(scored)}"
        raise FormatError("completions", problem, found=str(len(scored)), allowed="2")
    turns = _read_contents(content["contents"])
    if turns[-1].role != "user":
        where = f"contents[{len(turns) - 1}].role"
        raise FormatError(where, "the last turn before the completions is the user's", found="model", allowed="user")
    return Conversation((*_read_system(content, "system_instruction"), *turns, scored[1]), scored[0])


def _read_system(row: dict[str, Any], where: str) -> tuple[Turn, ...]:
    if where not in row:
        return ()
    instruction = read_object(row[where], where, required=("parts",), optional=("role",))
    return (Turn("system", _text_of(instruction["parts"], f"{where}.parts")),)


class _OpenCalls:
    """The calls of a row that no tool has answered yet; each gets an id by its place, which Gemini does not write."""

    def __init__(self) -> None:
        self._count = 0
        self._open: list[tuple[str, str]] = []

    def add(self, name: str) -> str:
        self._count += 1
        identity = f"call{self._count:05d}"
        self._open.append((name, identity))
        return identity

    def answer(self, name: str, where: str) -> str:
        """The id of the first open call of ``name``. Raises FormatError when there is none."""
        found = next((call for call in self._open if call[0] == name), None)
        if found is None:
            allowed = ", ".join(call[0] for call in self._open)
            raise FormatError(where, f"no open call of {name!r}", found=name, allowed=allowed)
        self._open.remove(found)
        return found[1]


def _read_contents(value: Any) -> list[Turn]:
    turns: list[Turn] = []
    calls = _OpenCalls()
    for content, where in read_items(value, "contents"):
        plain = _read_plain(content)
        turns += [plain] if plain else _read_turns(content, where, calls)
    return turns


def _read_plain(value: Any) -> Turn | None:
    """A turn of one text, which nearly all are, told by a glance."""
    if type(value) is dict and len(value) == 2:
        parts, role = value.get("parts"), value.get("role")
        if type(parts) is list and len(parts) == 1 and type(parts[0]) is dict and len(parts[0]) == 1:
            text = parts[0].get("text")
            if type(text) is str and type(role) is str and role in _ROLES:
                return Turn(_ROLES[role], text)
    return None


def _read_turns(value: Any, where: str, open_calls: _OpenCalls) -> list[Turn]:
    """The turn of a content, or one for each answer of a tool in it."""
    turn = read_object(value, where, required=("role", "parts"))
    role = read_choice(turn["role"], f"{where}.role", _ROLES)
    texts: list[str] = []
    calls: list[dict[str, Any]] = []
    answers: list[Turn] = []
    for part, place in read_items(turn["parts"], f"{where}.parts"):
        kind = _kind_of(part, place)
        if kind == "functionCall":
            calls.append(_read_call(part[kind], f"{place}.{kind}", open_calls))
        elif kind == "functionResponse":
            answers.append(_read_response(part[kind], f"{place}.{kind}", open_calls))
        else:
            texts.append(read_text(part["text"], f"{place}.text"))
    wrong = (calls and role != "assistant") or (answers and (texts or calls or role != "user"))
    if wrong:
        allowed = "functionCall of the model, functionResponse of the user, alone in its turn"
        raise FormatError(where, f"allowed are {allowed}", found=turn["role"], allowed=allowed)
    return answers or [Turn(role, "\n".join(texts), tool_calls=tuple(calls))]


def _kind_of(part: Any, where: str) -> str:
    kinds = [key for key in _PART_KINDS if isinstance(part, dict) and key in part]
    if not kinds:
        read_object(part, where, required=("text",))
    if len(kinds) != 1:
        allowed = ", ".join(_PART_KINDS)
        raise FormatError(where, f"a part holds exactly one of {allowed}", found=", ".join(part), allowed=allowed)
    if kinds[0] in ("fileData", "inlineData"):
        raise UncheckedRowError(f"{where}.{kinds[0]}", "only parts with text or functions can be checked")
    read_object(part, where, required=kinds)
    return kinds[0]


def _read_call(value: Any, where: str, calls: _OpenCalls) -> dict[str, Any]:
    call = read_object(value, where, required=("name",), optional=("args",))
    name = read_name(call["name"], f"{where}.name")
    arguments = read_any_object(call.get("args", {}), f"{where}.args")
    return tool_call(calls.add(name), name, arguments)


def _read_response(value: Any, where: str, calls: _OpenCalls) -> Turn:
    answer = read_object(value, where, required=("name", "response"))
    name = read_name(answer["name"], f"{where}.name")
    response = read_any_object(answer["response"], f"{where}.response")
    output = response.get("output") if len(response) == 1 else None
    text = output if isinstance(output, str) else orjson.dumps(response).decode()
    return Turn("tool", text, tool_call_id=calls.answer(name, f"{where}.name"))


def _read_tools(value: Any) -> Iterator[dict[str, Any]]:
    for tool, where in read_items(value, "tools"):
        declared = read_object(tool, where, required=("functionDeclarations",))["functionDeclarations"]
        for function, place in read_items(declared, f"{where}.functionDeclarations"):
            yield from read_tools([{"type": "function", "function": function}], place)


def _text_of(value: Any, where: str) -> str:
    parts = [(read_object(part, place, required=("text",)), place) for part, place in read_items(value, where)]
    return "\n".join(read_text(part["text"], f"{place}.text") for part, place in parts)


def _read_answer(value: Any, where: str) -> Turn:
    turn = read_object(value, where, required=("role", "parts"))
    role = read_choice(turn["role"], f"{where}.role", {"model": "model"})
    return Turn(_ROLES[role], _text_of(turn["parts"], f"{where}.parts"))


def _places(row: dict[str, Any]) -> list[str]:
    system = [key for key in ("systemInstruction", "system_instruction") if key in row]
    return [*system, *_content_places(row["contents"]), *(["completions"] if "completions" in row else [])]


def _content_places(contents: list[dict[str, Any]]) -> Iterator[str]:
    for number, content in enumerate(contents):
        answers = sum("functionResponse" in part for part in content["parts"])
        yield from [f"contents[{number}]"] * max(1, answers)


GEMINI = Format(
    name="gemini",
    title="Gemini on Vertex",
    keys=("systemInstruction", "contents", "tools"),
    fits=lambda row: "contents" in row and "completions" not in row,
    from_row=read_gemini_row,
    to_row=gemini_row,
    places=_places,
    part_names={"content": "parts"},
    holds=Holds(tools=True),
    rules=LENIENT_RULES,
    source="GO2 GO2b GO2c",
)
GEMINI_PREFERENCE = Format(
    name="gemini-preference",
    title="Gemini preference pairs",
    keys=("system_instruction", "contents", "completions"),
    fits=lambda row: "completions" in row,
    from_row=read_gemini_preference_row,
    to_row=gemini_preference_row,
    places=_places,
    part_names={"content": "parts"},
    holds=Holds(pair=True),
    rules=LENIENT_RULES,
    source="GO3b",
)
