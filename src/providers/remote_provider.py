"""One call over the network, the same for every vendor: open once, send within the time limit, translate errors."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from src.core.errors import BuilderError, ConfigError, ErrorKind, ProviderError
from src.core.specs import ProviderSpec, WriterModel
from src.core.types import ChatRequest, GenerationResult
from src.providers.answers import WireAnswer
from src.providers.base_provider import BaseProvider
from src.providers.endpoints import check_key, resolve_endpoint
from src.providers.lookup import find_writer, provider_spec
from src.providers.rate_headers import exhausted_for_s, read_rate_limits
from src.providers.wire_errors import (
    connection_message,
    full_message,
    headers_of,
    is_refused,
    is_used_up,
    retry_after_s,
    short_message,
)

_Value = TypeVar("_Value")


class RemoteProvider(BaseProvider):
    """A vendor behind an SDK. A subclass translates the request and the answer, and sends.

    One client per provider object, opened by the first ``generate`` and bound to the running event loop.
    """

    _client: Any = None

    @property
    def spec(self) -> ProviderSpec:
        """What models.yaml says about this provider."""
        return provider_spec(self.name)

    @cached_property
    def endpoint(self) -> str:
        """The address that requests go to, "" for the vendor's own."""
        url = resolve_endpoint(self.spec, self.connection.base_url).url
        return "" if url == resolve_endpoint(self.spec, "").url else url

    async def generate(self, request: ChatRequest) -> GenerationResult:
        """Send one request; never retries. Raises ProviderError with its kind, ConfigError for an unusable endpoint."""
        if request.style != "chat":
            raise ProviderError(
                "Only the local model continues a raw text.", kind="bad_request", fix="Set system.agentic_llm to local."
            )
        payload = self.payload(request)
        answer = await self.call(lambda _client: self._send(payload), self.connection.timeout_s)
        return replace(self.read(answer.body, request.model), rate_limits=read_rate_limits(answer.headers))

    async def call(self, work: Callable[[Any], Awaitable[_Value]], timeout_s: float) -> _Value:
        """``await work(client)`` with the SDK's client, opened when it is not yet; its errors come out as ProviderError
        with their kind. ``timeout_s`` holds for the whole of it."""
        if self._client is None:
            endpoint = resolve_endpoint(self.spec, self.connection.base_url)
            self._client = self._open(endpoint.url, check_key(self.spec, endpoint, self.connection.api_key))
        try:
            # the SDKs' own limits count from byte to byte; this one holds for the whole call
            async with asyncio.timeout(timeout_s):
                return await work(self._client)
        except BuilderError:
            raise
        except Exception as error:
            kind = self._classify(error)
            if kind is None:
                raise  # not an error of the call: a mistake in the program must stay visible
            raise self._translate(error, kind) from self._cause(error)

    async def count(self, request: ChatRequest) -> int:
        """How many tokens the vendor counts in the messages of ``request``. Raises ProviderError as ``generate``, and
        of kind bad_request where the vendor has no such call."""
        said = f"{self.spec.title} has no call that counts the tokens of {request.model}."
        raise ProviderError(said, kind="bad_request", fix="Set tokens.ask_provider to false: they are estimated then.")

    def failure(self, kind: ErrorKind, said: str, whole: str = "") -> ProviderError:
        """The error of that kind, with what the server said (``whole``: all of it) and what can be done."""
        host = resolve_endpoint(self.spec, self.connection.base_url).host
        is_spent = kind == "auth" and is_used_up(whole or said)
        meaning = _USED_UP if is_spent else _MEANINGS[kind]
        fix = _used_up_fix(self.spec) if is_spent else self._fix(kind)
        return ProviderError(f"{self.spec.title} ({host}): {meaning}: {self._redact(said)}", kind=kind, fix=fix)

    async def aclose(self) -> None:
        """Release connections. Safe to call twice."""
        client, self._client = self._client, None
        if client is not None:
            await self._shut(client)

    @abstractmethod
    def payload(self, request: ChatRequest) -> dict[str, Any]:
        """The arguments of the SDK's call, made of plain JSON values."""

    @abstractmethod
    def read(self, answer: Mapping[str, Any], model: str) -> GenerationResult:
        """The text and the usage of an answer. Raises ProviderError for one that was withheld or cannot be read."""

    @abstractmethod
    def _open(self, base_url: str, api_key: str) -> Any:
        """The SDK's client, with its retries off. The SDK is imported here."""

    @abstractmethod
    async def _send(self, payload: Mapping[str, Any]) -> WireAnswer:
        """One call through the SDK: the answer as plain JSON values, and its headers."""

    @abstractmethod
    def _classify(self, error: Exception) -> ErrorKind | None:
        """The kind of an exception of the SDK or its transport; None when it is not an error of the call."""

    @abstractmethod
    async def _shut(self, client: Any) -> None:
        """Close the SDK's client."""

    def _writer(self, request: ChatRequest) -> WriterModel | None:
        """What models.yaml knows about the model of ``request``; None for a model that it does not list."""
        try:
            return find_writer(self.name, request.model, self.connection.base_url)
        except ConfigError:
            return None

    def _translate(self, error: Exception, kind: ErrorKind) -> ProviderError:
        limits_told = read_rate_limits(headers_of(error))
        wait_s = retry_after_s(error)
        if wait_s is None and kind == "rate_limit":
            wait_s = exhausted_for_s(limits_told)
        said = connection_message(error) if kind == "connection" else short_message(error)
        translated = self.failure(kind, said, full_message(error))
        if is_refused(error):
            translated.fix = f"Start the server, or check its address and port in endpoints.{self.name}."
        translated.retry_after = wait_s
        translated.rate_limits = limits_told
        return translated

    def _cause(self, error: Exception) -> Exception | None:
        """The SDK's error, unless a server has put our key into it: a traceback prints the cause."""
        key = self.connection.api_key
        return None if key and key in f"{error!r} {error} {full_message(error)}" else error

    def _redact(self, text: str) -> str:
        key = self.connection.api_key
        return text.replace(key, "***") if key else text

    def _fix(self, kind: ErrorKind) -> str:
        return _FIXES[kind].format(
            key_name=self.spec.key_name, provider=self.name, timeout=f"{self.connection.timeout_s:g}"
        )


