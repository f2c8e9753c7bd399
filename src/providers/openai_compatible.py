"""The chat completions protocol: OpenAI's own, and what Together, OpenRouter, Ollama, vLLM and llama.cpp speak too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from src.core.errors import ErrorKind, ProviderError
from src.core.specs import WriterModel
from src.core.types import ChatRequest, FinishReason, GenerationResult, Usage
from src.providers.answers import WireAnswer, dig, malformed, read_body, refused, text_of, to_result, tokens
from src.providers.json_schemas import OPENAI_UNKNOWN, strict_schema
from src.providers.remote_provider import RemoteProvider
from src.providers.wire_errors import MAX_QUOTED, classify_aiohttp_error, full_message, kind_of_status

_KINDS: Mapping[str, ErrorKind] = {
    "APITimeoutError": "timeout",
    "APIConnectionError": "connection",
    "APIResponseValidationError": "malformed",
    "LengthFinishReasonError": "truncated",
    "ContentFilterFinishReasonError": "refused",
    "WebSocketConnectionClosedError": "connection",
    "WebSocketQueueFullError": "connection",
    "SubjectTokenProviderError": "auth",
    "_TransientTokenExchangeError": "auth",
    "APIError": "server",
    "OpenAIError": "bad_request",
}


_SCHEMA_REFUSAL = re.compile(r"response_format|json_schema|structured output|guided", re.IGNORECASE)


def to_chat_payload(
    request: ChatRequest,
    writer: WriterModel | None = None,
    *,
    length_key: Literal["max_tokens", "max_completion_tokens"] = "max_tokens",
) -> dict[str, Any]:
    """The body of a chat completion. ``writer`` says which parameters the model takes; None: all of them."""
    payload: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": turn.role, "content": turn.content} for turn in request.messages],
        length_key: min(request.max_tokens, writer.max_output_tokens) if writer else request.max_tokens,
    }
    if writer is None or writer.takes_temperature:
        payload["temperature"] = request.temperature
    if writer is not None and writer.reasoning_effort:
        payload["reasoning_effort"] = writer.reasoning_effort
    if request.seed is not None:
        payload["seed"] = request.seed
    if request.stop:
        payload["stop"] = list(request.stop)
    if request.json_schema is not None:
        payload["response_format"] = to_response_format(request.json_schema)
    return payload


def to_response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The wish for an answer of the shape of ``schema``."""
    strict = strict_schema(schema, OPENAI_UNKNOWN)
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": strict}}


def read_chat_answer(answer: Mapping[str, Any], model: str) -> GenerationResult:
    """The first choice of a chat completion. Raises ProviderError: refused if withheld, malformed if there is none;
    for an error under a status of success, as routers send it, the kind of that error."""
    usage = Usage(tokens(dig(answer, "usage", "prompt_tokens")), tokens(dig(answer, "usage", "completion_tokens")))
    choice = dig(answer, "choices", 0)
    if not isinstance(choice, Mapping):
        raise _routed_error(answer) or malformed("The answer holds no choices", usage)
    if choice.get("finish_reason") == "content_filter":
        raise refused("content filter", usage)
    if dig(choice, "message", "refusal"):
        raise refused(str(dig(choice, "message", "refusal"))[:200], usage)
    finish: FinishReason = "length" if choice.get("finish_reason") in {"length", "model_length"} else "stop"
    return to_result(text_of(dig(choice, "message", "content")), model, usage, finish)


def _routed_error(answer: Mapping[str, Any]) -> ProviderError | None:
    code, said = dig(answer, "error", "code"), str(dig(answer, "error", "message") or "no message")
    if not isinstance(code, int) or not 400 <= code <= 599:
        return None
    return ProviderError(
        f"The router passed on an error ({code}): {said[:MAX_QUOTED]}",
        kind=kind_of_status(code, said),
        fix="Run again later, or choose another model (system.agentic_model).",
    )


class OpenAICompatibleProvider(RemoteProvider):
    """The openai SDK on its aiohttp transport, against any server that speaks the protocol."""

    _length_key: ClassVar[Literal["max_tokens", "max_completion_tokens"]] = "max_tokens"
    _refuses_schemas: bool = False

    def payload(self, request: ChatRequest) -> dict[str, Any]:
        return to_chat_payload(request, self._writer(request), length_key=self._length_key)

    def _open(self, base_url: str, api_key: str) -> Any:
        from openai import AsyncOpenAI, DefaultAioHttpClient

        return AsyncOpenAI(
            base_url=base_url,
            api_key=api_key,
            timeout=self.connection.timeout_s,
            max_retries=0,
            http_client=DefaultAioHttpClient(timeout=self.connection.timeout_s),
        )

    async def _send(self, payload: Mapping[str, Any]) -> WireAnswer:
        from openai import BadRequestError, UnprocessableEntityError

        if self._refuses_schemas:
            payload = _without_schema(payload)
        try:
            return await self._create(payload)
        except (BadRequestError, UnprocessableEntityError) as error:
            if "response_format" not in payload or not _SCHEMA_REFUSAL.search(full_message(error)):
                raise
            # not every server of this protocol knows schemas: ask it plainly from now on, the prompt names the fields
            self._refuses_schemas = True
            return await self._create(_without_schema(payload))

    async def _create(self, payload: Mapping[str, Any]) -> WireAnswer:
        import httpx2

        # The SDK's bare post: turning the payload into its types and the answer into its objects, only to take them
        # apart again, would cost more CPU than the rest of the call.
        answer = await self._client.post("/chat/completions", body=payload, cast_to=httpx2.Response)
        return WireAnswer(read_body(answer.content), answer.headers)

    def read(self, answer: Mapping[str, Any], model: str) -> GenerationResult:
        return read_chat_answer(answer, model)

    def _classify(self, error: Exception) -> ErrorKind | None:
        return classify_aiohttp_error(error, _KINDS)

    def _fix(self, kind: ErrorKind) -> str:
        return f"{super()._fix(kind)} Most base URLs end in /v1." if kind == "not_found" else super()._fix(kind)

    async def _shut(self, client: Any) -> None:
        await client.close()


def _without_schema(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key != "response_format"}
