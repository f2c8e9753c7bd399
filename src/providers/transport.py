"""The HTTP client for SDKs that take one of ours."""

from __future__ import annotations

from typing import Any


def open_transport(**options: Any) -> Any:
    """An httpx2 client that keeps a connection for every call in flight; its default keeps 20 and reopens the others
    for every call."""
    import httpx2

    return httpx2.AsyncClient(
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=None),
        **options,
    )
