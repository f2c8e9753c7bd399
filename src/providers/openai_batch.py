"""OpenAI's batches: a file of requests, a job, a file of answers and one of errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from src.core.types import ChatRequest
from src.providers.answers import dig, read_body
from src.providers.batch_api import (
    CHAT_ENDPOINT,
    LISTED,
    MOST_PAGES,
    TAG,
    TRANSFER_TIMEOUT_S,
    BatchAnswer,
    BatchApi,
    BatchState,
    SentBatch,
    read_chat_line,
    read_lines,
    to_line,
)

_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


class OpenAIBatch(BatchApi):
    """``/v1/files`` and ``/v1/batches``."""

    def encode(self, key: str, request: ChatRequest) -> bytes:
        """A line of the request file."""
        return to_line(
            {"custom_id": key, "method": "POST", "url": CHAT_ENDPOINT, "body": self.provider.payload(request)}
        )

    async def poll(self, batch: str) -> BatchState:
        """How far a batch is; ``failed`` means that its file was refused before anything ran."""
        return self._to_state(await self._job(batch))

    async def collect(self, batch: str, model: str, keys: Sequence[str]) -> list[BatchAnswer]:  # noqa: ARG002
        """The answers, and the errors of single requests, which stand in a file of their own."""
        job = await self._job(batch)
        files = [job[name] for name in ("output_file_id", "error_file_id") if job.get(name)]
        return [read_chat_line(self, line, model) for file in files for line in read_lines(await self._download(file))]

    async def cancel(self, batch: str) -> None:
        """Ask for the end; answers of before it can still be collected."""
        await self._post(f"/batches/{batch}/cancel", {})

    async def find(self, sent: SentBatch) -> str:
        """By the note that goes with it."""
        async for job in self._listed():
            if dig(job, "metadata", TAG) == sent.tag:
                return str(job["id"])
        return ""

    async def _listed(self) -> AsyncIterator[dict[str, Any]]:
        """The batches of this account, the newest first."""
        query: dict[str, str | int] = {"limit": LISTED}
        for _ in range(MOST_PAGES):
            page = await self._get(f"/batches?{urlencode(query)}")
            jobs = page.get("data") or []
            for job in jobs:
                yield job
            if not page.get("has_more") or not jobs:
                return
            query["after"] = str(jobs[-1].get("id"))

    async def _upload(self, lines: Sequence[bytes], tag: str) -> str:  # noqa: ARG002 the batch itself has notes
        content = b"\n".join(lines)
        file = await self.provider.call(
            lambda client: client.files.create(
                file=("requests.jsonl", content), purpose="batch", timeout=TRANSFER_TIMEOUT_S
            ),
            TRANSFER_TIMEOUT_S,
        )
        return str(file.id)

    async def _create(self, upload: str, model: str, tag: str) -> str:  # noqa: ARG002 the lines name it
        asked = {
            "input_file_id": upload,
            "endpoint": CHAT_ENDPOINT,
            "completion_window": "24h",
            "metadata": {TAG: tag},
        }
        return str((await self._post("/batches", asked))["id"])

    def _to_state(self, job: Mapping[str, Any]) -> BatchState:
        status = str(job.get("status")).lower()
        failure = None
        if status == "failed":
            first = dig(job, "errors", "data", 0) or {}
            failure = self._failure(
                str(first.get("message") or job.get("error") or "the batch failed"), str(first.get("code"))
            )
        return BatchState(status in _ENDED, self._share(job), failure)

    def _share(self, job: Mapping[str, Any]) -> float:
        counts = job.get("request_counts") or {}
        return float((counts.get("completed", 0) + counts.get("failed", 0)) / max(1, counts.get("total", 0)))

    async def _job(self, batch: str) -> dict[str, Any]:
        return await self._get(f"/batches/{batch}")

    async def _get(self, path: str) -> dict[str, Any]:
        import httpx2

        answer = await self.provider.call(lambda client: client.get(path, cast_to=httpx2.Response), self._timeout_s)
        return read_body(answer.content)

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        import httpx2

        answer = await self.provider.call(
            lambda client: client.post(path, body=body, cast_to=httpx2.Response), self._timeout_s
        )
        return read_body(answer.content)

    async def _download(self, file: str) -> bytes:
        import httpx2

        answer = await self.provider.call(
            lambda client: client.get(
                f"/files/{file}/content", cast_to=httpx2.Response, options={"timeout": TRANSFER_TIMEOUT_S}
            ),
            TRANSFER_TIMEOUT_S,
        )
        content: bytes = answer.content
        return content
