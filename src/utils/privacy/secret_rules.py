"""Secrets: keys by their shape, credentials by where they stand, arguments of commands, values of names of secrets."""

from __future__ import annotations

from collections.abc import Iterator

from src.utils.privacy.assignments import find_assigned
from src.utils.privacy.commands import COMMANDS
from src.utils.privacy.credentials import AROUND_SIGNS, CREDENTIALS
from src.utils.privacy.key_shapes import KEYS, KEYS_AROUND_SIGNS, find_keys_of_discord
from src.utils.privacy.rule import RuleBook
from src.utils.privacy.spans import PrivateSpan

_BOOK = RuleBook((*KEYS, *CREDENTIALS, *COMMANDS), (*KEYS_AROUND_SIGNS, *AROUND_SIGNS))


def find_secrets(text: str) -> Iterator[PrivateSpan]:
    """Every secret in ``text``; findings may overlap. What looks like a placeholder in documentation is none."""
    yield from _BOOK.find(text)
    yield from find_keys_of_discord(text)
    yield from find_assigned(text)
