"""Google: Vertex training rows for Gemini, and generateContent through the google-genai SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from src.core.errors import ErrorKind
from src.core.specs import WriterModel
from src.core.types import ChatRequest, FinishReason, GenerationResult, ProviderName, Sample, Usage
from src.providers.answers import WireAnswer, counted_tokens, dig, malformed, refused, text_of, to_result, tokens
from src.providers.conversation import conversation_of
from src.providers.gemini_rows import gemini_content, gemini_row, to_gemini_preference
from src.providers.remote_provider import RemoteProvider
from src.providers.transport import open_transport
from src.providers.wire_errors import classify_error

_KINDS: Mapping[str, ErrorKind] = {
    "ServerError": "server",
    "ClientError": "bad_request",
    "APIError": "server",
    "UnknownApiResponseError": "malformed",
    "ContinuationInterruptedError": "connection",
}
# Finish reasons of an answer that a filter withheld; any other unusual one comes without text and is malformed.
_WITHHELD = frozenset(
    {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "MODEL_ARMOR"}
)


def to_training_row(sample: Sample) -> dict[str, Any]:
    """One line of a Vertex supervised tuning file: ``{"systemInstruction"?, "contents": [...]}``, the assistant as
    ``model``. Raises ValueError with the reason when the format cannot hold the sample."""
    return gemini_row(conversation_of(sample))


def to_chat_payload(request: ChatRequest, writer: WriterModel | None = None) -> dict[str, Any]:
    """The arguments of ``generate_content``. ``writer`` says whether the model takes a temperature; None: it does."""
    system = "\n\n".join(turn.content for turn in request.messages if turn.role == "system")
    config: dict[str, Any] = {
        "max_output_tokens": min(request.max_tokens, writer.max_output_tokens) if writer else request.max_tokens
    }
    if system:
        config["system_instruction"] = system
    if writer is None or writer.takes_temperature:
        config["temperature"] = request.temperature
    if request.seed is not None:
        config["seed"] = request.seed
    if request.stop:
        config["stop_sequences"] = list(request.stop)
    if request.json_schema is not None:
        config["response_mime_type"] = "application/json"
        config["response_json_schema"] = dict(request.json_schema)
    contents = [gemini_content(turn) for turn in request.messages if turn.role != "system"]
    return {"model": request.model, "contents": contents, "config": config}


def to_count_payload(request: ChatRequest) -> dict[str, Any]:
    """The arguments of ``count_tokens``. The Gemini API counts contents only: a system text stands among them as a turn
    of the user, with the same tokens."""
    return {"model": request.model, "contents": [gemini_content(turn) for turn in request.messages]}


def read_chat_answer(answer: Mapping[str, Any], model: str) -> GenerationResult:
    """The text of the first candidate. Raises ProviderError: refused for a blocked prompt or a withheld answer,
    malformed for none. Thinking counts as output: it is billed so."""
    usage = Usage(
        tokens(dig(answer, "usage_metadata", "prompt_token_count")),
        tokens(
            dig(answer, "usage_metadata", "candidates_token_count"),
            dig(answer, "usage_metadata", "thoughts_token_count"),
        ),
    )
    blocked = dig(answer, "prompt_feedback", "block_reason")
    if blocked:
        raise refused(str(blocked), usage)
    candidate = dig(answer, "candidates", 0)
    if not isinstance(candidate, Mapping):
        raise malformed("The answer holds no candidates", usage)
    reason = str(candidate.get("finish_reason") or "STOP")
    if reason in _WITHHELD:
        raise refused(reason, usage)
    finish: FinishReason = "length" if reason == "MAX_TOKENS" else "stop"
    return to_result(text_of(dig(candidate, "content", "parts")), model, usage, finish)


class GoogleProvider(RemoteProvider):
    """Gemini models, through the Gemini API and its keys (not Vertex, whatever the environment says)."""

    name: ClassVar[ProviderName] = "google"
    _transport: Any = None

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """One line of the training file; see ``to_training_row``."""
        return to_training_row(sample)

    def format_preference(self, sample: Sample) -> dict[str, Any]:
        """One line of a preference tuning file."""
        return to_gemini_preference(sample)

    def payload(self, request: ChatRequest) -> dict[str, Any]:
        return to_chat_payload(request, self._writer(request))

    def _open(self, base_url: str, api_key: str) -> Any:
        from google import genai

        # No retry_options: the SDK then never retries. An httpx2 client of our own, because the SDK picks aiohttp, with
        # other exceptions, wherever another package has brought it along. The SDK leaves closing it to us.
        self._transport = open_transport()
        options = genai.types.HttpOptions(
            base_url=base_url,
            timeout=max(1, int(self.connection.timeout_s * 1000)),
            httpx_async_client=self._transport,
        )
        # the provider holds the client: one that nobody holds closes itself
        return genai.Client(vertexai=False, api_key=api_key, http_options=options)

    async def _send(self, payload: Mapping[str, Any]) -> WireAnswer:
        answer = await self._client.aio.models.generate_content(**payload)
        headers = answer.sdk_http_response.headers if answer.sdk_http_response else None
        return WireAnswer(answer.model_dump(mode="json", warnings=False), headers or {})

    async def count(self, request: ChatRequest) -> int:
        """See RemoteProvider."""
        payload = to_count_payload(request)
        answer = await self.call(lambda client: client.aio.models.count_tokens(**payload), self.connection.timeout_s)
        return counted_tokens(answer.total_tokens)

    def read(self, answer: Mapping[str, Any], model: str) -> GenerationResult:
        return read_chat_answer(answer, model)

    def _classify(self, error: Exception) -> ErrorKind | None:
        return classify_error(error, _KINDS)

    async def _shut(self, client: Any) -> None:
        await client.aio.aclose()
        await self._transport.aclose()
        client.close()
