"""Which reader wrote a text: the code of the extractors and the packages they use."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_SOURCES = (Path(__file__).parent, Path(__file__).parents[1] / "extractors")
_PACKAGES = ("pypdfium2", "pypdf", "lxml", "chardet", "python-calamine")


@cache
def reader_version() -> str:
    """A hash that changes with every change of the readers: what an older one wrote is read anew."""
    digest = hashlib.sha256()
    for file in sorted(path for folder in _SOURCES for path in folder.rglob("*") if path.is_file()):
        if file.suffix != ".pyc":
            digest.update(file.read_bytes())
    for package in _PACKAGES:
        digest.update(_installed(package).encode())
    return digest.hexdigest()


def _installed(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{package} {version(package)}\n"
    except PackageNotFoundError:
        return ""
