"""Mistral: chat training rows, and chat completions through the mistralai SDK."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, ClassVar

from src.core.errors import ErrorKind
from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, ProviderName, Sample
from src.providers import openai_compatible
from src.providers.answers import WireAnswer, read_body
from src.providers.openai_compatible import read_chat_answer
from src.providers.remote_provider import RemoteProvider
from src.providers.training_rows import to_message_row
from src.providers.transport import open_transport
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


_HEARD: ContextVar[Any] = ContextVar("_HEARD")
"""The last answer of the present task, as it came over the wire."""


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
    _transport: Any = None

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """One line of the training file; see ``to_training_row``."""
        return to_training_row(sample)

    def payload(self, request: ChatRequest) -> dict[str, Any]:
        return to_chat_payload(request, self._writer(request))

    def _open(self, base_url: str, api_key: str) -> Any:
        from mistralai.client import Mistral

        # The SDK hands out no headers: a client of our own tells them. Closing it is left to us.
        self._transport = open_transport(follow_redirects=True, event_hooks={"response": [_hear]})
        # without a retry_config the SDK never retries
        return Mistral(
            api_key=api_key,
            server_url=base_url,
            timeout_ms=max(1, int(self.connection.timeout_s * 1000)),
            async_client=self._transport,
        )

    async def _send(self, payload: Mapping[str, Any]) -> WireAnswer:
        from mistralai.client.errors import ResponseValidationError

        # the SDK refuses an answer that lacks any field of its schema, say usage; the text is there, and paid for
        with suppress(ResponseValidationError):
            await self._client.chat.complete_async(**payload)
        answer = _HEARD.get()
        return WireAnswer(read_body(answer.content), answer.headers)

    def read(self, answer: Mapping[str, Any], model: str) -> GenerationResult:
        return read_chat_answer(answer, model)

    def _classify(self, error: Exception) -> ErrorKind | None:
        return classify_error(error, _KINDS)

    async def _shut(self, client: Any) -> None:
        await client.__aexit__(None, None, None)
        await self._transport.aclose()
        client.__exit__(None, None, None)


async def _hear(answer: Any) -> None:
    _HEARD.set(answer)
