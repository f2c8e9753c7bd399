"""The HTTP client for SDKs that take one of ours, and for files beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

_CHUNK_BYTES = 1 << 20


def open_transport(**options: Any) -> Any:
    """An httpx2 client that keeps a connection for every call in flight; its default keeps 20 and reopens the others
    for every call."""
    import httpx2

    return httpx2.AsyncClient(
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=None),
        **options,
    )


async def read_chunks(path: Path) -> AsyncIterator[bytes]:
    """The content of a file, for a request that sends it without holding all of it in memory."""
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK_BYTES):
            yield chunk
