"""Anthropic: Bedrock's Claude training rows, and messages through the anthropic SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from src.core.errors import ErrorKind
from src.core.specs import WriterModel
from src.core.types import ChatRequest, FinishReason, GenerationResult, ProviderName, Sample, Usage
from src.providers.answers import (
    WireAnswer,
    counted_tokens,
    dig,
    malformed,
    read_body,
    refused,
    text_of,
    to_result,
    tokens,
)
from src.providers.conversation import conversation_of
from src.providers.json_schemas import ANTHROPIC_UNKNOWN, strict_schema
from src.providers.remote_provider import RemoteProvider
from src.providers.training_rows import claude_row, join_neighbours
from src.providers.wire_errors import classify_aiohttp_error

_KINDS: Mapping[str, ErrorKind] = {
    "APITimeoutError": "timeout",
    "APIConnectionError": "connection",
    "APIResponseValidationError": "malformed",
    "APIWebhookValidationError": "malformed",
    "RetryableError": "server",
    "CredentialsError": "auth",
    "_NonObjectPayloadError": "auth",
    "APIError": "server",
    "AnthropicError": "bad_request",
}
_CUT = frozenset({"max_tokens", "model_context_window_exceeded"})


def to_training_row(sample: Sample) -> dict[str, Any]:
    """One line of a Bedrock Claude file: ``{"system"?, "messages": [...]}``, turns strictly alternating from the user.

    Neighbouring turns of one role become one. Raises ValueError with the reason when the format cannot hold the sample.
    """
    return claude_row(conversation_of(sample))


def to_chat_payload(request: ChatRequest, writer: WriterModel | None = None) -> dict[str, Any]:
    """The body of a message request. ``writer`` says whether the model takes a temperature; None: it does not.

    Claude's scale of temperatures ends at 1. There is no seed on this wire.
    """
    system = "\n\n".join(turn.content for turn in request.messages if turn.role == "system")
    turns = join_neighbours([turn for turn in request.messages if turn.role != "system"])
    payload: dict[str, Any] = {
        "model": request.model,
        "max_tokens": min(request.max_tokens, writer.max_output_tokens) if writer else request.max_tokens,
        "messages": [{"role": turn.role, "content": turn.content} for turn in turns],
    }
    if system:
        payload["system"] = system
    if writer is not None and writer.takes_temperature:
        payload["temperature"] = min(1.0, request.temperature)
    if request.stop:
        payload["stop_sequences"] = list(request.stop)
    if request.json_schema is not None:
        schema = strict_schema(request.json_schema, ANTHROPIC_UNKNOWN)
        payload["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    return payload


def to_count_payload(request: ChatRequest) -> dict[str, Any]:
    """The body of a request to count. A last answer must not end in blanks there."""
    payload = to_chat_payload(request)
    messages = payload["messages"]
    messages[-1]["content"] = messages[-1]["content"].rstrip()
    return {key: payload[key] for key in ("model", "messages", "system") if key in payload}


def read_chat_answer(answer: Mapping[str, Any], model: str) -> GenerationResult:
    """The text blocks of a message. Raises ProviderError: refused for a withheld answer, malformed for none."""
    usage = Usage(
        tokens(
            dig(answer, "usage", "input_tokens"),
            dig(answer, "usage", "cache_creation_input_tokens"),
            dig(answer, "usage", "cache_read_input_tokens"),
        ),
        tokens(dig(answer, "usage", "output_tokens")),
    )
    if answer.get("stop_reason") == "refusal":
        raise refused("refusal", usage)
    content = answer.get("content")
    if not isinstance(content, list):
        raise malformed("The answer holds no content", usage)
    finish: FinishReason = "length" if answer.get("stop_reason") in _CUT else "stop"
    return to_result(text_of(content), model, usage, finish)


class AnthropicProvider(RemoteProvider):
    """Claude models, through Anthropic's own API."""

    name: ClassVar[ProviderName] = "anthropic"

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """One line of the training file; see ``to_training_row``."""
        return to_training_row(sample)

    def payload(self, request: ChatRequest) -> dict[str, Any]:
        return to_chat_payload(request, self._writer(request))

    def _open(self, base_url: str, api_key: str) -> Any:
        from anthropic import AsyncAnthropic, DefaultAioHttpClient

        return AsyncAnthropic(
            base_url=base_url,
            api_key=api_key,
            timeout=self.connection.timeout_s,
            max_retries=0,
            http_client=DefaultAioHttpClient(timeout=self.connection.timeout_s),
        )

    async def _send(self, payload: Mapping[str, Any]) -> WireAnswer:
        import httpx2

        # the SDK's bare post, as in openai_compatible
        answer = await self._client.post("/v1/messages", body=payload, cast_to=httpx2.Response)
        return WireAnswer(read_body(answer.content), answer.headers)

    async def count(self, request: ChatRequest) -> int:
        """See RemoteProvider."""
        payload = to_count_payload(request)
        answer = await self.call(lambda _client: self._send_count(payload), self.connection.timeout_s)
        return counted_tokens(answer.get("input_tokens"))

    async def _send_count(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        import httpx2

        answer = await self._client.post("/v1/messages/count_tokens", body=payload, cast_to=httpx2.Response)
        return read_body(answer.content)

    def read(self, answer: Mapping[str, Any], model: str) -> GenerationResult:
        return read_chat_answer(answer, model)

    def _classify(self, error: Exception) -> ErrorKind | None:
        return classify_aiohttp_error(error, _KINDS)

    async def _shut(self, client: Any) -> None:
        await client.close()
