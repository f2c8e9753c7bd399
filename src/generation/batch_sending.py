"""How a batch is sent once: it is noted before it goes over the wire, and looked for where nobody knows if it arrived.

That is so after an error that may have come when the vendor had taken it, and after a run that broke off meanwhile.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol, TypeVar

from src.core.errors import BuilderError, ProviderError
from src.generation.batch_parts import Part
from src.generation.channel import CallRules
from src.persistence.batches import Batches, OpenBatch
from src.providers.batch_api import BatchApi, SentBatch, is_unsure

_Answer = TypeVar("_Answer")


class Pace(NamedTuple):
    """How long to wait for further requests before a batch is sent, and between two looks at it, in seconds; and how
    long after it was sent a vendor may still show a batch in its list for the first time."""

    settle_s: float = 2.0
    first_look_s: float = 5.0
    longest_look_s: float = 60.0
    listed_s: float = 60.0


class Retry(Protocol):
    """Makes a call, again where that may help; ``name`` spreads the pauses."""

    def __call__(self, call: Callable[[], Awaitable[_Answer]], name: str) -> Awaitable[_Answer]: ...


class QueueIsFullError(Exception):
    """The vendor takes no further batch for now, or none as large."""

    def __init__(self, error: ProviderError) -> None:
        super().__init__(str(error))
        self.error = error


class BatchSender:
    """Sends batches to one vendor, and remembers them in ``stored``."""

    def __init__(self, api: BatchApi, stored: Batches, rules: CallRules, retry: Retry, pace: Pace) -> None:
        self._api = api
        self._stored = stored
        self._rules = rules
        self._retry = retry
        self._pace = pace

    async def send(self, part: Part) -> OpenBatch:
        """The batch, as the vendor calls it. Raises QueueIsFullError, and BuilderError where it cannot be sent."""
        provider, tag = self._api.provider, secrets.token_hex(16)
        noted = await asyncio.to_thread(
            self._stored.begin, tag, provider.name, provider.endpoint, part.model, part.keys
        )
        is_first = True

        async def submit() -> str:
            # an error of the service may come after it has taken the batch
            nonlocal is_first
            name = "" if is_first else await self._look_for(noted)
            is_first = False
            return name or await self._submit(part, tag)

        try:
            name = await self._retry(submit, part.keys[0])
        except (BuilderError, QueueIsFullError) as error:
            if not (isinstance(error, ProviderError) and is_unsure(error)):
                await asyncio.to_thread(self._stored.close, noted)
            raise
        return await asyncio.to_thread(self._stored.accept, noted, name)

    async def find(self, noted: OpenBatch) -> OpenBatch | None:
        """A batch that an earlier run was just sending, if the vendor has it; asked for until it would be there."""
        self._rules.on_note(f"Looking whether {self._api.provider.spec.title} has the batch of a run that broke off.")
        waited_s = 0.0
        while True:
            name = await self._retry(lambda: self._look_for(noted), noted.tag)
            if name:
                return await asyncio.to_thread(self._stored.accept, noted, name)
            if waited_s >= self._pace.listed_s:
                return None
            await self._rules.stop.sleep(self._pace.first_look_s)
            waited_s += self._pace.first_look_s

    async def _submit(self, part: Part, tag: str) -> str:
        try:
            return await self._api.submit(part.lines, part.model, tag)
        except ProviderError as error:
            if error.kind == "rate_limit":
                raise QueueIsFullError(error) from error
            raise

    async def _look_for(self, noted: OpenBatch) -> str:
        """The vendor's name of a batch that was sent, "" when it shows none such."""
        known = await asyncio.to_thread(self._stored.names, noted.provider)
        return await self._api.find(SentBatch(noted.tag, len(noted.keys), noted.sent_at, known))
