"""OpenAI: chat training rows, and chat completions through the openai SDK."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from src.core.specs import WriterModel
from src.core.types import ChatRequest, ProviderName, Sample
from src.providers import openai_compatible
from src.providers.openai_compatible import OpenAICompatibleProvider, read_chat_answer
from src.providers.training_rows import to_message_row, to_openai_preference

__all__ = ["OpenAIProvider", "read_chat_answer", "to_chat_payload", "to_training_row"]


def to_training_row(sample: Sample) -> dict[str, Any]:
    """One line of a supervised fine-tuning file: ``{"messages": [{"role", "content"}, ...]}``.

    Raises ValueError with the reason when the format cannot hold the sample.
    """
    return to_message_row(sample, "openai")


def to_chat_payload(request: ChatRequest, writer: WriterModel | None = None) -> dict[str, Any]:
    """The body of a chat completion, with ``max_completion_tokens``, which all current models take."""
    return openai_compatible.to_chat_payload(request, writer, length_key="max_completion_tokens")


class OpenAIProvider(OpenAICompatibleProvider):
    """OpenAI's models; any other server of the protocol with ``endpoints.openai``."""

    name: ClassVar[ProviderName] = "openai"
    _length_key: ClassVar[Literal["max_tokens", "max_completion_tokens"]] = "max_completion_tokens"

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """One line of the training file; see ``to_training_row``."""
        return to_training_row(sample)

    def format_preference(self, sample: Sample) -> dict[str, Any]:
        """One line of a preference file."""
        return to_openai_preference(sample)
