"""The address of a PostgreSQL database as a person gives it, which never shows its password."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from src.core.errors import ConfigError

_SCHEMES = ("postgresql", "postgres")
_FIX = "It looks like postgresql://user:password@host:5432/database; leave DATABASE_URL out to keep all in a file."
_ESCAPE_FIX = "In a name or password write @ as %40, / as %2F, : as %3A, ? as %3F, # as %23 and % as %25."


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A database on a PostgreSQL server. ``url`` is for the driver alone; ``str`` and ``repr`` leave secrets out."""

    url: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


DatabasePlace = Path | DatabaseAddress
"""Where the datasets are kept: a file of SQLite, or a database of PostgreSQL."""


def parse_database_url(text: str) -> DatabaseAddress:
    """The address in ``text``. Raises ConfigError, which never quotes it, for anything but a PostgreSQL address.

    What could make the driver take a part of the password for the name of the host is refused here, for the driver
    would show it in its message.
    """
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in _SCHEMES:
        raise ConfigError("DATABASE_URL is not the address of a PostgreSQL database.", fix=_FIX)
    authority, at, place = rest.rpartition("@")
    if "@" in authority or (at and any(mark in authority for mark in "/?#")) or "#" in place:
        raise ConfigError("DATABASE_URL holds a character that must be written otherwise.", fix=_ESCAPE_FIX)
    try:
        parts = urlsplit(text)
        port = parts.port or 5432
    except ValueError:
        raise ConfigError("DATABASE_URL has no usable host and port.", fix=f"{_FIX} {_ESCAPE_FIX}") from None
    name = unquote(parts.path.lstrip("/")) or unquote(parts.username or "")
    return DatabaseAddress(text, f"PostgreSQL database {name!r} at {parts.hostname or 'this machine'}:{port}")


def passwords_of(url: str) -> tuple[str, ...]:
    """Every form in which the password of an address may stand in a text; also of an address that is not usable."""
    try:
        parts = urlsplit(url)
        given = (parts.password or "", *parse_qs(parts.query).get("password", ()))
    except ValueError:
        given = ()
    return tuple(form for password in given for form in dict.fromkeys((password, unquote(password))) if form)
