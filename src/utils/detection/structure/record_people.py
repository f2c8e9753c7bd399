"""Who speaks in the objects of a record: the keys that name a speaker, and the lists that say whom an id stands for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.words.vocabulary import compact_key, json_keys, read_label, words

Path = tuple[str, ...]

_MAX_NAME = 60
_NAME_KEYS = ("name", "displayname", "fullname", "realname", "fallbackname", "nickname", "username", "firstname")
_NAMING_KEYS = frozenset({*_NAME_KEYS, "role", "type", "login", "screenname", "handle", "n"})
_WEAK_ROLE_KEYS = frozenset({"type", "event", "name", "title", "party", "line"})
_OWN_KEYS = frozenset({"id", "userid", "role", "type", *_NAME_KEYS})
_MESSAGE_TREES = ("mapping", "fragments")
_REQUESTER = "user"
_ROLE_ENDINGS = ("id", "name", "label", "fullname", "displayname")


class Leaf(NamedTuple):
    path: Path
    span: Span


class Speaker(NamedTuple):
    """Who speaks in an object, and how surely its key tells: a name before an id, then the better word."""

    sureness: tuple[bool, int]
    name: str


def note_speaker(text: str, leaf: Leaf, speakers: dict[Path, Speaker]) -> None:
    """Take the value of ``leaf`` as the speaker of the object around it where its key tells so, and none told better.

    The value may stand in an object (``author.name``, ``sender_id.gaia_id``), or in the first one of a list of them
    (``senders[0].name``).
    """
    key, is_id, names_role = _read_step(leaf.path[-1])
    if not (is_id or names_role or key in _NAMING_KEYS):
        return
    base, outer = leaf.path[:-1], ""
    if is_id or key in _NAMING_KEYS:
        holder, step = _holder(base)
        if holder in json_keys("role") or holder in json_keys("role_of_person"):
            base, outer = base[:-step], holder
    if not outer and not names_role:
        return
    value = text[slice(*leaf.span)].strip()
    if not value or len(value) > _MAX_NAME or "\n" in value:
        return
    if key in _WEAK_ROLE_KEYS and not outer and (len(value) == 1 or read_label(value).family is None):
        if not _is_request(leaf.path, value):
            return
        value = _REQUESTER
    ranks = json_keys("role")
    sureness = (is_id, ranks.get(outer or key, len(ranks)))
    if base not in speakers or sureness < speakers[base].sureness:
        speakers[base] = Speaker(sureness, value)


def _is_request(path: Path, value: str) -> bool:
    """Whether a part of a message is the request that a response answers; a server writes both into its log, too."""
    inside = any(compact_key(step) in words("rounds") or compact_key(step) in _MESSAGE_TREES for step in path[:-1])
    return inside and value.casefold() in words("requests")


def _holder(base: Path) -> tuple[str, int]:
    """The word for who speaks that an object has for its key, or the list whose first object it is; and its steps."""
    if len(base) > 1 and base[-1] == "[0]":
        key = compact_key(base[-2])
        return (key.removesuffix("s") if key.removesuffix("s") in json_keys("plain_speaker") else "", 2)
    return (role_key(base[-1]) if base else "", 1)


class _Step(NamedTuple):
    """What a key says of its value: the key as ``role_key`` reads it, whether it is an id, whether it names a role."""

    key: str
    is_id: bool
    names_role: bool


@lru_cache(maxsize=8192)
def _read_step(step: str) -> _Step:
    key = role_key(step)
    return _Step(key, key not in _NAMING_KEYS and compact_key(step).endswith("id"), key in json_keys("role"))


@lru_cache(maxsize=8192)
def role_key(step: str) -> str:
    """``author_id`` and ``speakerName`` say the same as ``author`` and ``speaker``."""
    key = compact_key(step)
    for ending in _ROLE_ENDINGS:
        if key not in json_keys("role") and key.endswith(ending) and key.removesuffix(ending) in json_keys("role"):
            return key.removesuffix(ending)
    return key


def known_people(text: str, leaves: Sequence[Leaf]) -> dict[str, str]:
    """What a list of users says of an id: the role if it is one that we know, else the name."""
    people: dict[Path, dict[str, str]] = defaultdict(dict)
    for path, span in leaves:
        if len(path) < 2:
            continue
        key = compact_key(path[-1])
        if key in _OWN_KEYS:
            people[path[:-1]].setdefault(key, text[slice(*span)].strip())
        elif key.endswith("id") and compact_key(path[-2]) in ("id", "userid"):
            people[path[:-2]].setdefault("id", text[slice(*span)].strip())
    known: dict[str, str] = {}
    for values in people.values():
        own_id = values.get("id") or values.get("userid")
        told = _told(values)
        if own_id and told and len(own_id) <= _MAX_NAME:
            known.setdefault(own_id, told)
    return known


def _told(values: Mapping[str, str]) -> str:
    roles = [values[key] for key in ("role", "type", "name", "displayname") if key in values]
    names = [values[key] for key in _NAME_KEYS if key in values]
    return next((role for role in roles if read_label(role).family), names[0] if names else "")
