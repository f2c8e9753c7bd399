"""A provider that is asked for the number of tokens of a conversation, in the place of an answer to it."""

from __future__ import annotations

from typing import Any

from src.core.types import ChatRequest, GenerationResult, Sample, Usage
from src.providers.base_provider import BaseProvider
from src.providers.remote_provider import RemoteProvider


class CountingProvider(BaseProvider):
    """Stands before the adapter of a vendor that counts: what its ``generate`` gives back is the count alone, as
    ``usage.input_tokens``. So the engine, with its limits, retries and journal, can be asked to count."""

    def __init__(self, vendor: RemoteProvider) -> None:
        super().__init__(vendor.connection)
        self.name = vendor.name  # type: ignore[misc]  # it stands for that vendor, in the journal too
        self._vendor = vendor

    def format_example(self, sample: Sample) -> dict[str, Any]:
        """That of the vendor."""
        return self._vendor.format_example(sample)

    @property
    def endpoint(self) -> str:
        """That of the vendor."""
        return self._vendor.endpoint

    async def generate(self, request: ChatRequest) -> GenerationResult:
        """The count of ``request``. Raises ProviderError."""
        return GenerationResult("", request.model, Usage(await self._vendor.count(request), 0))

    async def aclose(self) -> None:
        """Release the vendor's connections."""
        await self._vendor.aclose()
