"""Which files of a repository nobody wrote there: vendored, generated, minified, lock files, by path and by content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from src.data_prep.fim import enry_rules

LONGEST_LINE: Final = 1_000
LONGEST_MEAN_LINE: Final = 100
"""Bytes of a line, and on average: longer ones are minified code or data."""
_HEAD_BYTES: Final = 4_000
_HEAD_LINES: Final = 30
_COMMENT: Final = re.compile(r"""\s*(?:#|//|/\*|\*|--|;|%|<!--|\(\*|\{-|"|'|@|rem\b)|.*(?://|/\*|#)""")
_MARK_WORDS: Final = (b"generated", b"not edit", b"not modify", b"not change", b"be lost", b"be overwritten")
"""One of them is part of every mark in `unwanted.yaml`."""
_SOURCE_MAP: Final = re.compile(rb"//[#@] sourceMappingURL=")


class _Rules(NamedTuple):
    folders: frozenset[str]
    names: tuple[tuple[str, re.Pattern[str]], ...]
    marks: re.Pattern[str]


def reason_of_path(path: str) -> str:
    """Why a file of that path is left out: vendored, generated, minified, lock_file; "" when it may stay."""
    return next(reasons_of_path(path), "")


def reasons_of_path(path: str) -> Iterator[str]:
    """All reasons why a file of that path is left out, as `reason_of_path` names them."""
    rules = _rules()
    parts = path.lower().split("/")
    name = parts[-1]
    if not rules.folders.isdisjoint(parts):  # the name too: a script may be called `build`
        yield "vendored"
    yield from (reason for reason, pattern in rules.names if pattern.match(name))
    if enry_rules.is_vendored(path):
        yield "vendored"


def reason_of_content(path: str, content: bytes, longest_line: int, lines: int) -> str:
    """Why a file of that content is left out: minified, generated, lfs_pointer, conflict_marks; "" when it may stay."""
    if longest_line > LONGEST_LINE or len(content) > LONGEST_MEAN_LINE * max(1, lines):
        return "minified"
    if content.startswith(b"version https://git-lfs."):
        return "lfs_pointer"
    if b"\n<<<<<<< " in content and b"\n>>>>>>> " in content:
        return "conflict_marks"
    head = content[:_HEAD_BYTES]
    if _says_generated(head) or _SOURCE_MAP.search(content, len(content) - _HEAD_BYTES // 4):
        return "generated"
    return "generated" if enry_rules.is_generated(path, head) else ""


def _says_generated(head: bytes) -> bool:
    lower = head.lower()
    if not any(word in lower for word in _MARK_WORDS):
        return False
    marks = _rules().marks
    lines = lower.decode("utf-8", "replace").splitlines()[:_HEAD_LINES]
    return any(_COMMENT.match(line) and marks.search(line) for line in lines)


@cache
def _rules() -> _Rules:
    data = yaml.safe_load((Path(__file__).parent / "data" / "unwanted.yaml").read_text(encoding="utf-8"))
    kinds = (("lock_file", "lock_names"), ("minified", "minified_names"), ("generated", "generated_names"))
    names = tuple((reason, re.compile("|".join(map(translate, data[key])))) for reason, key in kinds)
    return _Rules(frozenset(data["folders"]), names, re.compile("|".join(data["generated_marks"])))