def _used_up_fix(spec: ProviderSpec) -> str:
    return f"Check plan and billing of your {spec.title} account; a daily quota comes back the next day."


_USED_UP = "the credit or the quota of the account is used up"
_MEANINGS: Mapping[ErrorKind, str] = {
    "auth": "the account or its key was not accepted",
    "bad_request": "the request was not accepted",
    "not_found": "model or address unknown",
    "too_long": "the text is too long for the model",
    "rate_limit": "too many requests",
    "server": "the service has a problem",
    "timeout": "no answer in time",
    "connection": "no connection",
    "malformed": "the answer cannot be read",
    "truncated": "the answer was cut",
    "refused": "the request was refused",
}
_FIXES: Mapping[ErrorKind, str] = {
    "auth": "Set {key_name} in .env to a valid key that may use this model.",
    "bad_request": "Choose another model (system.agentic_model), or follow the message.",
    "not_found": "Check system.agentic_model (the model may be retired) and endpoints.{provider}.",
    "too_long": "Choose a model with a larger context window, or divide the documents.",
    "rate_limit": "Wait a minute and run again: the answers so far are kept.",
    "server": "Run again later: the answers so far are kept.",
    "timeout": "Raise system.timeout (now {timeout} seconds), or choose a faster model.",
    "connection": "Check the network and endpoints.{provider}.",
    "malformed": "Run again; if it stays, check that endpoints.{provider} speaks this provider's protocol.",
    "truncated": "Choose a model with a larger output limit.",
    "refused": "Leave out the passage, or choose another model.",
}
