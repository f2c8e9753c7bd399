"""Values as Python writes them: files called JSON whose lines hold ``{'key': None}``."""

from __future__ import annotations

import ast
from typing import Any

_OPENS = ("{'", "[{'", '[{"', '{"', "['")
_NO_VALUE = (ValueError, SyntaxError, RecursionError, MemoryError)


def read_python_values(text: str) -> list[Any]:
    """The dicts or lists of ``text``, one a line or a single one; [] where something else stands there."""
    stripped = text.strip()
    if not stripped.startswith(_OPENS):
        return []
    try:
        values = [ast.literal_eval(line.strip()) for line in stripped.split("\n") if line.strip()]
    except _NO_VALUE:
        try:
            values = [ast.literal_eval(stripped)]
        except _NO_VALUE:
            return []
    return values if all(isinstance(value, dict | list) for value in values) else []
