"""The word lists in ``data``."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def words(name: str) -> frozenset[str]:
    """The words of list ``name``: one or more per line, # begins a remark."""
    text = resources.files("src.utils.privacy").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.split())
