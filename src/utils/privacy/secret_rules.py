"""Secrets: keys by their shape, credentials by where they stand, arguments of commands, values of names of secrets."""

from __future__ import annotations

from collections.abc import Iterator

from src.utils.privacy.assignments import find_assigned
from src.utils.privacy.commands import find_in_commands
from src.utils.privacy.credentials import find_credentials
from src.utils.privacy.key_shapes import find_keys
from src.utils.privacy.spans import PrivateSpan


def find_secrets(text: str) -> Iterator[PrivateSpan]:
    """Every secret in ``text``; findings may overlap. What looks like a placeholder in documentation is none."""
    yield from find_keys(text)
    yield from find_credentials(text)
    yield from find_in_commands(text)
    yield from find_assigned(text)
