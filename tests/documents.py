"""Documents for tests: read in this process, without workers or cache."""

from __future__ import annotations

import hashlib
from pathlib import Path

from src.core.types import SourceDocument
from src.utils.reading.sections import iter_sections


def read_document(path: Path) -> SourceDocument:
    """The document at ``path``."""
    warnings: list[str] = []
    sections = tuple(iter_sections(path, warnings.append))
    text = "".join(section.text for section in sections)
    return SourceDocument(path, path.name, sections, hashlib.sha256(text.encode()).hexdigest(), tuple(warnings))
