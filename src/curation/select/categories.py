"""The five categories of a curated set: what a row says of itself, else what its texts look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from src.curation.records import CuratedObject, Pair, as_pair
from src.curation.verify.arithmetic import check_sums

CATEGORIES: Final = ("general", "code", "reasoning_math", "creative", "other")
_OPENING: Final = 300
"""Characters of an instruction that are looked at: what is wanted stands at its beginning."""
_FENCE: Final = re.compile(r"^(?:```|~~~)", re.M)
_FORMULA: Final = re.compile(r"\\(?:frac|sqrt|boxed|sum|int)\b|\$[^$\n]{1,80}=[^$\n]{1,80}\$")
_LETTER: Final = re.compile(r"[^\W\d_]")


class _Marks(NamedTuple):
    names: frozenset[str]
    words: tuple[str, ...]


def classify(row: CuratedObject) -> str:
    """One of CATEGORIES. A category that the row names counts where its name is known."""
    own = (row.get("category") or "").strip().lower()
    for category, marks in _marks().items():
        if own in marks.names:
            return category
    return _by_text(as_pair(row))


def with_category(row: CuratedObject) -> CuratedObject:
    """The row with one of CATEGORIES as ``category``; what it said itself goes to ``source_category``."""
    found = classify(row)
    own = row.get("category")
    if own == found:
        return row
    kept = {"source_category": own} if own else {}
    return {**row, "category": found, **kept}


def _by_text(pair: Pair) -> str:
    if not _LETTER.search(pair.question):
        return "other"
    opening = pair.question[:_OPENING].lower()
    for category, marks in _marks().items():
        if any(word in opening and _stands_alone(word, opening) for word in marks.words):
            return category
    if _FENCE.search(pair.answer) or _FENCE.search(pair.question):
        return "code"
    if _FORMULA.search(pair.answer) or next(check_sums(pair.answer), None) is not None:
        return "reasoning_math"
    return "general"


@cache
def _marks() -> Mapping[str, _Marks]:
    content = yaml.safe_load(Path(__file__).with_name("categories.yaml").read_text(encoding="utf-8"))
    return {name: _Marks(frozenset(entry["names"]), tuple(entry["words"])) for name, entry in content.items()}


def _stands_alone(word: str, text: str) -> bool:
    """Whether whole words are meant; scripts without spaces have none to stand between."""
    return not word.isascii() or re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
