"""Tokens of whole examples as a vendor counts them, asked for once: the journal keeps every count."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from contextlib import aclosing

from src.core.config import RunConfig, read_key
from src.core.errors import ConfigError
from src.core.secrets import Secrets
from src.core.types import ChatRequest, Message, ProviderName
from src.generation.engine import Engine
from src.generation.progress import Progress
from src.persistence.journal import Journal
from src.providers import load_provider
from src.providers.base_provider import Connection
from src.providers.counting import CountingProvider
from src.providers.lookup import provider_spec
from src.providers.remote_provider import RemoteProvider

_SLOT = "count tokens"
"""Told apart from a question by the journal: the same texts asked to be counted, not answered."""


def has_counter(provider: ProviderName, secrets: Secrets, config: RunConfig) -> bool:
    """Whether ``provider`` can be asked: it has a key, or an address of one's own."""
    return bool(secrets.api_key(provider) or read_key(config, f"endpoints.{provider}"))


async def count_examples(
    conversations: Iterable[Sequence[Message]],
    provider: ProviderName,
    model: str,
    config: RunConfig,
    secrets: Secrets,
    journal: Journal,
    progress: Progress,
) -> array[int]:
    """The tokens of each of ``conversations`` by the token counting of ``model``, many asked for at a time.

    What was counted before comes from the journal, by the hash of its content. Raises ProviderError, and ConfigError
    where the provider cannot count.
    """
    vendor = load_provider(provider)(
        Connection(secrets.api_key(provider), read_key(config, f"endpoints.{provider}"), config.system.timeout)
    )
    if not isinstance(vendor, RemoteProvider):
        raise ConfigError(f"{provider} counts no tokens.", fix="Set tokens.ask_provider to false.")
    engine = Engine(
        CountingProvider(vendor),
        journal,
        max_retries=config.system.max_retries,
        timeout_s=config.system.timeout,
        concurrency=provider_spec(provider).concurrency,
        progress=progress,
    )
    counts = array("q")

    async def count(messages: Sequence[Message]) -> int:
        request = ChatRequest(model, tuple(messages), temperature=0.0, max_tokens=1)
        return (await engine.ask(request, _SLOT)).usage.input_tokens

    try:
        async with aclosing(engine.map_ordered(conversations, count)) as answers:
            async for tokens in answers:
                counts.append(tokens)
                progress.count(kept=1)
    finally:
        await engine.aclose()
    return counts
