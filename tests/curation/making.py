"""Rows of our own making for the tests of curation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

THINGS = (
    "anchor",
    "beacon",
    "capstan",
    "davit",
    "ensign",
    "fender",
    "gunwale",
    "halyard",
    "jib",
    "keel",
    "lantern",
    "mast",
)


def make_row(number: int, **more: Any) -> dict[str, Any]:
    """A row unlike every other one."""
    thing = THINGS[number % len(THINGS)]
    words = " ".join(
        f"{THINGS[(number * 7 + step * step) % len(THINGS)]}{(number * 31 + step) % 97}" for step in range(30)
    )
    return {
        "id": number,
        "instruction": f"What is the {thing} of ship number {number} used for?",
        "response": f"The {thing} of ship {number} holds {words}.",
        "source": f"set-{number % 3}",
        "teacher": f"teacher-{number % 3}",
        "quality_score": 7.5 + number % 3,
        "category": ("general", "code", "creative")[number % 3],
        **more,
    }


def write_lines(path: Path, lines: list[Any]) -> Path:
    """Objects as JSON lines, bytes as they are."""
    path.write_bytes(
        b"".join(
            (one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode()) + b"\n" for one in lines
        )
    )
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Every line of a file as an object."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
