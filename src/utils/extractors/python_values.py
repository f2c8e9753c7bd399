"""Values as Python writes them: files called JSON whose lines hold ``{'key': None}``."""

from __future__ import annotations

import ast
import re
from typing import Any

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OF_PYTHON = re.compile(r"'|\b(?:None|True|False)\b")
"""What only Python writes outside of double quotes."""
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = frozenset("\\'\"abfnrtvxuUN01234567\n")
_NO_VALUE = (ValueError, SyntaxError, RecursionError, MemoryError)


def read_python_values(text: str) -> list[Any]:
    """The dicts or lists of ``text``, one a line or a single one, as JSON would hold them; [] where it is no Python, or
    holds what JSON cannot: bytes, sets, complex numbers."""
    stripped = text.strip()
    if stripped[:1] not in ("{", "[") or not _is_of_python(stripped):
        return []
    try:
        values = [ast.literal_eval(line.strip()) for line in stripped.split("\n") if line.strip()]
    except _NO_VALUE:
        try:
            values = [ast.literal_eval(stripped)]
        except _NO_VALUE:
            return []
    try:
        values = [_plain(value) for value in values]
    except (TypeError, RecursionError):
        return []
    return values if all(isinstance(value, dict | list) for value in values) else []


def _is_of_python(text: str) -> bool:
    """Whether signs stand there that JSON does not know, and each escape is one of Python."""
    return bool(_OF_PYTHON.search(_STRING.sub("", text))) and _ESCAPES.issuperset(_ESCAPE.findall(text))


def _plain(value: Any) -> Any:
    """The same with lists for tuples and texts for numbers as keys. Raises TypeError for what JSON cannot hold."""
    if isinstance(value, dict):
        if not all(isinstance(key, str | int | float) for key in value):
            raise TypeError
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError
