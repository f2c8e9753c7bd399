"""The rows of training files as conversations, and why a line is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from src.core.errors import InputFileError
from src.providers.conversation import Conversation
from src.utils.formats.openai_chat import OPENAI_CHAT
from src.utils.formats.registry import known_part
from src.utils.formats.row_file import read_file_rows
from src.utils.formats.shape import FormatError
from src.utils.similarity.repeats import Example


class Origin(NamedTuple):
    """Where a row stands: the file as it was named, and the line from 1."""

    file: str
    line: int


class Line(NamedTuple):
    """A line of a file: the row, or why it is none."""

    origin: Origin
    value: dict[str, Any] | None
    error: str = ""


def read_lines(paths: Sequence[Path]) -> Iterator[Line]:
    """Every line of the files, one in memory at a time. Raises InputFileError where a file cannot be read."""
    for path in paths:
        if path.is_dir():
            raise InputFileError(f"{path} is a folder.", fix="Name the JSONL files in it.")
        for row in read_file_rows(path):
            yield Line(Origin(str(path), row.number), row.value, row.error)


def read_conversation(row: dict[str, Any]) -> Conversation:
    """The turns under ``messages``; notes such as ``meta`` are not looked at. Raises FormatError."""
    if "messages" not in row:
        names = ", ".join(repr(key) for key in row) or "none"
        raise FormatError("", f"the key 'messages' is missing (found: {names})")
    return OPENAI_CHAT.from_row(known_part(row, OPENAI_CHAT))


def spoken(conversation: Conversation) -> Example:
    """All that is said but for the system text, which many rows share, and what the assistant says of it."""
    said = [turn for turn in conversation.turns if turn.role != "system"]
    answers = (turn.content for turn in said if turn.role == "assistant")
    return Example("\n".join(turn.content for turn in said), "\n".join(answers))


def meta_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The notes on where a row comes from; empty for a row without any."""
    meta = row.get("meta")
    return meta if isinstance(meta, Mapping) else {}


def id_of(row: Mapping[str, Any]) -> str:
    """What a row calls itself; "" for nothing."""
    return str(meta_of(row).get("id") or row.get("id") or "")
