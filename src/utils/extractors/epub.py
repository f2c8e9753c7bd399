"""Reads EPUB books: the chapters of the spine, in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from src.core.types import Section
from src.utils.extractors.html import html_sections
from src.utils.extractors.package import Package
from src.utils.extractors.sections import Warn, ignore_warning

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_VAGUE = frozenset({"", "text/xml", "application/xml", "text/plain", "application/octet-stream"})


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
    """The pages of the spine in order; where it names none that is there, all pages of the manifest."""
    container = package.xml("META-INF/container.xml")
    rootfile = next(container.iter("{*}rootfile"), None)
    if rootfile is None:
        raise package.error("names no book in META-INF/container.xml")
    book = unquote(rootfile.get("full-path", ""))
    root = package.xml(book)
    pages = {item.get("id"): _target(book, item) for item in root.iter("{*}item") if _is_page(item)}
    spine = [pages[node.get("idref")] for node in root.iter("{*}itemref") if node.get("idref") in pages]
    yield from spine if any(map(package.has, spine)) else pages.values()


def _target(book: str, item: Any) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(book), unquote(item.get("href", ""))))


def _is_page(item: Any) -> bool:
    """By its type; by its name where the type is missing or a guess of the program."""
    kind = item.get("media-type", "").strip().lower()
    name = item.get("href", "").lower().partition("#")[0]
    return kind in _PAGES or (kind in _VAGUE and name.endswith((".html", ".htm", ".xhtml", ".xml")))


def _locked_parts(package: Package) -> set[str]:
    """The parts that META-INF/encryption.xml lists; fonts alone do not matter."""
    if not package.has("META-INF/encryption.xml"):
        return set()
    root = package.xml("META-INF/encryption.xml")
    return {unquote(node.get("URI", "")) for node in root.iter("{*}CipherReference")}
