"""Commits with what the attributes of their repository say of the files they touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from src.data_prep.git_attributes import Attributes, Mark
from src.data_prep.git_history.commits import Commit
from src.data_prep.git_history.paths import PathKind, kind_of, language_of

_KINDS: Final[Mapping[Mark, PathKind]] = {
    "vendored": "vendored",
    "generated": "generated",
    "docs": "docs",
    "binary": "other",
}


def mark_files(commits: Iterable[Commit], attributes: Attributes) -> Iterator[Commit]:
    """``commits`` with the kinds of files that ``attributes`` name; without rules there, as they are."""

    @lru_cache(maxsize=100_000)
    def kind_said(path: str) -> PathKind | None:
        said = attributes.said_of(path)
        if said.marked:
            return _KINDS[said.marked]
        denied = {_KINDS[mark] for mark in said.denied}
        return "code" if denied and kind_of(path) in denied and language_of(path) else None

    for commit in commits:
        if not attributes or all(kind_said(change.path) is None for change in commit.changes):
            yield commit
        else:
            changes = (change._replace(marked=kind_said(change.path)) for change in commit.changes)
            yield replace(commit, changes=tuple(changes))
