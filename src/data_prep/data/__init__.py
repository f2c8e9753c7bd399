"""Lists that data preparation goes by: licences, what files are for, what messages say."""

from __future__ import annotations

from pathlib import Path


def read_data(name: str) -> str:
    """The text of one of the lists in this folder."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
