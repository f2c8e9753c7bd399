"""Rows of a training file whose provider nobody named: the shape tells which reader fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from src.core.types import ProviderName, Sample
from src.utils.formats.bedrock_claude import read_bedrock_claude_row
from src.utils.formats.gemini import read_gemini_row
from src.utils.formats.messages import read_messages_row
from src.utils.formats.prompt_completion import read_prompt_completion_row
from src.utils.formats.shape import FormatError


class _Shape(NamedTuple):
    """The keys that make a shape, the first of which tells it from the others, its reader, and who trains on it."""

    keys: tuple[str, ...]
    read: Callable[[dict[str, Any]], Sample]
    providers: tuple[ProviderName, ...]


_SHAPES = (
    _Shape(("contents", "systemInstruction"), read_gemini_row, ("google",)),
    _Shape(("prompt", "completion"), read_prompt_completion_row, ("llama",)),
    _Shape(("system", "messages"), read_bedrock_claude_row, ("anthropic",)),
    _Shape(("messages",), read_messages_row, ("openai", "mistral", "llama")),
)


class AnyRow(NamedTuple):
    """The sample of a row, and the providers whose format the row has."""

    sample: Sample
    providers: tuple[ProviderName, ...]


def read_any_row(row: dict[str, Any]) -> Sample:
    """The sample of a row in one of the formats that we write. Other keys, such as notes on where a row comes from, are
    not looked at. Raises FormatError."""
    return recognise_row(row).sample


def recognise_row(row: dict[str, Any]) -> AnyRow:
    """As ``read_any_row``, with whose format it is. Raises FormatError."""
    for keys, read, providers in _SHAPES:
        if keys[0] in row:
            return AnyRow(read({key: row[key] for key in keys if key in row}), providers)
    raise FormatError("", "no key of a training row: messages, contents, or prompt and completion")
