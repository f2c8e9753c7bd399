"""The registry of providers: one line each, imported when first asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from src.core.errors import MissingPackageError

if TYPE_CHECKING:
    from src.core.types import ProviderName
    from src.providers.base_provider import BaseProvider

_ADAPTERS: dict[ProviderName, str] = {
    "openai": "src.providers.openai_provider:OpenAIProvider",
    "anthropic": "src.providers.anthropic_provider:AnthropicProvider",
    "google": "src.providers.google_provider:GoogleProvider",
    "mistral": "src.providers.mistral_provider:MistralProvider",
    "llama": "src.providers.llama_provider:LlamaProvider",
    "local": "src.providers.local_provider:LocalProvider",
}


def load_provider(name: ProviderName) -> type[BaseProvider]:
    """The adapter class of a provider. Raises MissingPackageError when its package is not installed."""
    module_name, _, class_name = _ADAPTERS[name].partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        message = f"Provider {name!r} needs {error.name!r}."
        raise MissingPackageError(message, fix=f"pip install {error.name}") from error
    provider: type[BaseProvider] = getattr(module, class_name)
    return provider
