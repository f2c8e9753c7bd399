"""Markers of a chat template that stand in a text."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("control_tokens.txt")


@cache
def control_tokens(tokenizer: str) -> tuple[str, ...]:
    """The markers of the template that a tokenizer's models know; none where nobody published them."""
    return tuple(marker for head, marker in _markers() if tokenizer.startswith(head))


@cache
def all_control_tokens() -> tuple[str, ...]:
    """The markers of every template."""
    return tuple(dict.fromkeys(marker for _, marker in _markers()))


def find_control_token(text: str, tokens: tuple[str, ...]) -> str:
    """The first of ``tokens`` that stands in ``text``; "" for none."""
    return next((token for token in tokens if token in text), "")


def common_heads(tokens: Collection[str]) -> tuple[str, ...]:
    """The first two characters of ``tokens``, each once: a text that holds one of them holds a head."""
    return tuple(dict.fromkeys(token[:2] for token in tokens))


def _markers() -> list[tuple[str, str]]:
    """The head of the tokenizer's name, and a marker."""
    lines = (line.partition("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return [(head, marker) for head, _, marker in lines]
