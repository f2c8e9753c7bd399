"""What every batch API can do: take many requests at once, say how far it is, give the answers back, be cancelled."""

from __future__ import annotations

import importlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from src.core.errors import ConfigError, ErrorKind, ProviderError
from src.core.specs import BatchOffer
from src.core.types import ChatRequest, GenerationResult, ProviderName
from src.providers.answers import dig
from src.providers.base_provider import BaseProvider
from src.providers.endpoints import resolve_endpoint
from src.providers.remote_provider import RemoteProvider
from src.providers.wire_errors import MAX_QUOTED, kind_of_status

TRANSFER_TIMEOUT_S = 900.0
"""For a file of up to hundreds of MB, one way."""
CHAT_ENDPOINT = "/v1/chat/completions"
TAG: Final = "batch"
"""Under this name a vendor that takes notes about a batch is told its tag."""
LISTED: Final = 100
"""Batches on one page of a vendor's list, the newest first: what a run that broke off has sent is on the first ones."""
MOST_PAGES: Final = 10
_QUEUE_IS_FULL = re.compile(
    r"enqueued|token_limit_exceeded|(pending|concurrent|queued) (batch|request|job)", re.IGNORECASE
)
_UNSURE: frozenset[ErrorKind] = frozenset({"timeout", "connection", "malformed"})
_APIS: Mapping[ProviderName, str] = {
    "openai": "src.providers.openai_batch:OpenAIBatch",
    "anthropic": "src.providers.anthropic_batch:AnthropicBatch",
    "google": "src.providers.google_batch:GoogleBatch",
    "mistral": "src.providers.mistral_batch:MistralBatch",
    "llama": "src.providers.together_batch:TogetherBatch",
}


class BatchState(NamedTuple):
    """How far a batch is. ``share`` of its requests is done (0 to 1; 0 where the vendor does not say before the end);
    ``failure`` is why the batch as a whole came to nothing."""

    is_done: bool
    share: float = 0.0
    failure: ProviderError | None = None


class SentBatch(NamedTuple):
    """A batch that may have reached the vendor: what it was told to tell it from others, how many requests it holds,
    when it was noted, and the vendor's names of batches that it is not."""

    tag: str
    requests: int
    at: datetime
    others: frozenset[str] = frozenset()


class BatchAnswer(NamedTuple):
    """What came of one request; ``key`` is the one it was sent under."""

    key: str
    outcome: GenerationResult | ProviderError


class BatchApi(ABC):
    """One vendor's batches, through the client of its provider. Every method raises ProviderError and never retries."""

    def __init__(self, provider: RemoteProvider, offer: BatchOffer) -> None:
        self.provider = provider
        self.offer = offer

    @abstractmethod
    def encode(self, key: str, request: ChatRequest) -> bytes:
        """One request of a batch, as JSON without a line break. ``key`` has up to 64 letters, digits, _ and -."""

    async def submit(self, lines: Sequence[bytes], model: str, tag: str) -> str:
        """Send one batch for ``model``; its id. ``tag`` goes with it. A failure that leaves open whether the vendor has
        taken it ends the run (``is_unsure``): sending it once more might pay for it twice."""
        upload = await self._upload(lines, tag)
        try:
            return await self._create(upload, model, tag)
        except ProviderError as error:
            if is_unsure(error):
                error.ends_run = True
                error.fix = f"Run again: it first looks whether {self.provider.spec.title} has taken the batch."
            raise

    @abstractmethod
    async def find(self, sent: SentBatch) -> str:
        """The id of a batch that was sent and of which no answer came; "" when the vendor has none such."""

    @abstractmethod
    async def poll(self, batch: str) -> BatchState:
        """How far a batch is."""

    @abstractmethod
    async def collect(self, batch: str, model: str, keys: Sequence[str]) -> list[BatchAnswer]:
        """Whatever a batch that is done has answered, in any order; requests without an answer (expired, cancelled)
        may be missing. ``keys`` are those that it was sent with, in order."""

    @abstractmethod
    async def cancel(self, batch: str) -> None:
        """Ask the vendor to do no more of a batch. What is answered by then is billed, and can be collected."""

    @abstractmethod
    async def _upload(self, lines: Sequence[bytes], tag: str) -> Any:
        """Bring the requests to the vendor; what ``_create`` needs to name them. Costs nothing yet."""

    @abstractmethod
    async def _create(self, upload: Any, model: str, tag: str) -> str:
        """Have the vendor begin; the id of the batch."""

    def _failure(self, said: str, code: str = "") -> ProviderError:
        """Why a whole batch was refused: mostly because too much is waiting already."""
        kind = "rate_limit" if _QUEUE_IS_FULL.search(f"{code} {said}") else kind_of_status(400, said)
        return self.provider.failure(kind, said[:MAX_QUOTED])

    def _read(self, body: Any, model: str) -> GenerationResult | ProviderError:
        """What an answer holds, as an outcome: a refusal is one too."""
        try:
            return self.provider.read(body if isinstance(body, Mapping) else {}, model)
        except ProviderError as error:
            return error

    @property
    def _timeout_s(self) -> float:
        return self.provider.connection.timeout_s


def is_unsure(error: ProviderError) -> bool:
    """Whether a failure leaves open what the vendor has done."""
    return error.kind in _UNSURE


def open_batch_api(provider: BaseProvider) -> BatchApi:
    """The batch API behind a provider's connection. Raises ConfigError where there is none."""
    offer = provider.spec.batch if isinstance(provider, RemoteProvider) else None
    if not isinstance(provider, RemoteProvider) or offer is None:
        raise _no_batches(provider.name)
    url = resolve_endpoint(provider.spec, provider.connection.base_url).url
    named = [name for name, address in provider.spec.presets.items() if address.rstrip("/") == url]
    if offer.presets and named and not set(named) & set(offer.presets):
        raise _no_batches(named[0])
    module_name, _, class_name = _APIS[provider.name].partition(":")
    api: BatchApi = getattr(importlib.import_module(module_name), class_name)(provider, offer)
    return api


def read_chat_line(api: BatchApi, line: Mapping[str, Any], model: str) -> BatchAnswer:
    """One line of the result files of OpenAI, Mistral and Together: a response with its status, or an error."""
    status, body = dig(line, "response", "status_code"), dig(line, "response", "body")
    key = str(line.get("custom_id"))
    problem = line.get("error")
    if problem or not isinstance(status, int) or status >= 400:
        said = dig(problem, "message") or dig(body, "error", "message") or dig(body, "message") or problem or body
        # an error beside the response (expired, cancelled) is no fault of the request
        kind = kind_of_status(status, str(said)) if isinstance(status, int) and status >= 400 else "server"
        return BatchAnswer(key, api.provider.failure(kind, str(said)[:MAX_QUOTED]))
    return BatchAnswer(key, api._read(body, model))


def read_lines(content: bytes) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file. Raises ProviderError (malformed) for anything else."""
    from src.providers.answers import read_body

    return (read_body(line) for line in content.splitlines() if line.strip())


def to_line(value: Mapping[str, Any]) -> bytes:
    """One line of a JSONL file."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # unpaired surrogates, which only an escape can hold
        return json.dumps(value).encode("ascii")


def _no_batches(name: str) -> ConfigError:
    return ConfigError(
        f"There is no batch API for {name}.",
        fix="Set generation.batch to false, or let openai, anthropic, google, mistral or Together "
        "(endpoints.llama: together) write.",
    )
