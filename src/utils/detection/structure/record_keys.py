"""The turns of a record by its keys: objects with a key that names who speaks and one that holds what is said."""

from __future__ import annotations

import html
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.structure.record_people import Leaf, Path, Speaker, known_people, note_speaker
from src.utils.detection.structure.speakers import Said
from src.utils.detection.words.vocabulary import compact_key, json_keys, read_label, words

_KIND_KEY = "t"
_MAX_CODE = 3
"""The kind of an entry in two or three letters is told from a language, and others so short, by its key."""
_MAX_GAPS = 2
"""A kind of event has a word or three, no sentence."""
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_STEP = re.compile(r"\[\d+\]|[^.\[\]]+")
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LEAVES = frozenset({"text", "value", "content", "parts", "body", "markdown"})
_HOLDERS = frozenset({*_LEAVES, "messagecontent", "segment", "segments", "sentences", "blocks"})
"""Between the key of a text and the text itself: its parts."""


class Element(NamedTuple):
    """A turn: the path of its object, and by its neighbours when it was sent, what it is called, what it answers.

    ``key`` is what its text stands under.
    """

    base: Path
    said: Said
    moment: str = ""
    own_id: str = ""
    parent: str = ""
    key: str = ""


def read_leaf(name: str, span: Span, position: int) -> Leaf | None:
    """A value with its path; None where it belongs to the answer that was not chosen of two."""
    path = _path_of(name)
    return Leaf(path, Span(position + span.start, position + span.end)) if path else None


@lru_cache(maxsize=8192)
def _path_of(name: str) -> Path:
    """The steps of a name; none where it belongs to the answer that was not chosen."""
    path = tuple(_STEP.findall(name))
    return () if any(compact_key(step) in json_keys("rejected") for step in path) else path


def leaves_below(leaves: Sequence[Leaf]) -> dict[Path, list[Leaf]]:
    """The leaves below every object and list of a record, which may hold thousands: none is asked for all of them."""
    below: dict[Path, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        for depth in range(len(leaf.path)):
            below[leaf.path[:depth]].append(leaf)
    return below


def read_elements(text: str, leaves: Sequence[Leaf], below: Mapping[Path, list[Leaf]], start: int) -> Iterator[Element]:
    """Objects with a role key and a text key, in order; ``below`` are the ``leaves_below`` each object."""
    roles: dict[Path, Speaker] = {}
    threads: dict[Path, str] = {}
    for leaf in leaves:
        note_speaker(text, leaf, roles)
        if compact_key(leaf.path[-1]) in json_keys("conversation"):
            threads[leaf.path[:-1]] = text[slice(*leaf.span)]
    yield from _named_by_key(leaves, below)
    people = known_people(text, leaves)
    events = _events(text, roles, below)
    texts = {base: _text_pieces(text, base, below[base], roles) for base in roles if base not in events}
    outermost = {pieces: base for base, (_, pieces) in sorted(texts.items(), key=lambda item: -len(item[0]))}
    for base, (key, pieces) in texts.items():
        if pieces and outermost[pieces] == base:
            speaker = roles[base].name
            told = tuple(trimmed(text, *piece) for piece in pieces)
            said = Said(
                people.get(speaker, speaker), told, start if not base else pieces[0].start, threads.get(base, "")
            )
            beside = {
                compact_key(path[-1]): text[slice(*span)] for path, span in below[base] if len(path) == len(base) + 1
            }
            yield Element(base, said, _moment(beside), _first(beside, "own_id"), _first(beside, "parent"), key)


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


def _moment(beside: Mapping[str, str]) -> str:
    """When something was sent: by its key, else what is written as a moment, whatever its key."""
    return _first(beside, "moment") or next((value for value in beside.values() if _ISO_MOMENT.match(value)), "")


def _events(text: str, roles: Mapping[Path, Speaker], below: Mapping[Path, list[Leaf]]) -> set[Path]:
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
    kind = compact_key(value)
    return not marks.isdisjoint(words("event_marks")) or (
        kind in words("event_kinds") and (key == _KIND_KEY or len(kind) > _MAX_CODE)
    )


def _text_pieces(
    text: str, base: Path, leaves: Sequence[Leaf], roles: Mapping[Path, Speaker]
) -> tuple[str, tuple[Span, ...]]:
    """The key and the text of an object: under the best word, but without marks-up where another holds the same."""
    ranks = json_keys("text")
    depth = len(base)
    found: dict[str, list[Span]] = defaultdict(list)
    for path, span in leaves:
        if compact_key(path[depth]) in ranks and is_text_leaf(path, depth) and not _is_turn_below(path, depth, roles):
            found[path[depth]].append(span)
    order = sorted(found, key=lambda key: ranks[compact_key(key)])
    if not order:
        return "", ()
    best = _joined(text, found[order[0]])
    if _TAG.search(best):
        bare = _bare(best)
        for key in order[1:]:
            other = _joined(text, found[key])
            if not _TAG.search(other) and _bare(other) == bare:
                return key, tuple(found[key])
    return order[0], tuple(found[order[0]])


def _joined(text: str, spans: Sequence[Span]) -> str:
    return "\n".join(text[slice(*span)] for span in spans)


def _bare(value: str) -> str:
    """The letters of a text, without its marks-up."""
    return "".join(filter(str.isalnum, html.unescape(_TAG.sub(" ", value))))


def _is_turn_below(path: Path, depth: int, roles: Mapping[Path, Speaker]) -> bool:
    """Whether an object on the way to a text has a speaker of its own: a thread, not the text of its first post."""
    return any(path[:end] in roles for end in range(depth + 2, len(path)))


def is_text_leaf(path: Path, depth: int) -> bool:
    """Whether what follows the text key is nothing, list positions, or again a key for text."""
    return all(step.startswith("[") or compact_key(step) in _HOLDERS for step in path[depth + 1 : -1]) and (
        len(path) == depth + 1 or path[-1].startswith("[") or compact_key(path[-1]) in _LEAVES
    )
