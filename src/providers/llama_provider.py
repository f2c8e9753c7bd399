"""Meta Llama: Together's and Bedrock's training rows, and any OpenAI-compatible server that runs a Llama."""

from __future__ import annotations

from typing import Any, ClassVar

from src.core.types import ProviderName, Sample
from src.providers.conversation import conversation_of
from src.providers.openai_compatible import OpenAICompatibleProvider, read_chat_answer, to_chat_payload
from src.providers.training_rows import pair_row, to_message_row

__all__ = ["LlamaProvider", "read_chat_answer", "to_chat_payload", "to_training_row"]

BEDROCK_PREFIX = "meta.llama3-1"
"""Bedrock's Llama 3.1 takes prompt and completion only; its later models take conversations."""


def to_training_row(sample: Sample, model: str = "") -> dict[str, Any]:
    """One line of a training file: ``{"messages": [...]}`` for Together and local trainers.

    For Bedrock's Llama 3.1 ``{"prompt", "completion"}``: the last turn of the assistant is the completion, everything
    before it the prompt. Raises ValueError with the reason when the format cannot hold the sample.
    """
    if not model.startswith(BEDROCK_PREFIX):
        return to_message_row(sample, "llama")
    return pair_row(conversation_of(sample))


class LlamaProvider(OpenAICompatibleProvider):
    """Llama models through ``endpoints.llama``: the name of a preset, or a base URL with its /v1."""

    name: ClassVar[ProviderName] = "llama"

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """One line of the training file; see ``to_training_row``."""
        return to_training_row(sample, self.model)
