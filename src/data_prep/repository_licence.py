"""The licence of a repository: its licence files, what its package files declare, else its README."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from src.data_prep.git_reading import GitRepository, TreeEntry
from src.data_prep.licences import RESTRICTED, UNKNOWN, is_known, licence_of_text

_LICENCE_FILE = re.compile(
    r"(?:un)?licen[cs]es?(?:[-_.].*)?|copying(?:[-_.].*)?|.*[-_.]licen[cs]e(?:\.\w+)?", re.IGNORECASE
)
# Code, and the licences of what is only bundled.
_NO_LICENCE_FILE = re.compile(
    r"\.(?:py|js|ts|go|rs|c|h|cpp|java|rb|php|cs|json|html|css|sh|ya?ml|xml)$|third|3rd|part(?:y|ies)|bundled|depend",
    re.IGNORECASE,
)
_POINTER_CHARACTERS: Final = 1_500
"""A licence file that is shorter and no licence points to the others."""
_DECLARED: Final = {
    "package.json": re.compile(r"\"license\"\s*:\s*(?:\{[^}]{0,300}\"type\"\s*:\s*)?\"([^\"]+)\""),
    "composer.json": re.compile(r"\"license\"\s*:\s*\"([^\"]+)\""),
    "cargo.toml": re.compile(r"^[ \t]{0,40}license[ \t]{0,40}=[ \t]{0,40}\"([^\"]+)\"", re.MULTILINE),
    "pyproject.toml": re.compile(
        r"^[ \t]{0,40}license[ \t]{0,40}=\s{0,40}(?:\{\s{0,40}text\s{0,40}=\s{0,40})?[\"']([^\"']+)[\"']", re.MULTILINE
    ),
    "setup.cfg": re.compile(r"^[ \t]{0,40}license[ \t]{0,40}=[ \t]{0,40}(\S[^\n]*)$", re.MULTILINE),
    "setup.py": re.compile(r"\blicense\s*=\s*[\"']([^\"']+)[\"']"),
    "description": re.compile(r"^License:\s*([^\s+]+)", re.MULTILINE),
}
_README_SECTION = re.compile(
    r"^(?:#+\s*|=+\s*)?licen[cs]e\b[^\n]*\n(?:[=~-]+\n)?\s*([^#]{1,400})", re.IGNORECASE | re.MULTILINE
)
_OPERATORS: Final = frozenset({"AND", "OR", "WITH", "LLVM-exception", "Classpath-exception-2.0"})
_NAMED: Final = (
    ("MIT", re.compile(r"\bMIT\b")),
    ("Apache-2.0", re.compile(r"\bApache\b.{0,20}\b2(?:\.0)?\b", re.IGNORECASE)),
    ("BSD-3-Clause", re.compile(r"\b(?:3-clause |new |revised )?BSD\b", re.IGNORECASE)),
    ("ISC", re.compile(r"\bISC\b")),
    ("MPL-2.0", re.compile(r"\bMPL\b|Mozilla Public", re.IGNORECASE)),
    ("Unlicense", re.compile(r"\bunlicense\b", re.IGNORECASE)),
)
_COPYLEFT_NAME = re.compile(r"\b[AL]?GPL\b|\bGNU\b|non-?commercial|proprietary|all rights reserved", re.IGNORECASE)


def licence_of_repository(repository: GitRepository, revision: str) -> str:
    """An SPDX expression; "unknown" for a licence that cannot be told, "" where nothing is said.

    Raises GitError where the tree of ``revision`` is missing.
    """
    entries = [entry for entry in repository.tree(revision, recursive=False) if entry.is_file]
    return licence_of_folder(dict(_texts(repository, [entry for entry in entries if may_say_licence(entry.path)])))


def licence_of_folder(texts: Mapping[str, str]) -> str:
    """As above, from the texts of a folder's files by their names. Several licence files all count (AND)."""
    return _of_licence_files(texts) or _declared(texts) or _of_readme(texts)


def may_say_licence(name: str) -> bool:
    """Whether a file of that name can tell the licence of its folder."""
    lower = name.lower()
    return _is_licence_file(name) or lower in _DECLARED or lower.startswith("readme")


def _is_licence_file(name: str) -> bool:
    return bool(_LICENCE_FILE.fullmatch(name)) and not _NO_LICENCE_FILE.search(name)


def _of_licence_files(texts: Mapping[str, str]) -> str:
    found = [(licence_of_text(text), len(text)) for name, text in texts.items() if _is_licence_file(name)]
    known = sorted({licence for licence, _ in found if licence != UNKNOWN})
    is_foreign = any(size > _POINTER_CHARACTERS for _, size in found)
    return " AND ".join(known) or (UNKNOWN if is_foreign else "")


def _declared(texts: Mapping[str, str]) -> str:
    for name, text in texts.items():
        pattern = _DECLARED.get(name.lower())
        found = pattern.search(text) if pattern else None
        if found:
            return _spdx_of_name(found[1].strip())
    return ""


def _of_readme(texts: Mapping[str, str]) -> str:
    for name, text in texts.items():
        section = _README_SECTION.search(text) if name.lower().startswith("readme") else None
        if section:
            return _spdx_of_name(section[1])
    return ""


def _spdx_of_name(name: str) -> str:
    """``MIT`` of "MIT License"; a name that is an SPDX expression already stays as it is."""
    words = set(re.findall(r"[\w.+-]+", name))
    if words and all(word in _OPERATORS or is_known(word) for word in words):
        return name
    if words & RESTRICTED or licence_of_text(name) in RESTRICTED:
        return UNKNOWN
    if _COPYLEFT_NAME.search(name):
        return UNKNOWN
    return next((licence for licence, pattern in _NAMED if pattern.search(name)), UNKNOWN)


def _texts(repository: GitRepository, entries: Sequence[TreeEntry]) -> Iterator[tuple[str, str]]:
    contents = repository.blobs([entry.id for entry in entries])
    for entry, (_, content) in zip(entries, contents, strict=True):
        if content is not None:
            yield entry.path, content.decode("utf-8", "replace")
