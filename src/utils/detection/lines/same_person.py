"""One name for a speaker who is named in full at first, or by an office, and by initials or a name later on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.turn_ends import Mark

_NAME_IN_BRACKETS = re.compile(r"[(\[（](?P<name>[^\W\d_][^()\[\]（）:\n]{2,47})[)\]）]")


def with_one_name(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """``marks`` with the key of a name that stands but once replaced by that of the one other name that abbreviates
    it and comes back: ``Jelena Perković`` and ``JP``; that of an office by the name behind it, where that is a label
    too: ``The Minister (Ms Cole)``. A name that is a heading heads what is said by others, too."""
    counts = Counter(mark.label.word.key for mark in marks)
    short = [key for key, count in counts.items() if count > 1]
    known: dict[str, str] = {}
    for key, count in counts.items():
        found = [other for other in short if _abbreviates(other, key)] if count == 1 and " " in key else []
        if len(found) == 1:
            known[key] = found[0]
    return [
        mark if lines[mark.index].level else _renamed(mark, _in_brackets(text, mark, counts) or known.get(_key(mark)))
        for mark in marks
    ]


def _key(mark: Mark) -> str:
    return mark.label.word.key


def _in_brackets(text: str, mark: Mark, counts: Counter[str]) -> str | None:
    """The label of somebody whose name stands in brackets behind ``mark``."""
    found = _NAME_IN_BRACKETS.search(text, mark.label.start, mark.label.text_start)
    name = " ".join(found["name"].casefold().split()) if found else ""
    return name if counts[name] else None


def _abbreviates(short: str, name: str) -> bool:
    """Whether ``short`` is the initials of ``name``, or one of its words."""
    words = name.replace("-", " ").replace(".", " ").split()
    bare = short.replace(".", "").replace(" ", "").replace("-", "")
    return len(words) > 1 and (bare == "".join(word[0] for word in words) or short in words)


def _renamed(mark: Mark, key: str | None) -> Mark:
    if key is None:
        return mark
    return Mark(mark.index, mark.label._replace(word=mark.label.word._replace(key=key)))
