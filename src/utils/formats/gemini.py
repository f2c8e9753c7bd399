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
        system.append(Message("system", _read_parts(instruction["parts"], f"{where}.parts")))
    turns = read_list(content["contents"], "contents")
    read = (_read_turn(turn, f"contents[{number}]") for number, turn in enumerate(turns))
    return Sample(messages=(*system, *read), origin="extracted")


def _read_turn(value: Any, where: str) -> Message:
    turn = read_object(value, where, required=("role", "parts"))
    role = read_choice(turn["role"], f"{where}.role", _ROLES)
    return Message(role, _read_parts(turn["parts"], f"{where}.parts"))


def _read_parts(value: Any, where: str) -> str:
    texts = []
    for number, part in enumerate(read_list(value, where)):
        place = f"{where}[{number}]"
        other = [key for key in _OTHER_PARTS if isinstance(part, dict) and key in part]
        if other:
            raise UncheckedRowError(f"{place}.{other[0]}", "only parts with text can be checked")
        texts.append(read_text(read_object(part, place, required=("text",))["text"], f"{place}.text"))
    return "\n".join(texts)
