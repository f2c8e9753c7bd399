"""Who speaks in the blocks of a page by classes and attributes alone: a word for a role, or a mark of one side."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from src.core.types import Span
from src.utils.detection.structure.columns import Table, is_prose
from src.utils.detection.structure.page_tree import STEPS, Step, read_step
from src.utils.detection.structure.speaker_columns import DialogueColumns
from src.utils.detection.types import ANSWERERS, ASKERS
from src.utils.detection.words.signs import QUESTION_MARKS
from src.utils.detection.words.vocabulary import json_keys, read_label, words

FLOWING = frozenset({"p", "ul", "ol", "li", "pre", "br", "blockquote", "b", "i", "em", "strong", "a", "code", "u"})
"""Elements that follow each other in running text: their position says nothing of their part."""

_WORDS = frozenset({"code", "em", "i", "b", "strong", "u", "kbd", "var", "tt", "abbr", "sup", "sub", "mark"})
_LONGEST_SAID = 1500
"""Letters of what one side says on average: the chapters of a book have marks in them, too."""
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_OF_MORE_THAN_SPEECH = frozenset({"from", "role"})
"""Where a bus leaves, what somebody may do."""

Piece = tuple[str, str, Span]
"""A text of a block: the step of the block, the path that leads on from there, and where it stands."""


def find_by_marks(table: Table, blocks: Sequence[Sequence[Piece]], stable: set[str]) -> DialogueColumns | None:
    """Who speaks, by a class or attribute alone: a word for a role, or a mark that some blocks have and others lack."""
    told = [name for name in table.names() if is_prose(table.values(name))]
    if not told:
        return None
    said = max(told, key=lambda name: sum(map(len, table.values(name))))
    marks = [names_of(block) - stable for block in blocks]
    speakers = [_role_in(names) for names in marks]
    families = {read_label(speaker).family for speaker in speakers if speaker}
    named = sum(map(bool, speakers))
    if named < 0.9 * len(speakers) or not families & set(ASKERS) or not families & set(ANSWERERS):
        flowing = read_step(blocks[0][0][0]).tag in FLOWING - {"li"}
        sides = [_side_marks(block) - stable for block in blocks]
        speakers = [] if flowing else _by_alternating(table.values(said), sides)
    if not speakers:
        return None
    return DialogueColumns(said, speakers, [row.thread for row in table.rows])


def _role_in(names: set[str]) -> str:
    """The only word for a role among the parts of class names and attributes."""
    found = {part for name in names for part in split_name(name) if len(part) > 1 or name in ("q", "a")}
    roles = {part for part in found if read_label(part).family in (*ASKERS, *ANSWERERS)}
    sides = {read_label(part).family in ASKERS for part in roles}
    return sorted(roles, key=len)[-1] if len(sides) == 1 else ""


def _by_alternating(texts: Sequence[str], marks: Sequence[set[str]]) -> list[str]:
    """A mark of some blocks (``right``, ``mine``) that comes and goes as speakers do, among blocks that ask."""
    asking = sum(any(sign in value for sign in QUESTION_MARKS) for value in texts)
    if asking * 8 < len(texts) or sum(map(len, texts)) > _LONGEST_SAID * len(texts):
        return []
    counts = Counter(name for names in marks for name in names)
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        has = [name in names for names in marks]
        changes = sum(one != other for one, other in itertools.pairwise(has))
        if (
            2 <= count <= len(marks) - 2
            and changes * 2 >= len(marks) - 1
            and not words("page_stripes") & set(split_name(name))
        ):
            return [name if present else "other" for present in has]
    return []


def _side_marks(block: Sequence[Piece]) -> set[str]:
    """The classes and marks of the boxes of a block: those of words in its text tell nothing of its side."""
    steps = {read_step(step) for _, path, _ in block for step in path.split("/")} | {read_step(block[0][0])}
    return {name for step in steps if step.tag not in _WORDS for name in (*step.classes, *step.marks)}


def names_of(block: Sequence[Piece]) -> set[str]:
    """The classes and marks of a block and of all elements that lead to its texts."""
    paths = {path for _, path, _ in block}
    return set(_names_along(block[0][0])).union(*map(_names_along, paths))


@lru_cache(maxsize=STEPS)
def _names_along(path: str) -> frozenset[str]:
    return frozenset(name for step in map(read_step, path.split("/")) for name in (*step.classes, *step.marks))


@lru_cache(maxsize=STEPS)
def tells_speaker(step: Step) -> bool:
    """Whether a class of an element says that it holds who speaks."""
    known = json_keys("plain_speaker").keys() - _OF_MORE_THAN_SPEECH
    return any(part in known for name in step.classes for part in split_name(name))


def split_name(name: str) -> tuple[str, ...]:
    return tuple(part.casefold() for part in _PARTS.findall(name))
