"""What a result is told by later: the hash of a file, and the versions of what made it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from src import VERSION
from src.core.errors import InputFileError


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, 64 hex digits. Raises InputFileError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error


def versions(packages: Iterable[str]) -> dict[str, str]:
    """What has worked: this program, Python, and those of ``packages`` that are installed."""
    found = {"program": VERSION, "python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
