"""Markers of a chat template that stand in a text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("control_tokens.txt")


@cache
def control_tokens(tokenizer: str) -> tuple[str, ...]:
    """The markers of the template that a tokenizer's models know; none where nobody published them."""
    lines = (line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(marker for head, marker in lines if tokenizer.startswith(head))


def find_control_token(text: str, tokens: tuple[str, ...]) -> str:
    """The first of ``tokens`` that stands in ``text``; "" for none."""
    return next((token for token in tokens if token in text), "")
