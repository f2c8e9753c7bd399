"""Word lists of our own making, one text file per language: words too common to be a topic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ru")


@cache
def load_words(name: str) -> frozenset[str]:
    """The words of ``<name>.txt`` in this folder, in lower case; lines that begin with # are comments."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
