"""Mistral's batch jobs: a file of requests, a job for one model, a file of answers and one of errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from src.core.types import ChatRequest
from src.providers.batch_api import (
    CHAT_ENDPOINT,
    LISTED,
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

_ENDED = frozenset({"SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED"})
_TRANSFER_TIMEOUT_MS = int(TRANSFER_TIMEOUT_S * 1000)


class MistralBatch(BatchApi):
    """``/v1/files`` and ``/v1/batch/jobs``."""

    def encode(self, key: str, request: ChatRequest) -> bytes:
        """A line of the request file; the job names the model."""
        body = {name: value for name, value in self.provider.payload(request).items() if name != "model"}
        return to_line({"custom_id": key, "body": body})

    async def poll(self, batch: str) -> BatchState:
        """How far a job is. One that failed may have answered some of its requests before."""
        job = await self._job(batch)
        failure = None
        if job.status == "FAILED" and not job.output_file and not job.error_file:
            failure = self._failure("; ".join(error.message for error in job.errors) or "the batch failed")
        return BatchState(job.status in _ENDED, job.completed_requests / max(1, job.total_requests), failure)

    async def collect(self, batch: str, model: str, keys: Sequence[str]) -> list[BatchAnswer]:  # noqa: ARG002
        """The answers, and the errors of single requests, which stand in a file of their own."""
        job = await self._job(batch)
        files = [file for file in (job.output_file, job.error_file) if isinstance(file, str) and file]
        return [read_chat_line(self, line, model) for file in files for line in read_lines(await self._download(file))]

    async def cancel(self, batch: str) -> None:
        """Ask for the end; answers of before it can still be collected."""
        await self.provider.call(lambda client: client.batch.jobs.cancel_async(job_id=batch), self._timeout_s)

    async def find(self, sent: SentBatch) -> str:
        """By the note that goes with it."""
        listed = await self.provider.call(
            lambda client: client.batch.jobs.list_async(metadata={TAG: sent.tag}, page_size=LISTED), self._timeout_s
        )
        return next((str(job.id) for job in listed.data or () if (job.metadata or {}).get(TAG) == sent.tag), "")

    async def _upload(self, lines: Sequence[bytes], tag: str) -> str:  # noqa: ARG002 the job itself has notes
        content = b"\n".join(lines)
        file = await self.provider.call(
            lambda client: client.files.upload_async(
                file={"file_name": "requests.jsonl", "content": content},
                purpose="batch",
                timeout_ms=_TRANSFER_TIMEOUT_MS,
            ),
            TRANSFER_TIMEOUT_S,
        )
        return str(file.id)

    async def _create(self, upload: str, model: str, tag: str) -> str:
        job = await self.provider.call(
            lambda client: client.batch.jobs.create_async(
                input_files=[upload], model=model, endpoint=CHAT_ENDPOINT, metadata={TAG: tag}
            ),
            self._timeout_s,
        )
        return str(job.id)

    async def _job(self, batch: str) -> Any:
        return await self.provider.call(lambda client: client.batch.jobs.get_async(job_id=batch), self._timeout_s)

    async def _download(self, file: str) -> bytes:
        async def read(client: Any) -> bytes:
            answer = await client.files.download_async(file_id=file, timeout_ms=_TRANSFER_TIMEOUT_MS)
            content: bytes = await answer.aread()
            return content

        return await self.provider.call(read, TRANSFER_TIMEOUT_S)
