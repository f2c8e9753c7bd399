"""What enry, GitHub's linguist as a library, says of a file. There is no wheel of it for every machine: without it our
own rules decide alone, and the report says so."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final

_TELLING_BYTES: Final = 16_384
"""So much from the beginning of a file tells its language; linguist itself reads 50 kB of large ones."""


@cache
def load_enry() -> ModuleType | None:
    """The library; None where it is not installed or its compiled part does not load."""
    try:
        return import_module("enry")
    except ImportError:
        return None


def is_vendored(path: str) -> bool:
    """Whether linguist counts the path among code of others."""
    enry = load_enry()
    return enry is not None and bool(enry.is_vendor(path))


def is_generated(path: str, content: bytes) -> bool:
    """Whether linguist holds the file for generated."""
    enry = load_enry()
    return enry is not None and bool(enry.is_generated(path, content))


def language_among(path: str, content: bytes, names: tuple[str, ...]) -> str:
    """Which of the languages ``names`` the content is in; "" where it cannot be told."""
    enry = load_enry()
    if enry is None:
        return ""
    told = str(enry.get_language(path, content[:_TELLING_BYTES]))
    return told if told in names else ""
