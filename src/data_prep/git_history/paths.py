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

PathKind = Literal[
    "code", "tests", "benchmarks", "docs", "ci", "build", "lock", "types", "vendored", "generated", "other"
]
_CACHED_PATHS: Final = 100_000


class Language(NamedTuple):
    """A programming language: its name in code fences, and how its comments are written."""

    name: str
    line: tuple[str, ...] = ()
    block: tuple[tuple[str, str], ...] = ()
    docstrings: bool = False


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
    names: _Names
    prose: _Names


@lru_cache(_CACHED_PATHS)
def kind_of(path: str) -> PathKind:
    """What the file at ``path``, relative to its repository, is for."""
    *folders, name = path.lower().split("/")
    language = language_of(path)
    for rule in _rules():
        is_below = not rule.folders.isdisjoint(folders) or bool(folders and folders[0] in rule.roots)
        is_named = rule.names.fit(name) or (language is None and rule.prose.fit(name))
        if is_below or is_named:
            return rule.kind
    return "code" if language else "other"


def language_of(path: str) -> Language | None:
    """The programming language of a file by its suffix; None where it is none that is known."""
    return _languages().get(PurePosixPath(path).suffix[1:].lower())


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_make_rule(kind, entry) for kind, entry in yaml.safe_load(read_data("path_kinds.yaml")).items())


def _make_rule(kind: str, entry: dict[str, list[str]]) -> _Rule:
    known = next(one for one in get_args(PathKind) if one == kind)
    folders, roots = frozenset(entry.get("folders", ())), frozenset(entry.get("roots", ()))
    return _Rule(known, folders, roots, _any_of(entry.get("names", ())), _any_of(entry.get("prose", ())))


def _any_of(names: Sequence[str]) -> _Names:
    is_pattern = re.compile(r"[*?\[]").search
    whole = frozenset(name for name in names if not is_pattern(name))
    ends = tuple(name[1:] for name in names if name[0] == "*" and not is_pattern(name[1:]))
    others = [name for name in names if is_pattern(name) and name[1:] not in ends]
    return _Names(whole, ends, re.compile("|".join(translate(name) for name in others) or "(?!)"))


@cache
def _languages() -> dict[str, Language]:
    entries = yaml.safe_load(read_data("languages.yaml"))
    return {suffix: _make_language(entry) for entry in entries for suffix in entry["suffixes"]}


def _make_language(entry: dict[str, object]) -> Language:
    line, block = entry.get("line", ()), entry.get("block", ())
    assert isinstance(line, list | tuple)
    assert isinstance(block, list | tuple)
    return Language(
        str(entry["name"]), tuple(line), tuple((start, end) for start, end in block), bool(entry.get("docstrings"))
    )
