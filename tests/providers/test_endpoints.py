"""Base URLs and keys: presets, addresses, and what is refused."""

from __future__ import annotations

import pytest

from src.core.errors import ConfigError, ProviderError
from src.core.types import PROVIDER_NAMES, ProviderName
from src.providers.endpoints import check_key, resolve_endpoint
from src.providers.lookup import provider_spec

REMOTE = [name for name in PROVIDER_NAMES if name != "local"]


@pytest.mark.parametrize(
    ("name", "text", "url", "needs_key"),
    [
        ("openai", "", "https://api.openai.com/v1", True),
        ("anthropic", "", "https://api.anthropic.com", True),
        ("google", "", "https://generativelanguage.googleapis.com", True),
        ("mistral", "", "https://api.mistral.ai", True),
        ("llama", "", "https://openrouter.ai/api/v1", True),
        ("llama", " Together ", "https://api.together.ai/v1", True),
        ("llama", "huggingface", "https://router.huggingface.co/v1", True),
        ("llama", "ollama", "http://localhost:11434/v1", False),
        ("llama", "vllm", "http://localhost:8000/v1", False),
        ("llama", "llamacpp", "http://localhost:8080/v1", False),
        ("llama", "http://10.0.0.7:8000/v1/", "http://10.0.0.7:8000/v1", False),
        ("openai", "https://[::1]:8443/v1", "https://[::1]:8443/v1", False),
    ],
)
def test_presets_and_addresses_become_base_urls(name: ProviderName, text: str, url: str, needs_key: bool) -> None:
    assert resolve_endpoint(provider_spec(name), text) == (url, needs_key)


def test_messages_show_host_and_port_only() -> None:
    assert resolve_endpoint(provider_spec("llama"), "http://10.0.0.7:8000/secret/v1").host == "10.0.0.7:8000"


@pytest.mark.parametrize(
    "text",
    [
        "olama",
        "localhost:8000",
        "ftp://host/v1",
        "https://",
        "http://host:99999/v1",
        "http://host:0/v1",
        "http://[::1/v1",
        "http://me:pass@host/v1",
        "https://host/v1?key=abc",
        "https://host/v1#x",
        "https://host/a b",
        "https://host/\x00",
    ],
)
def test_anything_else_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigError, match="endpoints.llama") as caught:
        resolve_endpoint(provider_spec("llama"), text)
    assert "ollama" in caught.value.fix
    assert text not in str(caught.value)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "tab\t"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    spec = provider_spec("openai")
    with pytest.raises(ProviderError, match="character") as caught:
        check_key(spec, resolve_endpoint(spec, ""), key)
    assert (caught.value.kind, key in str(caught.value)) == ("auth", False)


def test_a_key_is_sent_to_servers_of_ones_own_when_there_is_one() -> None:
    spec = provider_spec("llama")
    assert check_key(spec, resolve_endpoint(spec, "ollama"), "") == "none"
    assert check_key(spec, resolve_endpoint(spec, "ollama"), "k") == "k"
