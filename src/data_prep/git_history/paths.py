"""What a file is for, told by its path: code, tests, documentation, what builds and checks it, what others wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import translate
from functools import cache, lru_cache
from pathlib import PurePosixPath
from typing import Final, Literal, NamedTuple, get_args

import yaml

from src.data_prep.data import read_data
from src.data_prep.languages import Language, languages_by_ending

PathKind = Literal[
    "code", "tests", "benchmarks", "docs", "ci", "build", "lock", "types", "vendored", "generated", "other"
]
_CACHED_PATHS: Final = 100_000
_SOURCE_FOLDERS: Final = frozenset({"src", "source", "sources", "lib", "app", "pkg", "internal", "packages"})
"""Below them a program lies: what is called like documentation there is mostly the code that deals with it."""


class _Names(NamedTuple):
    """Names of files: whole ones, ends of names, and patterns for the few that are neither."""

    whole: frozenset[str]
    ends: tuple[str, ...]
    others: re.Pattern[str]

    def fit(self, name: str) -> bool:
        return name in self.whole or name.endswith(self.ends) or bool(self.others.match(name))


class _Rule(NamedTuple):
    kind: PathKind
    folders: frozenset[str]
    roots: frozenset[str]
    root_names: _Names
    numbered: frozenset[str]
    names: _Names
    prose: _Names
    weak_folders: frozenset[str]
    weak_names: _Names

    def fits(self, folders: Sequence[str], name: str, *, is_code: bool) -> bool:
        """Whether a file belongs to the kind. Weak signs do not count for code below a folder of sources."""
        if not self.folders.isdisjoint(folders) or bool(folders and folders[0] in self.roots) or self.names.fit(name):
            return True
        if not folders and self.root_names.fit(name):
            return True
        if not self.numbered.isdisjoint(folders) and name[0].isdigit():
            return True
        if not is_code and self.prose.fit(name):
            return True
        top = next((place for place, folder in enumerate(folders) if is_code and folder in _SOURCE_FOLDERS), None)
        return not self.weak_folders.isdisjoint(folders[:top]) or (top is None and self.weak_names.fit(name))


@lru_cache(_CACHED_PATHS)
def kind_of(path: str) -> PathKind:
    """What the file at ``path``, relative to its repository, is for."""
    *folders, name = path.lower().split("/")
    language = language_of(path)
    for rule in _rules():
        if rule.fits(folders, name, is_code=language is not None):
            return rule.kind
    return "code" if language else "other"


@lru_cache(_CACHED_PATHS)
def language_of(path: str) -> Language | None:
    """The programming language of a file by its suffix; None where it is none whose comments are known."""
    known = languages_by_ending(PurePosixPath(path).suffix[1:].lower())
    return next((one for one in known if one.has_comments), None)


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_make_rule(kind, entry) for kind, entry in yaml.safe_load(read_data("path_kinds.yaml")).items())


def _make_rule(kind: str, entry: dict[str, list[str]]) -> _Rule:
    known = next(one for one in get_args(PathKind) if one == kind)
    folders, roots, numbered, weak_folders = (
        frozenset(entry.get(key, ())) for key in ("folders", "roots", "numbered", "weak_folders")
    )
    root_names, names, prose, weak_names = (
        _any_of(entry.get(key, ())) for key in ("root_names", "names", "prose", "weak_names")
    )
    return _Rule(known, folders, roots, root_names, numbered, names, prose, weak_folders, weak_names)


def _any_of(names: Sequence[str]) -> _Names:
    is_pattern = re.compile(r"[*?\[]").search
    whole = frozenset(name for name in names if not is_pattern(name))
    ends = tuple(name[1:] for name in names if name[0] == "*" and not is_pattern(name[1:]))
    others = [name for name in names if is_pattern(name) and name[1:] not in ends]
    return _Names(whole, ends, re.compile("|".join(translate(name) for name in others) or "(?!)"))
