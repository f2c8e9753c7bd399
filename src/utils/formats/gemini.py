"""Rows of ``{"systemInstruction", "contents"}``: Gemini supervised tuning, where the assistant is called ``model``."""

from __future__ import annotations

from typing import Any, Final

from src.core.types import Message, Role, Sample
from src.utils.formats.shape import UncheckedRowError, read_choice, read_list, read_object, read_text

_ROLES: Final[dict[str, Role]] = {"user": "user", "model": "assistant"}
_OTHER_PARTS: Final = ("fileData", "inlineData", "functionCall", "functionResponse")


def read_gemini_row(row: dict[str, Any]) -> Sample:
    """The sample of a row; parts hold text, several parts of a turn are joined by line breaks. Raises FormatError."""
    if "tools" in row:
        raise UncheckedRowError("tools", "rows with tools cannot be checked, only rows of text")
    content = read_object(row, "", required=("contents",), optional=("systemInstruction",))
    system = []
    if "systemInstruction" in content:
        where = "systemInstruction"
        instruction = read_object(content[where], where, required=("parts",), optional=("role",))
        system.append(Message("system", read_gemini_parts(instruction["parts"], f"{where}.parts")))
    return Sample(messages=(*system, *read_gemini_turns(content["contents"], "contents")), origin="extracted")


def read_gemini_turns(value: Any, where: str) -> tuple[Message, ...]:
    """The turns of a list of contents. Raises FormatError."""
    return tuple(_read_turn(turn, f"{where}[{number}]") for number, turn in enumerate(read_list(value, where)))


def _read_turn(value: Any, where: str) -> Message:
    turn = read_object(value, where, required=("role", "parts"))
    role = read_choice(turn["role"], f"{where}.role", _ROLES)
    return Message(role, read_gemini_parts(turn["parts"], f"{where}.parts"))


def read_gemini_parts(value: Any, where: str) -> str:
    """The text of a list of parts, joined by line breaks. Raises FormatError."""
    texts = []
    for number, part in enumerate(read_list(value, where)):
        place = f"{where}[{number}]"
        other = [key for key in _OTHER_PARTS if isinstance(part, dict) and key in part]
        if other:
            raise UncheckedRowError(f"{place}.{other[0]}", "only parts with text can be checked")
        texts.append(read_text(read_object(part, place, required=("text",))["text"], f"{place}.text"))
    return "\n".join(texts)
