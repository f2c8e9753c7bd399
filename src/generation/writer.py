"""Which model writes the samples: chosen from configuration and keys, and connected."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from src.core.config import RunConfig, read_key
from src.core.errors import ConfigError
from src.core.secrets import Secrets
from src.core.types import ProviderName, WriterModel
from src.providers import limits, load_provider
from src.providers.base_provider import BaseProvider, Connection

UNLISTED_CONTEXT_TOKENS = 32_768
UNLISTED_OUTPUT_TOKENS = 4_096
"""Assumed of a model that models.yaml does not list (a self-hosted one): what small servers offer at least."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The provider and model that write. ``demo_quality`` marks output that nobody should train on in earnest."""

    provider: ProviderName
    model: WriterModel
    demo_quality: bool
    connection: Connection
    notice: str = ""


def choose_writer(config: RunConfig, secrets: Secrets) -> Writer:
    """The model that writes the samples: ``system.agentic_llm``, or with ``auto`` the first provider with a key, or the
    embedded local model. Raises ConfigError when a provider is named that has no key."""
    wish = config.system.agentic_llm
    name: ProviderName = next(iter(secrets.configured_providers()), "local") if wish == "auto" else wish
    if name == "local":
        return _local_writer(config)
    connection = Connection(
        api_key=secrets.api_key(name),
        base_url=_base_url(config, name),
        timeout_s=config.system.timeout,
    )
    if not connection.api_key and not _is_own_machine(connection.base_url):
        key_name = limits.provider_spec(name).key_name
        raise ConfigError(
            f"{key_name} is not set, and system.agentic_llm is {name}.",
            fix=f"Put {key_name}=... into .env, or set system.agentic_llm to auto or local (no key needed).",
        )
    model, notice = _writer_model(config, name, connection)
    return Writer(name, model, demo_quality=False, connection=connection, notice=notice)


def connect(writer: Writer) -> BaseProvider:
    """The adapter of a writer; its SDK is imported by the first request."""
    return load_provider(writer.provider)(writer.connection)


def _local_writer(config: RunConfig) -> Writer:
    from src.providers.local_provider import is_small_model

    connection = Connection(model_path=config.local.model_path, timeout_s=config.system.timeout)
    small = is_small_model(connection)
    notice = (
        "The local model writes this dataset: demo quality, good for trying the program, not for training. "
        "Put a provider's key into .env for data worth training on."
        if small
        else ""
    )
    if config.system.agentic_model:
        notice = f"{notice} system.agentic_model is ignored by the local model.".strip()
    return Writer("local", limits.default_writer("local"), small, connection, notice)


def _base_url(config: RunConfig, name: ProviderName) -> str:
    wish = str(read_key(config, f"endpoints.{name}"))
    return limits.provider_spec(name).presets.get(wish, wish)


def _is_own_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _writer_model(config: RunConfig, name: ProviderName, connection: Connection) -> tuple[WriterModel, str]:
    wish = config.system.agentic_model
    default = limits.default_writer(name)
    if not wish:
        return default, ""
    listed = {model.id: model for model in limits.provider_spec(name).writers}
    if wish in listed:
        return listed[wish], ""
    own_endpoint = connection.base_url not in {"", *limits.provider_spec(name).presets.values()}
    if own_endpoint or name == "llama":
        return WriterModel(wish, UNLISTED_CONTEXT_TOKENS, UNLISTED_OUTPUT_TOKENS), ""
    return default, f"system.agentic_model {wish!r} is not a model of {name}: using {default.id}."
