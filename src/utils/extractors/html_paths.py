"""Names the place of every text of a page: the elements around it with their classes, marks and positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from src.core.types import Field, Span

_NAME = re.compile(r"\w[\w-]{0,39}")
_MARK = re.compile(r"\w[\w .-]{0,39}")
_MAX_NAMES = 6
_MAX_DEPTH = 40
_MARKING = ("role", "aria-label", "itemprop", "title")


class PathStack:
    """The elements from the root to where a walk stands; one step reads ``div.msg.left@bot[3]``."""

    def __init__(self) -> None:
        self._steps: list[str] = []
        self._counts = [0]

    def enter(self, element: Any, name: str) -> None:
        """Take the step into an element."""
        self._counts[-1] += 1
        self._steps.append(f"{name}{_names(element)}[{self._counts[-1]}]")
        self._counts.append(0)

    def leave(self) -> None:
        """Take the step back out."""
        self._steps.pop()
        self._counts.pop()

    def __str__(self) -> str:
        return "/".join(self._steps[-_MAX_DEPTH:])


def place_fields(text: str, pieces: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    """A field for every one of the ``pieces`` (path, trimmed text) of ``text``, which holds them in this order."""
    fields = []
    position = 0
    for path, piece in pieces:
        start = text.find(piece, position) if piece else -1
        if start >= 0:
            position = start + len(piece)
            fields.append(Field(path, Span(start, position)))
    return tuple(fields)


def _names(element: Any) -> str:
    classes = [name for name in element.get("class", "").split() if _NAME.fullmatch(name)]
    marks = [
        value
        for key, value in element.attrib.items()
        if (key.startswith("data-") or key in _MARKING) and _MARK.fullmatch(value)
    ]
    return "".join([*(f".{name}" for name in classes[:_MAX_NAMES]), *(f"@{mark}" for mark in marks[:_MAX_NAMES])])
