"""Every exception class that an SDK or its transport can raise has a kind: a new one fails here."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest

from src.core.types import ProviderName
from src.providers import load_provider

# The modules that define the SDK's exceptions, and the packages whose classes count as the SDK's own.
SDKS: dict[ProviderName, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "openai": (("openai", "openai._exceptions", "httpx2", "aiohttp"), ("openai", "httpx2", "aiohttp")),
    "llama": (("openai", "openai._exceptions", "httpx2", "aiohttp"), ("openai", "httpx2", "aiohttp")),
    "anthropic": (("anthropic", "anthropic._exceptions", "httpx2", "aiohttp"), ("anthropic", "httpx2", "aiohttp")),
    "google": (("google.genai", "google.genai.errors", "httpx2"), ("google.genai", "httpx2")),
    "mistral": (
        (
            "mistralai.client",
            "mistralai.client.errors.sdkerror",
            "mistralai.client.errors.httpvalidationerror",
            "mistralai.client.errors.responsevalidationerror",
            "mistralai.client.errors.no_response_error",
            "mistralai.client.errors.observabilityerror",
            "httpx2",
        ),
        ("mistralai", "httpx2"),
    ),
}
# Never raised by a chat call: servers, websockets, tools that the SDK runs on this machine, tracing, workflows.
NOT_A_CALL = (
    "aiohttp.web",
    "aiohttp.http_websocket",
    "aiohttp._websocket",
    "aiohttp.payload",
    "anthropic.lib.tools",
    "mistralai.extra.observability",
    "mistralai.extra.workflows",
)
# Mistakes of the calling program: these must stay visible.
OUR_MISTAKE = {"MissingStreamClassError", "WSMessageTypeError"}


def exceptions_of(name: ProviderName) -> list[type[Exception]]:
    modules, packages = SDKS[name]
    for module in modules:
        importlib.import_module(module)
    return sorted(
        {
            found
            for found in subclasses(Exception)
            if found.__module__.split(".")[0] in {package.split(".")[0] for package in packages}
            and found.__module__.startswith(packages)
            and not found.__module__.startswith(NOT_A_CALL)
            and not issubclass(found, (Warning, Enum))
            and found.__name__ not in OUR_MISTAKE
        },
        key=lambda found: f"{found.__module__}.{found.__qualname__}",
    )


def subclasses(base: type[Exception]) -> Iterator[type[Exception]]:
    for found in base.__subclasses__():
        yield found
        yield from subclasses(found)


@pytest.mark.parametrize("name", list(SDKS))
def test_every_exception_class_of_the_sdk_has_a_kind(name: ProviderName) -> None:
    provider: Any = load_provider(name)()
    found = exceptions_of(name)
    assert len(found) > 20
    with warnings.catch_warnings():
        # aiohttp's `code` warns where an exception was built without its status, as here
        warnings.simplefilter("ignore", DeprecationWarning)
        unmapped = [kind for kind in found if provider._classify(kind.__new__(kind)) is None]
    assert unmapped == []


@pytest.mark.parametrize("name", list(SDKS))
def test_python_s_own_network_errors_have_a_kind(name: ProviderName) -> None:
    provider: Any = load_provider(name)()
    assert provider._classify(TimeoutError()) == "timeout"
    assert provider._classify(ConnectionResetError()) == "connection"
    assert provider._classify(ValueError("Expecting value")) == "malformed"
