"""Rows of a training file whose format nobody named: the shape tells which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from src.core.types import REJECTED, Message, ProviderName, Sample
from src.providers.conversation import Conversation, holds_text_only
from src.utils.formats.bedrock import BEDROCK_CLAUDE
from src.utils.formats.form import Format
from src.utils.formats.registry import FORMATS, known_part
from src.utils.formats.shape import FormatError, UncheckedRowError

_TRAINED_BY: Final[Mapping[str, tuple[ProviderName, ...]]] = {
    "openai-chat": ("openai", "mistral", "llama"),
    "openai-dpo": ("openai", "llama"),
    "gemini": ("google",),
    "gemini-preference": ("google",),
    "bedrock-claude": ("anthropic",),
    "bedrock-llama": ("llama",),
}


class AnyRow(NamedTuple):
    """The conversation of a row, its format, and the providers who take it (none: a format of local trainers)."""

    conversation: Conversation
    form: Format
    providers: tuple[ProviderName, ...]


def read_any_row(row: dict[str, Any]) -> Sample:
    """The sample of a row in any format. Other keys, such as notes on where a row comes from, are not looked at. Raises
    FormatError; UncheckedRowError for tool calls and images."""
    return sample_of(recognise_row(row).conversation)


def recognise_row(row: dict[str, Any]) -> AnyRow:
    """The conversation of a row, with the first format that reads it. Raises FormatError: why the first one that it
    looks like does not."""
    # messages are OpenAI's, but for a system text beside them, which only Claude's rows have
    first = (BEDROCK_CLAUDE,) if "messages" in row and "system" in row else ()
    problem: FormatError | None = None
    for form in (*first, *FORMATS.values()):
        if form.fits(row):
            try:
                return AnyRow(form.from_row(known_part(row, form)), form, _TRAINED_BY.get(form.name, ()))
            except FormatError as error:
                problem = problem or error
    if problem is None:
        names = ", ".join(repr(key) for key in row) or "none"
        missing = "no key of a training row, such as messages, contents, or prompt and completion"
        problem = FormatError("", missing, found=names)
    raise problem


def sample_of(conversation: Conversation) -> Sample:
    """A row as a sample. Raises UncheckedRowError for what a sample cannot carry: tool calls, images."""
    if not holds_text_only(conversation):
        raise UncheckedRowError("", "rows with tool calls or images cannot be compared, only rows of text")
    messages = tuple(Message(turn.role, turn.content) for turn in conversation.turns if turn.role != "tool")
    worse = {REJECTED: conversation.rejected.content} if conversation.rejected else {}
    return Sample(messages, origin="extracted", metadata=worse)
