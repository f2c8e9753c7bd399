"""Together's batches: OpenAI's, but for the way of the file, the reply to a new batch and the names of the states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from src.core.types import ChatRequest
from src.providers.answers import dig, malformed
from src.providers.batch_api import CHAT_ENDPOINT, TRANSFER_TIMEOUT_S, to_line
from src.providers.openai_batch import OpenAIBatch
from src.providers.transport import open_transport


class TogetherBatch(OpenAIBatch):
    """As Together's own SDK does it (together 3.1, lib/resources/files.py), through the client of the openai SDK."""

    def encode(self, key: str, request: ChatRequest) -> bytes:
        """A line of the request file."""
        return to_line({"custom_id": key, "body": self.provider.payload(request)})

    async def _upload(self, lines: Sequence[bytes]) -> str:
        """Ask for an address, put the file there, and have it read."""
        content = b"\n".join(lines)
        headers = await self.provider.call(lambda client: _ask_for_address(client, content), self._timeout_s)
        address, file = headers.get("location", ""), headers.get("x-together-file-id", "")
        if not file or not _may_upload(address, self.provider.endpoint):
            raise malformed("Together named no address for the file")
        await self.provider.call(lambda _client: _put(address, content), TRANSFER_TIMEOUT_S)
        await self._post(f"/files/{file}/preprocess", {})
        return file

    async def _create(self, upload: str, model: str) -> str:  # noqa: ARG002 the lines name it
        answer = await self._post("/batches", {"input_file_id": upload, "endpoint": CHAT_ENDPOINT})
        return str(dig(answer, "job", "id") or answer["id"])

    def _share(self, job: Mapping[str, Any]) -> float:
        return float(job.get("progress") or 0) / 100


async def _ask_for_address(client: Any, content: bytes) -> Mapping[str, str]:
    """The headers of the redirection to the place where the file goes."""
    import httpx2
    from openai import APIStatusError

    asked = {
        "purpose": "batch-api",
        "file_name": "requests.jsonl",
        "file_type": "jsonl",
        "checksum": sha256(content).hexdigest(),
    }
    options = {"headers": {"Content-Type": "multipart/form-data"}, "follow_redirects": False}
    try:
        answer = await client.post("/files", cast_to=httpx2.Response, body=asked, options=options)
    except APIStatusError as error:
        if error.response.status_code != 302:
            raise
        answer = error.response
    headers: Mapping[str, str] = answer.headers
    return headers


async def _put(address: str, content: bytes) -> None:
    """Upload without our key: the address carries its own right."""
    async with open_transport(timeout=TRANSFER_TIMEOUT_S) as transport:
        answer = await transport.put(address, content=content)
        answer.raise_for_status()


def _may_upload(address: str, endpoint: str) -> bool:
    """Whether texts may go there: encrypted, or to the very server that the user has named."""
    parts, own = urlsplit(address), urlsplit(endpoint)
    return parts.scheme == "https" or (
        bool(own.netloc) and (parts.scheme, parts.hostname) == (own.scheme, own.hostname)
    )
