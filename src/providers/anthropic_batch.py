"""Anthropic's message batches: the requests go in one body, the answers come back as a JSONL stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from src.core.types import ChatRequest
from src.providers.answers import dig, malformed, read_body
from src.providers.batch_api import (
    LISTED,
    TRANSFER_TIMEOUT_S,
    BatchAnswer,
    BatchApi,
    BatchState,
    SentBatch,
    read_lines,
    to_line,
)
from src.providers.wire_errors import MAX_QUOTED, kind_of_status

_PATH = "/v1/messages/batches"
_CLOCKS_DIFFER_S = 120
_SENT_S = 4 * TRANSFER_TIMEOUT_S
"""From the note of a batch to the batch: several tries of an upload."""
# https://platform.claude.com/docs/en/api/errors
_STATUS_OF_TYPE: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "timeout_error": 504,
    "overloaded_error": 529,
}


class AnthropicBatch(BatchApi):
    """``/v1/messages/batches``."""

    def encode(self, key: str, request: ChatRequest) -> bytes:
        """An element of the list of requests."""
        return to_line({"custom_id": key, "params": self.provider.payload(request)})

    async def poll(self, batch: str) -> BatchState:
        """How far a batch is. It always ends well as a whole: its requests fail or expire one by one."""
        job = await self._get(f"{_PATH}/{batch}", self._timeout_s)
        counts = dig(read_body(job), "request_counts") or {}
        done = sum(counts.get(name, 0) for name in ("succeeded", "errored", "canceled", "expired"))
        share = done / max(1, done + counts.get("processing", 0))
        return BatchState(read_body(job).get("processing_status") == "ended", share)

    async def collect(self, batch: str, model: str, keys: Sequence[str]) -> list[BatchAnswer]:  # noqa: ARG002
        """The answers and errors."""
        content = await self._get(f"{_PATH}/{batch}/results", TRANSFER_TIMEOUT_S)
        return [self._read_line(line, model) for line in read_lines(content)]

    async def cancel(self, batch: str) -> None:
        """Ask for the end; answers of before it can still be collected."""
        import httpx2

        await self.provider.call(
            lambda client: client.post(f"{_PATH}/{batch}/cancel", body={}, cast_to=httpx2.Response), self._timeout_s
        )

    async def find(self, sent: SentBatch) -> str:
        """Anthropic takes no notes: the batch of as many requests that was made when this one was sent. Should it be
        another one, none of its answers has a key of ours, and ours are asked anew."""
        listed = read_body(await self._get(f"{_PATH}?limit={LISTED}", self._timeout_s))
        for job in listed.get("data") or ():
            counts = job.get("request_counts") or {}
            later_s = (_moment(job.get("created_at")) - sent.at).total_seconds()
            is_as_large = sum(counts.values()) == sent.requests
            if is_as_large and job.get("id") not in sent.others and -_CLOCKS_DIFFER_S <= later_s <= _SENT_S:
                return str(job["id"])
        return ""

    async def _upload(self, lines: Sequence[bytes], tag: str) -> bytes:  # noqa: ARG002 there is no place for it
        return b'{"requests":[' + b",".join(lines) + b"]}"

    async def _create(self, upload: bytes, model: str, tag: str) -> str:  # noqa: ARG002 no place for them
        import httpx2

        options = {"headers": {"Content-Type": "application/json"}, "timeout": TRANSFER_TIMEOUT_S}
        answer = await self.provider.call(
            lambda client: client.post(_PATH, content=upload, cast_to=httpx2.Response, options=options),
            TRANSFER_TIMEOUT_S,
        )
        return str(read_body(answer.content)["id"])

    def _read_line(self, line: Mapping[str, Any], model: str) -> BatchAnswer:
        key, kind = str(line.get("custom_id")), dig(line, "result", "type")
        if kind == "succeeded":
            return BatchAnswer(key, self._read(dig(line, "result", "message"), model))
        if kind != "errored":  # canceled, expired: never run, never billed
            return BatchAnswer(key, self.provider.failure("server", f"the request was not done ({kind})"))
        error = dig(line, "result", "error", "error") or dig(line, "result", "error") or {}
        said = str(error.get("message") or error.get("type"))
        status = _STATUS_OF_TYPE.get(str(error.get("type")), 500)
        return BatchAnswer(key, self.provider.failure(kind_of_status(status, said), said[:MAX_QUOTED]))

    async def _get(self, path: str, timeout_s: float) -> bytes:
        import httpx2

        answer = await self.provider.call(
            lambda client: client.get(path, cast_to=httpx2.Response, options={"timeout": timeout_s}), timeout_s
        )
        content: bytes = answer.content
        return content


def _moment(text: Any) -> datetime:
    """A time of Anthropic's, with its zone. Raises ProviderError (malformed)."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise malformed(f"{str(text)[:MAX_QUOTED]!r} is no time") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
