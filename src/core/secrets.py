"""The only reader of the environment and .env: API keys, endpoints, the agent's provider and places for datasets.

Precedence: process environment, then .env. The placeholder values of .env.example count as unset.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from src.core.database_address import DatabaseAddress, parse_database_url, passwords_of
from src.core.errors import ConfigError
from src.core.key_shapes import HIDDEN, hide_keys
from src.core.types import PROVIDER_NAMES, ProviderName

_KEY_NAMES: Mapping[ProviderName, tuple[str, ...]] = {
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "google": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "mistral": ("MISTRAL_API_KEY",),
    "llama": ("LLAMA_API_KEY",),
    "local": (),
}
_ENDPOINT_NAMES: Mapping[str, ProviderName] = {
    f"{name.upper()}_BASE_URL": name for name in PROVIDER_NAMES if name != "local"
}
_AGENT_KEYS = {"AGENT_PROVIDER": "system.agentic_llm", "AGENT_MODEL": "system.agentic_model"}
_CLOUD_SECRETS = ("TOGETHER_API_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "HF_TOKEN")
_CLOUD_PLACES = (
    "TOGETHER_BASE_URL",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_VERTEX_BASE_URL",
    "STORAGE_EMULATOR_HOST",
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL",
    "HF_ENDPOINT",
)
"""Names that the vendors' own tools read too: who has them set need not set anything anew to launch a job."""
_STORES = ("DATABASE_URL", "SUPABASE_URL", "SUPABASE_KEY")
_PLACEHOLDERS = frozenset(
    {
        "sk-your-api-key-here",
        "sk-ant-your-api-key-here",
        "your-google-api-key-here",
        "your-mistral-api-key-here",
        "your-llama-api-key-here",
        "https://your-project.supabase.co",
        "your-supabase-anon-key",
    }
)
_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")


@dataclass(frozen=True, slots=True)
class SupabaseProject:
    """Where datasets are mirrored to. ``repr`` does not show the key."""

    url: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the environment and .env say. ``repr`` never shows a value."""

    values: Mapping[str, str] = field(repr=False)

    def api_key(self, provider: ProviderName) -> str:
        """The key of ``provider``; "" when there is none."""
        return next((self.values[name] for name in _KEY_NAMES[provider] if self.values.get(name)), "")

    def configured_providers(self) -> tuple[ProviderName, ...]:
        """Providers with a key, in the order of the menu."""
        return tuple(name for name in PROVIDER_NAMES if self.api_key(name))

    def cloud(self, name: str) -> str:
        """One of the names that the vendors' own tools read (TOGETHER_API_KEY, AWS_PROFILE); "" when it is not set."""
        return self.values.get(name, "")

    def config_environment(self) -> dict[str, str]:
        """The configuration keys that the environment or .env sets: dotted key -> text."""
        found = {key: self.values[name] for name, key in _AGENT_KEYS.items() if self.values.get(name)}
        for name, provider in _ENDPOINT_NAMES.items():
            if self.values.get(name):
                found[f"endpoints.{provider}"] = self.values[name]
        return found

    def database_address(self) -> DatabaseAddress | None:
        """The PostgreSQL database of DATABASE_URL; None when it is unset. Raises ConfigError for any other address."""
        url = self.values.get("DATABASE_URL", "")
        return parse_database_url(url) if url else None

    def supabase(self) -> SupabaseProject | None:
        """The project that finished datasets are mirrored to; None when SUPABASE_* is unset. Raises ConfigError when
        only half is set, the URL is no URL, or the key cannot be one."""
        url, key = self.values.get("SUPABASE_URL", ""), self.values.get("SUPABASE_KEY", "")
        if not url and not key:
            return None
        if not url or not key:
            missing = "SUPABASE_KEY" if url else "SUPABASE_URL"
            raise ConfigError(
                f"{missing} is not set, but its partner is.", fix=f"Set {missing} in .env, or remove both."
            )
        if not _is_web_address(url):
            raise ConfigError("SUPABASE_URL is not a web address.", fix="It looks like https://<project>.supabase.co")
        if not re.fullmatch("[!-~]+", key):
            raise ConfigError(
                "SUPABASE_KEY holds a character that no key has.", fix="Copy the key anew, without spaces and quotes."
            )
        return SupabaseProject(url, key)

    def redact(self, text: str) -> str:
        """``text`` with every key replaced, also one that was pasted elsewhere: for log lines and error messages that
        quote a server or a setting."""
        names = [name for names in _KEY_NAMES.values() for name in names] + ["SUPABASE_KEY", *_CLOUD_SECRETS]
        secrets = (self.values.get(name, "") for name in names)
        for secret in (*secrets, *passwords_of(self.values.get("DATABASE_URL", ""))):
            if len(secret) >= 6:
                text = text.replace(secret, HIDDEN)
        return hide_keys(text)


def load_secrets(env_file: Path, environ: Mapping[str, str] | None = None) -> Secrets:
    """Read .env (which may be missing) and the process environment, which wins. Raises ConfigError on a bad line,
    naming its number and never its value."""
    environment = os.environ if environ is None else environ
    values = _read_env_file(env_file)
    known = {name for names in _KEY_NAMES.values() for name in names}
    known |= {*_ENDPOINT_NAMES, *_AGENT_KEYS, *_CLOUD_SECRETS, *_CLOUD_PLACES, *_STORES}
    merged = {name: value for name, value in values.items() if name in known}
    merged.update({name: environment[name] for name in known if environment.get(name, "").strip()})
    return Secrets({name: value.strip() for name, value in merged.items() if value.strip() not in _PLACEHOLDERS})


def environment_without(*starts: str) -> dict[str, str]:
    """The variables that a program which we start inherits: all but those whose name begins with one of ``starts``."""
    return {name: value for name, value in os.environ.items() if not name.startswith(starts)}


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f".env is not UTF-8 text (byte {error.start}).", fix="Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f".env cannot be read: {error.strerror}.", fix="Check its permissions.") from error
    _check_lines(text)
    from io import StringIO

    from dotenv import dotenv_values

    return {name: value or "" for name, value in dotenv_values(stream=StringIO(text), interpolate=False).items()}


def _check_lines(text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.match(line)
        if not match:
            raise ConfigError(
                f".env line {number} is not NAME=value.", fix="Mend that line, or begin it with # to skip it."
            )
        value = line[match.end() :].strip()
        if value[:1] in {'"', "'"} and value.count(value[0]) < 2:
            raise ConfigError(f".env line {number}: the quote is not closed.", fix="Close the quote.")
        if "\0" in value:
            raise ConfigError(f".env line {number} holds a NUL character.", fix="Delete it.")
