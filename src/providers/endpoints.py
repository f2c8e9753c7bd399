"""Where a provider is reached: the base URL from a preset's name or an address, and the key that goes with it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from src.core.errors import ConfigError, ProviderError
from src.core.specs import ProviderSpec

NO_KEY = "none"
"""Sent to servers of one's own, whose SDK insists on a key."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Endpoint(NamedTuple):
    """A base URL without its last slash. ``needs_key``: a vendor's hosted service."""

    url: str
    needs_key: bool

    @property
    def host(self) -> str:
        """Host and port, for messages: never more of the address."""
        return urlsplit(self.url).netloc

    @property
    def is_on_this_machine(self) -> bool:
        """Whether the address is this computer's own."""
        return urlsplit(self.url).hostname in _LOOPBACK


def resolve_endpoint(spec: ProviderSpec, text: str) -> Endpoint:
    """The endpoint that ``endpoints.<provider>`` names: "" is the first preset, else a preset's name or an http(s) URL.

    Raises ConfigError for anything else.
    """
    name = text.strip()
    preset = spec.presets.get(name.lower()) if name else next(iter(spec.presets.values()))
    url = preset or name
    problem = _url_problem(url)
    if problem:
        # the value itself is not repeated: somebody may have put a key there
        raise ConfigError(
            f"endpoints.{spec.name} {problem}.",
            fix=f"Give a URL like {next(iter(spec.presets.values()))}, or one of: {', '.join(spec.presets)}.",
        )
    endpoint = Endpoint(url.rstrip("/"), needs_key=False)
    return endpoint._replace(needs_key=preset is not None and not endpoint.is_on_this_machine)


def check_key(spec: ProviderSpec, endpoint: Endpoint, key: str) -> str:
    """The key to send to ``endpoint``. Raises ProviderError of kind auth when a hosted service would get none."""
    if not key:
        if endpoint.needs_key:
            raise ProviderError(
                f"There is no API key for {spec.title}.",
                kind="auth",
                fix=f"Set {spec.key_name} in .env, or choose another provider.",
            )
        return NO_KEY
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ProviderError(
            f"The API key for {spec.title} holds a character that no key has.",
            kind="auth",
            fix=f"Copy {spec.key_name} again, without spaces or line breaks.",
        )
    return key


def _url_problem(url: str) -> str:
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port != 0
    except ValueError:
        return "is not a usable URL"
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_valid:
        return "is neither an http(s) URL nor the name of a preset"
    if parts.username or parts.password:
        return "holds a user name or a password; keys belong in .env"
    if parts.query or parts.fragment or not url.isprintable() or " " in url:
        return "holds more than an address (a space, '?' or '#')"
    return ""
