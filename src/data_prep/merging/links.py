"""What a row belongs to: the names that all rows share which must stay on one side of a split."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from src.data_prep.quality.reading import meta_of, read_conversation, spoken

_HISTORY: Final = "git_history"
_OF_FILES: Final = frozenset({_HISTORY, "actual_code"})
"""Sources whose rows of one file give each other away. Conversations that were exported into one file do not."""
_PATHS: Final = ("path", "file", "paths", "files")
_COMMITS: Final = ("commit", "reverts", "cherry_picked_from")
_REVERTED: Final = re.compile(r"\b(?:reverts|cherry picked from) commit ([0-9a-f]{7,64})\b")
_HUNK: Final = re.compile(r"^@@ .*@@", re.MULTILINE)
_CHANGED: Final = re.compile(r"^[+-](?!\+\+ |-- )(.*)$", re.MULTILINE)
_SHORT_ID: Final = 7
_FEWEST_CHANGED: Final = 24
"""Characters that a patch must change before another one with the same lines is more than chance."""


def links_of(row: Mapping[str, Any], *, every_file: bool = True) -> tuple[Hashable, ...]:
    """The names of a row: its group (a conversation with all its windows, a file), its files, its commit and the commit
    that it reverts, and the lines of its patch, which are the same for a commit, its revert and its cherry-pick.

    Read from ``meta``: ``group``, and of git history and code ``paths`` and ``commit`` and their like, with ``repo``.
    Without ``every_file`` a commit belongs to the first of its files alone."""
    return tuple(dict.fromkeys(_names(row, every_file)))


def files_of(row: Mapping[str, Any]) -> list[str]:
    """The files that a row of git history or code is about."""
    meta = meta_of(row)
    if meta.get("source") not in _OF_FILES:
        return []
    return list(dict.fromkeys(path for key in _PATHS for path in _texts(meta.get(key))))


def group_of(row: Mapping[str, Any]) -> str:
    """The group that the row itself names; "" for none."""
    group = meta_of(row).get("group")
    return group if isinstance(group, str) else ""


def _names(row: Mapping[str, Any], every_file: bool) -> Iterator[Hashable]:
    meta = meta_of(row)
    group = group_of(row)
    if group:
        yield group
    repo = meta.get("repo")
    if repo or not group:  # a path alone is the same in many repositories
        files = files_of(row)
        yield from (f"{repo or ''}:{path}" for path in (files if every_file else files[:1]))
    if meta.get("source") != _HISTORY:
        return
    for key in _COMMITS:
        yield from (("commit", commit[:_SHORT_ID]) for commit in _texts(meta.get(key)))
    text = spoken(read_conversation(dict(row))).text
    yield from (("commit", found[1][:_SHORT_ID]) for found in _REVERTED.finditer(text))
    patch = _patch_of(text)
    if patch:
        yield ("patch", patch)


def _texts(value: object) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    return (one for one in values if isinstance(one, str) and one)


def _patch_of(text: str) -> bytes:
    """A hash of the changed lines, whichever way they were changed; nothing where there is no patch to speak of."""
    if not _HUNK.search(text):
        return b""
    changed = sorted(line.strip() for line in _CHANGED.findall(text))
    if sum(map(len, changed)) < _FEWEST_CHANGED:
        return b""
    return hashlib.blake2b("\n".join(changed).encode(errors="surrogatepass"), digest_size=16).digest()
