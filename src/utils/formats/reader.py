"""The row reader of each provider."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from src.core.types import ProviderName, Sample
from src.providers.training_rows import has_preference_rows
from src.utils.formats.bedrock_claude import read_bedrock_claude_row
from src.utils.formats.gemini import read_gemini_row
from src.utils.formats.messages import read_messages_row
from src.utils.formats.preference import read_gemini_preference_row, read_openai_preference_row
from src.utils.formats.prompt_completion import read_prompt_completion_row
from src.utils.formats.shape import FormatError


class _PreferenceRow(NamedTuple):
    """``mark`` is a key that no other row of the provider has."""

    mark: str
    read: Callable[[dict[str, Any]], Sample]


_PREFERENCE_ROWS: Mapping[ProviderName, _PreferenceRow] = {
    "openai": _PreferenceRow("preferred_output", read_openai_preference_row),
    "google": _PreferenceRow("completions", read_gemini_preference_row),
}


def read_training_row(provider: ProviderName, row: dict[str, Any], formats: Collection[str] = ()) -> Sample:
    """The sample that one line of a training file for ``provider`` holds; ``formats`` are those that the model takes
    (``ModelLimits.formats``; empty: all of the provider's).

    The opposite of ``BaseProvider.format_example`` and ``format_preference``; source and keywords are not in a training
    row, so that they are empty. Raises FormatError naming the place, what was found and what is allowed.
    """
    preference = _PREFERENCE_ROWS.get(provider)
    if preference and preference.mark in row:
        if formats and not has_preference_rows(formats):
            raise FormatError("", "a preference pair, which this model is not tuned on", fix="Leave this row out.")
        return preference.read(row)
    if provider == "anthropic":
        return read_bedrock_claude_row(row)
    if provider == "google":
        return read_gemini_row(row)
    if provider == "llama" and (_takes_pairs_only(formats) or ("prompt" in row and "messages" not in row)):
        return read_prompt_completion_row(row)
    return read_messages_row(row)


def _takes_pairs_only(formats: Collection[str]) -> bool:
    return bool(formats) and all(name.endswith("prompt_completion") for name in formats)
