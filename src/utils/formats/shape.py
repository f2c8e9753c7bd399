"""What every row reader asks of a JSON value, and the error that says where it did not get it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

Choice = TypeVar("Choice")


class FormatError(ValueError):
    """A row is not of the provider's shape. ``where`` is the place, as in ``messages[2].content``."""

    def __init__(self, where: str, problem: str, *, found: str = "", allowed: str = "", fix: str = "") -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.where = where
        self.found = found
        self.allowed = allowed
        self.fix = fix


class UncheckedRowError(FormatError):
    """A row holds something that may be right but that a sample cannot carry: tool calls, images."""


def read_object(value: Any, where: str, *, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """``value`` as an object with all required keys and none that is unknown."""
    found = read_any_object(value, where)
    for key in required:
        if key not in value:
            names = ", ".join(repr(name) for name in value) or "none"
            problem = f"the key {key!r} is missing (found: {names})"
            raise FormatError(where, problem, found=names, allowed=repr(key), fix=f"Add {key!r}.")
    for key in value:
        if key not in required and key not in optional:
            allowed = ", ".join(repr(name) for name in (*required, *optional))
            problem = f"unknown key; allowed are {allowed}"
            raise FormatError(join_place(where, key), problem, found=repr(key), allowed=allowed, fix=f"Remove {key!r}.")
    return found


def read_any_object(value: Any, where: str) -> dict[str, Any]:
    """``value`` as an object with whatever keys."""
    if not isinstance(value, dict):
        raise _wrong_kind(value, where, "an object")
    found: dict[str, Any] = value
    return found


def read_list(value: Any, where: str) -> list[Any]:
    """``value`` as a list with at least one element."""
    if not isinstance(value, list):
        raise _wrong_kind(value, where, "a list")
    if not value:
        raise FormatError(where, "the list is empty", found="[]", allowed="at least one", fix="Leave this row out.")
    return value


def read_items(value: Any, where: str) -> Iterator[tuple[Any, str]]:
    """Every element of a list that is not empty, with its place."""
    for number, item in enumerate(read_list(value, where)):
        yield item, f"{where}[{number}]"


def read_text(value: Any, where: str) -> str:
    """``value`` as a string."""
    if not isinstance(value, str):
        raise _wrong_kind(value, where, "a string")
    return value


def read_choice(value: Any, where: str, choices: Mapping[str, Choice]) -> Choice:
    """What ``choices`` holds under the string ``value``."""
    if not isinstance(value, str) or value not in choices:
        allowed = ", ".join(repr(choice) for choice in choices)
        found = repr(value) if isinstance(value, str) else describe(value)
        raise FormatError(where, f"allowed are {allowed}; found {found}", found=found, allowed=allowed)
    return choices[value]


def describe(value: Any) -> str:
    """The JSON kind of a value, for an error message."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def join_place(where: str, key: str) -> str:
    """The place of ``key`` in the object at ``where``."""
    return f"{where}.{key}" if where else key


def _wrong_kind(value: Any, where: str, expected: str) -> FormatError:
    found = describe(value)
    return FormatError(where, f"{expected} is expected, found {found}", found=found, allowed=expected)
