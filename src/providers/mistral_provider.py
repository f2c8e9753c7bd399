"""Mistral: chat training rows, and chat completions through the mistralai SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from src.core.errors import ErrorKind
from src.core.types import ChatRequest, GenerationResult, ProviderName, Sample, WriterModel
from src.providers import openai_compatible
from src.providers.answers import malformed, plain_answer
from src.providers.openai_compatible import read_chat_answer
from src.providers.remote_provider import RemoteProvider
from src.providers.training_rows import to_message_row
from src.providers.wire_errors import classify_error

__all__ = ["MistralProvider", "read_chat_answer", "to_chat_payload", "to_training_row"]

MAX_TEMPERATURE = 1.5
"""Mistral's scale ends here; above it the API answers 422."""

_KINDS: Mapping[str, ErrorKind] = {
    "ResponseValidationError": "malformed",
    "NoResponseError": "connection",
    "MistralError": "server",
    "PermanentError": "connection",
    "TemporaryError": "connection",
    "ServiceAccountTokenError": "auth",
    "MistralClientException": "server",
}


def to_training_row(sample: Sample) -> dict[str, Any]:
    """One line of a Mistral training file: ``{"messages": [...]}``, one system message at most, turns alternating.

    Raises ValueError with the reason when the format cannot hold the sample.
    """
    return to_message_row(sample, "mistral")


def to_chat_payload(request: ChatRequest, writer: WriterModel | None = None) -> dict[str, Any]:
    """The arguments of ``chat.complete``: those of a chat completion, with ``random_seed``."""
    payload = openai_compatible.to_chat_payload(request, writer)
    payload.pop("reasoning_effort", None)
    if "seed" in payload:
        payload["random_seed"] = payload.pop("seed")
    if "temperature" in payload:
        payload["temperature"] = min(MAX_TEMPERATURE, payload["temperature"])
    return payload


class MistralProvider(RemoteProvider):
    """Mistral's models, through its own API."""

    name: ClassVar[ProviderName] = "mistral"

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """One line of the training file; see ``to_training_row``."""
        return to_training_row(sample)

    def _payload(self, request: ChatRequest) -> dict[str, Any]:
        return to_chat_payload(request, self._writer(request))

    def _open(self, base_url: str, api_key: str) -> Any:
        from mistralai.client import Mistral

        # without a retry_config the SDK never retries
        return Mistral(api_key=api_key, server_url=base_url, timeout_ms=max(1, int(self.connection.timeout_s * 1000)))

    async def _send(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        from mistralai.client.errors import ResponseValidationError

        try:
            return plain_answer(await self._client.chat.complete_async(**payload))
        except ResponseValidationError as error:
            # the SDK refuses an answer that lacks any field of its schema, say usage; the text is there and paid for
            return _parse_body(error.body)

    def _read(self, answer: Mapping[str, Any], model: str) -> GenerationResult:
        return read_chat_answer(answer, model)

    def _classify(self, error: Exception) -> ErrorKind | None:
        return classify_error(error, _KINDS)

    async def _shut(self, client: Any) -> None:
        await client.__aexit__(None, None, None)
        client.__exit__(None, None, None)


def _parse_body(body: str) -> dict[str, Any]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise malformed("The answer is not JSON") from error
    if not isinstance(answer, dict):
        raise malformed("The answer is not a JSON object")
    return answer
