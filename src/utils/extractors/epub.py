"""Reads EPUB books: the chapters of the spine, in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from src.core.types import Section
from src.utils.extractors.html import html_sections
from src.utils.extractors.package import Package
from src.utils.extractors.sections import Warn, ignore_warning

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of an EPUB book. Raises InputFileError when it is damaged or protected against copying."""
    with Package(path) as package:
        chapters = list(_chapters(package))
        locked = _locked_parts(package)
        if locked.intersection(chapters):
            raise package.error("is protected against copying (DRM)", fix="Use a copy without protection.")
        if not chapters:
            raise package.error("names no chapters")
        for number, part in enumerate(chapters, start=1):
            if not package.has(part):
                warn(f"{package.name}: the chapter {part} is missing.")
                continue
            yield from html_sections(package.read(part), package.name, f"chapter {number}")


def _chapters(package: Package) -> Iterator[str]:
    container = package.xml("META-INF/container.xml")
    rootfile = next(container.iter("{*}rootfile"), None)
    if rootfile is None:
        raise package.error("names no book in META-INF/container.xml")
    book = unquote(rootfile.get("full-path", ""))
    root = package.xml(book)
    items = {item.get("id"): item for item in root.iter("{*}item")}
    for reference in root.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is not None and item.get("media-type", "") in _PAGES:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(book), unquote(item.get("href", ""))))


def _locked_parts(package: Package) -> set[str]:
    """The parts that META-INF/encryption.xml lists; fonts alone do not matter."""
    if not package.has("META-INF/encryption.xml"):
        return set()
    root = package.xml("META-INF/encryption.xml")
    return {unquote(node.get("URI", "")) for node in root.iter("{*}CipherReference")}
