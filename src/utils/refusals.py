"""Answers that decline: English ones told by what they say, others (refusals.txt) by how they begin."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from src.utils.english_refusals import declines

_OPENING: Final = 200
"""Characters in which a refusal is looked for."""


def is_refusal(answer: str) -> bool:
    """Whether ``answer`` begins as one that declines."""
    return declines(answer) or answer[:_OPENING].strip().lower().replace("’", "'").startswith(_openings())


@cache
def _openings() -> tuple[str, ...]:
    lines = Path(__file__).with_name("refusals.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
