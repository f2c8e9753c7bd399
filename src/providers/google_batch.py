"""Google's batch jobs of the Gemini API: an uploaded JSONL file, a job for one model, a file of answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from src.core.types import ChatRequest
from src.providers.answers import dig, malformed
from src.providers.batch_api import (
    LISTED,
    MOST_PAGES,
    TRANSFER_TIMEOUT_S,
    BatchAnswer,
    BatchApi,
    BatchState,
    SentBatch,
    read_lines,
    to_line,
)
from src.providers.wire_errors import MAX_QUOTED, kind_of_status

_CAPITAL = re.compile(r"([A-Z])")
_ENDED = frozenset({"SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"})
# https://cloud.google.com/apis/design/errors: canonical codes by the HTTP status they stand for
_STATUS_OF_CODE: Mapping[int, int] = {3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 9: 400, 11: 400, 14: 503, 16: 401}


def to_batch_request(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A GenerateContentRequest as the REST API takes it, of the arguments of ``generate_content``."""
    config = dict(payload["config"])
    request: dict[str, Any] = {"contents": payload["contents"]}
    system = config.pop("system_instruction", "")
    if system:
        request["systemInstruction"] = {"parts": [{"text": system}]}
    request["generationConfig"] = {_camel(name): value for name, value in config.items()}
    return request


class GoogleBatch(BatchApi):
    """``files`` and ``models/M:batchGenerateContent``."""

    def encode(self, key: str, request: ChatRequest) -> bytes:
        """A line of the request file; the job names the model."""
        return to_line({"key": key, "request": to_batch_request(self.provider.payload(request))})

    async def poll(self, batch: str) -> BatchState:
        """How far a job is; no share is told before the end."""
        job = await self._job(batch)
        state = _state_of(job)
        failure = None
        if state == "FAILED" and not _file_of(job):
            failure = self._failure(str(getattr(job.error, "message", "") or "the batch failed"))
        return BatchState(state in _ENDED, float(state in _ENDED), failure)

    async def collect(self, batch: str, model: str, keys: Sequence[str]) -> list[BatchAnswer]:
        """The answers and errors. Lines that came back without their key are told apart by their order."""
        file = _file_of(await self._job(batch))
        if not file:
            return []
        content = await self.provider.call(lambda client: client.aio.files.download(file=file), TRANSFER_TIMEOUT_S)
        lines = list(read_lines(content))
        if len(lines) == len(keys) and not any(line.get("key") for line in lines):
            lines = [{**line, "key": key} for line, key in zip(lines, keys, strict=True)]
        return [self._read_line(line, model) for line in lines]

    async def cancel(self, batch: str) -> None:
        """Ask for the end; answers of before it can still be collected."""
        await self.provider.call(lambda client: client.aio.batches.cancel(name=batch), self._timeout_s)

    async def find(self, sent: SentBatch) -> str:
        """By the name that it is shown under."""

        async def search(client: Any) -> str:
            looked = 0
            async for job in await client.aio.batches.list(config={"page_size": LISTED}):
                looked += 1
                if job.display_name == sent.tag:
                    return str(job.name)
                if looked >= LISTED * MOST_PAGES:
                    break
            return ""

        return await self.provider.call(search, self._timeout_s)

    async def _upload(self, lines: Sequence[bytes], tag: str) -> str:
        content = b"\n".join(lines)

        async def upload(client: Any) -> str:
            try:
                file = await client.aio.files.upload(
                    file=BytesIO(content), config={"mime_type": "jsonl", "display_name": tag}
                )
            except KeyError as error:  # what the SDK says where the service names no address
                raise malformed("Google named no address for the file") from error
            return str(file.name)

        return await self.provider.call(upload, TRANSFER_TIMEOUT_S)

    async def _create(self, upload: str, model: str, tag: str) -> str:
        job = await self.provider.call(
            lambda client: client.aio.batches.create(model=model, src=upload, config={"display_name": tag}),
            self._timeout_s,
        )
        return str(job.name)

    async def _job(self, batch: str) -> Any:
        return await self.provider.call(lambda client: client.aio.batches.get(name=batch), self._timeout_s)

    def _read_line(self, line: Mapping[str, Any], model: str) -> BatchAnswer:
        key, error = str(line.get("key")), line.get("error")
        if error or not line.get("response"):
            code, said = dig(error, "code"), str(dig(error, "message") or "no answer")
            status = _STATUS_OF_CODE.get(code, code if isinstance(code, int) and 400 <= code <= 599 else 500)
            return BatchAnswer(key, self.provider.failure(kind_of_status(status, said), said[:MAX_QUOTED]))
        return BatchAnswer(key, self._read(_with_snake_names(line["response"]), model))


def _state_of(job: Any) -> str:
    return str(getattr(job.state, "name", job.state)).removeprefix("JOB_STATE_")


def _file_of(job: Any) -> str:
    return str(getattr(job.dest, "file_name", None) or "")


def _with_snake_names(value: Any) -> Any:
    """A REST answer with the names that the SDK gives its fields."""
    if isinstance(value, Mapping):
        return {_CAPITAL.sub(r"_\1", name).lower(): _with_snake_names(inner) for name, inner in value.items()}
    return [_with_snake_names(inner) for inner in value] if isinstance(value, list) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
