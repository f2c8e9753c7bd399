"""What every row reader asks of a JSON value, and the error that says where it did not get it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

Choice = TypeVar("Choice")


class FormatError(ValueError):
    """A row is not of the provider's shape. ``where`` is the place, as in ``messages[2].content``."""

    def __init__(self, where: str, problem: str, *, fix: str = "") -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.where = where
        self.fix = fix


class UncheckedRowError(FormatError):
    """A row holds something that may be right but is not known here: tool calls, images."""


def read_object(value: Any, where: str, *, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """``value`` as an object with all required keys and none that is unknown."""
    if not isinstance(value, dict):
        raise FormatError(where, f"an object is expected, found {describe(value)}")
    for key in required:
        if key not in value:
            found = ", ".join(repr(name) for name in value) or "none"
            raise FormatError(where, f"the key {key!r} is missing (found: {found})", fix=f"Add {key!r}.")
    for key in value:
        if key not in required and key not in optional:
            allowed = ", ".join(repr(name) for name in (*required, *optional))
            raise FormatError(_join(where, key), f"unknown key; allowed are {allowed}", fix=f"Remove {key!r}.")
    return value


def read_list(value: Any, where: str) -> list[Any]:
    """``value`` as a list with at least one element."""
    if not isinstance(value, list):
        raise FormatError(where, f"a list is expected, found {describe(value)}")
    if not value:
        raise FormatError(where, "the list is empty", fix="Leave this row out.")
    return value


def read_text(value: Any, where: str) -> str:
    """``value`` as a string."""
    if not isinstance(value, str):
        raise FormatError(where, f"a string is expected, found {describe(value)}")
    return value


def read_choice(value: Any, where: str, choices: Mapping[str, Choice]) -> Choice:
    """What ``choices`` holds under the string ``value``."""
    if not isinstance(value, str) or value not in choices:
        allowed = ", ".join(repr(choice) for choice in choices)
        found = repr(value) if isinstance(value, str) else describe(value)
        raise FormatError(where, f"allowed are {allowed}; found {found}")
    return choices[value]


def describe(value: Any) -> str:
    """The JSON kind of a value, for an error message."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
