"""What is said of a file of an earlier run where a command found nothing to write."""

from __future__ import annotations

from pathlib import Path


def say_it_stays(path: Path) -> str:
    """A sentence behind another one, "" where no earlier file is there."""
    from src.core.kept_file import holds_rows

    return f" {path} stays as an earlier run left it." if holds_rows(path) else ""
