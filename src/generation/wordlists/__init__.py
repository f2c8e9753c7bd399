"""Word lists of the gates, one entry a line; ``#`` begins a comment."""

from __future__ import annotations

from pathlib import Path


def read_wordlist(name: str) -> tuple[str, ...]:
    """The entries of a list that ships beside this module."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
