"""Every exception class that an SDK or its transport can raise has a kind: a new one fails here."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from src.core.types import ProviderName
from src.providers import load_provider

# The packages whose exceptions a call can meet: the SDK and its transport.
SDKS: dict[ProviderName, tuple[str, ...]] = {
    "openai": ("openai", "httpx2", "aiohttp"),
    "llama": ("openai", "httpx2", "aiohttp"),
    "anthropic": ("anthropic", "httpx2", "aiohttp"),
    "google": ("google.genai", "httpx2"),
    "mistral": ("mistralai", "httpx2"),
}
# Never raised by a chat call: servers, websockets, agents, tools that the SDK runs on this machine, other
# APIs, other clouds.
NOT_A_CALL = (
    "aiohttp.web",
    "aiohttp.http_websocket",
    "aiohttp._websocket",
    "aiohttp.payload",
    "aiohttp.pytest_plugin",
    "aiohttp.worker",
    "anthropic.lib.tools",
    "google.genai._gaos",
    "google.genai._interactions",
    "google.genai.tests",
    "httpx2.websockets",
    "mistralai.azure",
    "mistralai.extra",
    "mistralai.gcp",
    "openai._extras",
    "openai.lib.beta",
    "openai.lib.browser",
    "openai.lib.computer",
    "openai.lib.decisions_tool_runner",
    "openai.lib.responses_tool_runner",
    "openai.lib.responses_websocket",
)
DEFINES_EXCEPTIONS = re.compile(r"^\s*class \w+\(.*(?:Error|Exception|Timeout)", re.MULTILINE)
# Mistakes of the calling program: these must stay visible.
OUR_MISTAKE = {"MissingStreamClassError", "WSMessageTypeError"}


def modules_with_exceptions(package: str) -> Iterator[str]:
    """The modules of ``package`` whose source defines a class that looks like an exception."""
    for folder in importlib.import_module(package).__path__:
        for path in sorted(Path(folder).rglob("*.py")):
            inside = path.relative_to(folder).with_suffix("").parts
            name = ".".join((package, *inside)).removesuffix(".__init__")
            if not name.startswith(NOT_A_CALL) and DEFINES_EXCEPTIONS.search(path.read_text(encoding="utf-8")):
                yield name


def exceptions_of(name: ProviderName) -> list[type[Exception]]:
    packages = SDKS[name]
    for package in packages:
        for module in modules_with_exceptions(package):
            importlib.import_module(module)
    return sorted(
        {
            found
            for found in subclasses(Exception)
            if f"{found.__module__}.".startswith(tuple(f"{package}." for package in packages))
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
