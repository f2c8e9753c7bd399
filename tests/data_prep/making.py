"""Rows of our own making for the tests of data preparation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from src.core.types import Message, ProgressEvent
from src.data_prep.rows import chat_row

PARTS = ("hull", "rudder", "boom", "winch", "cleat", "transom", "shroud", "tiller", "batten", "bilge", "fairlead")


def ignore(_event: ProgressEvent) -> None:
    """Nobody watches."""


def words_of(number: int, count: int = 40) -> str:
    """Words that no other number has."""
    return " ".join(f"{PARTS[(number * 7 + step * step) % len(PARTS)]}{number}x{step}" for step in range(count))


def make_row(number: int, source: Any = "claude_logs", lang: str = "chat", **meta: Any) -> dict[str, Any]:
    """A row unlike every other one, in a group of its own unless ``group`` says otherwise."""
    group = meta.pop("group", f"group:{number}")
    asked = Message("user", f"Why does step {number} of the refit fail?\n{words_of(number)}")
    return chat_row(
        (asked, Message("assistant", f"Because of {words_of(number + 5_000)}.")), source, group, lang, **meta
    )


def said(*turns: str, roles: tuple[str, ...] = ("user", "assistant")) -> dict[str, Any]:
    """A row of turns, user and assistant by turns unless ``roles`` say otherwise."""
    pairs = [(roles[number % len(roles)], text) for number, text in enumerate(turns)]
    return {"messages": [{"role": role, "content": text} for role, text in pairs]}


def write_lines(path: Path, lines: Iterable[Any]) -> Path:
    """Objects as JSON lines, bytes as they are."""
    made = (one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for line in made))
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Every line of a file as an object."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
