"""What a worker is told: one file to read, where to, and what it may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from src.core.errors import InputFileError


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read into ``folder``. ``ocr`` names the languages when its pages are to be recognised first."""

    path: str
    folder: str
    seconds: float
    memory_mb: int
    ocr: str = ""


def require_file(path: Path) -> None:
    """Raise InputFileError when ``path`` is missing, a folder or a device."""
    if not path.is_file():
        raise InputFileError(f"{path} is not there or is no file.", fix="Check the path.")
