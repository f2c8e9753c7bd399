"""The row reader of each provider."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from src.core.types import ProviderName, Sample
from src.utils.formats.bedrock_claude import read_bedrock_claude_row
from src.utils.formats.gemini import read_gemini_row
from src.utils.formats.messages import read_messages_row
from src.utils.formats.prompt_completion import read_prompt_completion_row


def read_training_row(provider: ProviderName, row: dict[str, Any], formats: Collection[str] = ()) -> Sample:
    """The sample that one line of a training file for ``provider`` holds; ``formats`` are those that the model takes
    (``ModelLimits.formats``; empty: all of the provider's).

    The opposite of ``BaseProvider.format_example``; source and keywords are not in a training row, so that they are
    empty. Raises FormatError naming the place, what was found and what is allowed.
    """
    if provider == "anthropic":
        return read_bedrock_claude_row(row)
    if provider == "google":
        return read_gemini_row(row)
    if provider == "llama" and (_takes_pairs_only(formats) or ("prompt" in row and "messages" not in row)):
        return read_prompt_completion_row(row)
    return read_messages_row(row)


def _takes_pairs_only(formats: Collection[str]) -> bool:
    return bool(formats) and all(name.endswith("prompt_completion") for name in formats)
