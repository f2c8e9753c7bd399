"""Together's batches: OpenAI's, but for the way of the file, the reply to a new batch and the names of the states."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from src.core.errors import ProviderError
from src.core.types import ChatRequest
from src.providers.answers import dig
from src.providers.batch_api import CHAT_ENDPOINT, TRANSFER_TIMEOUT_S, SentBatch, to_line
from src.providers.openai_batch import OpenAIBatch
from src.providers.together_files import ask_for_address, put_file

_LOOKED_AT = 20
"""The newest batches, whose files are asked for one by one: what a run that broke off has sent is one of them."""


class TogetherBatch(OpenAIBatch):
    """Through the client of the openai SDK; the file goes its own way."""

    def encode(self, key: str, request: ChatRequest) -> bytes:
        """A line of the request file."""
        return to_line({"custom_id": key, "body": self.provider.payload(request)})

    async def find(self, sent: SentBatch) -> str:
        """By the name of its file: Together takes no notes about a batch."""
        async for job in self._listed():
            name, file = str(job.get("id")), job.get("input_file_id")
            if file and name not in sent.others and await self._name_of(str(file)) == _file_name(sent.tag):
                return name
        return ""

    async def _name_of(self, file: str) -> str:
        """What a file is called; "" for one that was deleted."""
        try:
            return str((await self._get(f"/files/{file}")).get("filename"))
        except ProviderError as error:
            if error.kind == "not_found":
                return ""
            raise

    async def _listed(self) -> AsyncIterator[dict[str, Any]]:
        import httpx2

        answer = await self.provider.call(
            lambda client: client.get("/batches", cast_to=httpx2.Response), self._timeout_s
        )
        jobs = orjson.loads(answer.content)  # the list alone, without an object around it
        listed = jobs if isinstance(jobs, list) else dig(jobs, "data") or []
        newest = sorted(listed, key=lambda job: str(job.get("created_at")), reverse=True)
        for job in newest[:_LOOKED_AT]:
            yield job

    async def _upload(self, lines: Sequence[bytes], tag: str) -> str:
        """Ask for an address, put the file there, and have it read."""
        content = b"\n".join(lines)
        checksum = sha256(content).hexdigest()
        file, address = await self.provider.call(
            lambda client: ask_for_address(client, _file_name(tag), "batch-api", checksum, self.provider.endpoint),
            self._timeout_s,
        )
        if not address:
            return file
        await self.provider.call(lambda _client: put_file(address, content, TRANSFER_TIMEOUT_S), TRANSFER_TIMEOUT_S)
        await self._post(f"/files/{file}/preprocess", {})
        return file

    async def _create(self, upload: str, model: str, tag: str) -> str:  # noqa: ARG002 the file has its name
        answer = await self._post("/batches", {"input_file_id": upload, "endpoint": CHAT_ENDPOINT})
        return str(dig(answer, "job", "id") or answer["id"])

    def _share(self, job: Mapping[str, Any]) -> float:
        return float(job.get("progress") or 0) / 100


def _file_name(tag: str) -> str:
    return f"requests-{tag}.jsonl"
