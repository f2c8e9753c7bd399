"""The turns of a record by its keys: objects with a key that names who speaks and one that holds what is said."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.structure.speakers import Said
from src.utils.detection.words.vocabulary import compact_key, json_keys, read_label, words

Path = tuple[str, ...]

_MAX_GAPS = 2
"""A kind of event has a word or three, no sentence."""
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_STEP = re.compile(r"\[\d+\]|[^.\[\]]+")
_LEAVES = frozenset({"text", "value", "content", "parts", "body", "markdown"})
_NAMING_KEYS = frozenset(
    {"role", "name", "type", "displayname", "username", "login", "realname", "screenname", "fullname"}
)
_WEAK_ROLE_KEYS = frozenset({"type", "event", "name", "title", "party", "line"})


class Leaf(NamedTuple):
    path: Path
    span: Span


class Element(NamedTuple):
    """A turn: the path of its object, and by its neighbours when it was sent, what it is called, what it answers."""

    base: Path
    said: Said
    moment: str = ""
    own_id: str = ""
    parent: str = ""


def read_leaf(name: str, span: Span, position: int) -> Leaf | None:
    """A value with its path; None where it belongs to the answer that was not chosen of two."""
    path = _path_of(name)
    return Leaf(path, Span(position + span.start, position + span.end)) if path else None


@lru_cache(maxsize=8192)
def _path_of(name: str) -> Path:
    """The steps of a name; none where it belongs to the answer that was not chosen."""
    path = tuple(_STEP.findall(name))
    return () if any(compact_key(step) in json_keys("rejected") for step in path) else path


def read_elements(text: str, leaves: Sequence[Leaf], start: int) -> Iterator[Element]:
    """Objects with a role key and a text key, in order."""
    below: dict[Path, list[Leaf]] = defaultdict(list)
    roles: dict[Path, tuple[int, str]] = {}
    threads: dict[Path, str] = {}
    for leaf in leaves:
        for depth in range(len(leaf.path)):
            below[leaf.path[:depth]].append(leaf)
        _note_role(text, leaf, roles)
        if compact_key(leaf.path[-1]) in json_keys("conversation"):
            threads[leaf.path[:-1]] = text[slice(*leaf.span)]
    yield from _named_by_key(leaves, below)
    people = _people(text, leaves)
    events = _events(text, roles, below)
    for base, (_, speaker) in roles.items():
        pieces = _text_pieces(base, below[base]) if base not in events else ()
        if pieces:
            said = Said(
                people.get(speaker, speaker), pieces, start if not base else pieces[0].start, threads.get(base, "")
            )
            beside = {
                compact_key(path[-1]): text[slice(*span)] for path, span in below[base] if len(path) == len(base) + 1
            }
            yield Element(base, said, _first(beside, "moment"), _first(beside, "own_id"), _first(beside, "parent"))


def _named_by_key(leaves: Sequence[Leaf], below: Mapping[Path, list[Leaf]]) -> Iterator[Element]:
    """Elements of a list whose only key is a word for who speaks: ``[{"user": "..."}, {"bot": "..."}]``."""
    for path, span in leaves:
        base = path[:-1]
        if base and base[-1].startswith("[") and len(below[base]) == 1 and read_label(path[-1]).family:
            yield Element(base, Said(path[-1], (span,), span.start))


def _first(beside: Mapping[str, str], group: str) -> str:
    ranks = json_keys(group)
    found = [key for key in beside if key in ranks]
    return beside[min(found, key=ranks.__getitem__)] if found else ""


def _people(text: str, leaves: Sequence[Leaf]) -> dict[str, str]:
    """What a list of users says of an id: the role if it is one that we know, else the name."""
    people: dict[Path, dict[str, str]] = defaultdict(dict)
    for path, span in leaves:
        if len(path) >= 2 and compact_key(path[-1]) in ("id", "role", "name", "type", "displayname", "userid"):
            people[path[:-1]][compact_key(path[-1])] = text[slice(*span)].strip()
    known: dict[str, str] = {}
    for values in people.values():
        own_id = values.get("id") or values.get("userid")
        names = [values[key] for key in ("role", "type", "name", "displayname") if key in values]
        told = [name for name in names if read_label(name).family] or [
            values.get("name") or values.get("displayname", "")
        ]
        if own_id and told[0] and len(own_id) <= 60:
            known.setdefault(own_id, told[0])
    return known


def _events(text: str, roles: Mapping[Path, tuple[int, str]], below: Mapping[Path, list[Leaf]]) -> set[Path]:
    """Objects that tell what happened (somebody joined), not what was said: few, and marked so beside the text."""
    marked = set()
    for base in roles:
        for path, span in below[base]:
            if len(path) == len(base) + 1 and tells_event(compact_key(path[-1]), text[slice(*span)][:60]):
                marked.add(base)
    return marked if len(marked) * 2 < len(roles) or len(roles) == 1 else set()


def tells_event(key: str, value: str) -> bool:
    """Whether a value (its beginning suffices) under a key says that the program wrote an entry, not a person."""
    if key in json_keys("automatic") and value.casefold() == "true":
        return True
    if key not in json_keys("event") or value.count(" ") > _MAX_GAPS or read_label(value).family:
        return False
    parts = [part.casefold() for part in _WORD.findall(value)]
    marks = {*parts, *(one + other for one, other in itertools.pairwise(parts))}
    return not marks.isdisjoint(words("event_marks")) or compact_key(value) in words("event_kinds")


def _note_role(text: str, leaf: Leaf, roles: dict[Path, tuple[int, str]]) -> None:
    ranks = json_keys("role")
    path = leaf.path
    key = _role_key(path[-1])
    outer = compact_key(path[-2]) if len(path) > 1 else ""
    nested = key in _NAMING_KEYS and (outer in ranks or outer in json_keys("role_of_person"))
    base = path[:-2] if nested else path[:-1]
    if not nested and key not in ranks:
        return
    value = text[slice(*leaf.span)].strip()
    if not value or len(value) > 60 or "\n" in value:
        return
    if key in _WEAK_ROLE_KEYS and not nested and (len(value) == 1 or read_label(value).family is None):
        return
    rank = ranks.get(outer if nested else key, len(ranks))
    if base not in roles or rank < roles[base][0]:
        roles[base] = (rank, value)


@lru_cache(maxsize=8192)
def _role_key(step: str) -> str:
    """``author_id`` and ``speakerName`` say the same as ``author`` and ``speaker``."""
    key = compact_key(step)
    for ending in ("id", "name", "label"):
        if key not in json_keys("role") and key.endswith(ending) and key.removesuffix(ending) in json_keys("role"):
            return key.removesuffix(ending)
    return key


def _text_pieces(base: Path, leaves: Sequence[Leaf]) -> tuple[Span, ...]:
    ranks = json_keys("text")
    best: tuple[int, str] | None = None
    for path, _ in leaves:
        key = compact_key(path[len(base)])
        if key in ranks and is_text_leaf(path, len(base)) and (best is None or ranks[key] < best[0]):
            best = (ranks[key], path[len(base)])
    if best is None:
        return ()
    return tuple(span for path, span in leaves if path[len(base)] == best[1] and is_text_leaf(path, len(base)))


def is_text_leaf(path: Path, depth: int) -> bool:
    """Whether what follows the text key is nothing, list positions, or again a key for text."""
    return all(step.startswith("[") or compact_key(step) in _LEAVES for step in path[depth + 1 :])
