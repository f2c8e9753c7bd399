"""Files for Together, as its own SDK sends them (together 3.1, lib/resources/files.py), through the client of openai's.

The file goes to a place that Together names for it, without the key, and is then read by Together.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from src.core.errors import ProviderError
from src.providers.answers import dig, malformed, read_body
from src.providers.transport import open_transport, read_chunks
from src.providers.wire_errors import kind_of_status


async def ask_for_address(client: Any, name: str, purpose: str, sha256: str, endpoint: str) -> tuple[str, str]:
    """The id of a new file and the address that its bytes go to, "" when Together has a file with that checksum.

    Raises ProviderError (malformed) where it names none, or one that texts must not go to.
    """
    import httpx2
    from openai import APIStatusError

    asked = {"purpose": purpose, "file_name": name, "file_type": "jsonl", "checksum": sha256}
    options = {"headers": {"Content-Type": "multipart/form-data"}, "follow_redirects": False}
    try:
        answer = await client.post("/files", cast_to=httpx2.Response, body=asked, options=options)
    except APIStatusError as error:
        if error.response.status_code == 409:
            known = dig(read_body(error.response.content), "file_id")
            if known:
                return str(known), ""
        if error.response.status_code != 302:
            raise
        answer = error.response
    headers: Mapping[str, str] = answer.headers
    address, file = headers.get("location", ""), headers.get("x-together-file-id", "")
    if not file or not _may_upload(address, endpoint):
        raise malformed("Together named no address for the file")
    return file, address


async def put_file(address: str, content: bytes | Path, timeout_s: float) -> None:
    """Upload without our key: the address carries its own right. Raises ProviderError for every status but success."""
    # a length, because the storage behind the address takes no chunked bodies
    headers = {"Content-Length": str(content.stat().st_size)} if isinstance(content, Path) else {}
    body = read_chunks(content) if isinstance(content, Path) else content
    async with open_transport(timeout=timeout_s) as transport:
        answer = await transport.put(address, content=body, headers=headers)
    if answer.status_code >= 300:
        # the address stays untold: whoever has it may write there
        said = f"Together's storage ({urlsplit(address).hostname}) answered with status {answer.status_code}."
        raise ProviderError(said, kind=kind_of_status(answer.status_code, ""))


def _may_upload(address: str, endpoint: str) -> bool:
    """Whether texts may go there: encrypted, or to the very server that the user has named."""
    parts, own = urlsplit(address), urlsplit(endpoint)
    return parts.scheme == "https" or (
        bool(own.netloc) and (parts.scheme, parts.hostname) == (own.scheme, own.hostname)
    )
