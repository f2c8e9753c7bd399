"""Rows of a training file whose provider nobody named: the shape tells which reader fits."""

from __future__ import annotations

from typing import Any

from src.core.types import Sample
from src.utils.formats.bedrock_claude import read_bedrock_claude_row
from src.utils.formats.gemini import read_gemini_row
from src.utils.formats.messages import read_messages_row
from src.utils.formats.prompt_completion import read_prompt_completion_row
from src.utils.formats.shape import FormatError

_READERS = (
    (("contents", "systemInstruction"), read_gemini_row),
    (("prompt", "completion"), read_prompt_completion_row),
    (("system", "messages"), read_bedrock_claude_row),
    (("messages",), read_messages_row),
)
"""The keys that make a shape, the first of which tells it from the others, and its reader."""


def read_any_row(row: dict[str, Any]) -> Sample:
    """The sample of a row in one of the formats that we write. Other keys, such as notes on where a row comes from, are
    not looked at. Raises FormatError."""
    for keys, read in _READERS:
        if keys[0] in row:
            return read({key: row[key] for key in keys if key in row})
    raise FormatError("", "no key of a training row: messages, contents, or prompt and completion")
