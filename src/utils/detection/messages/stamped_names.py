"""The names in the headers of messages with times: what of a header is the program's, and what the name."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from src.utils.detection.messages.headers import TAILED, Header
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.names import is_speaker_name
from src.utils.detection.words.vocabulary import words

_MAX_COMPARED = 400
_MIN_FIXED = 3
_FIXED_SHARE = 0.9
_TAG = re.compile(r"\[[^\[\]\n]{1,8}\]\Z")
"""What the program marks somebody as: ``Ann[OP]``."""
_BESIDE_NAME = re.compile(r"(?<=\S)[ ]?[(（][^()（）]{1,24}[)）]\Z")
"""Where somebody belongs to, behind the name: ``Lee, Ann (Guest)``."""
_MAX_NAME_LINE = 48
_TELEPHONE = re.compile(r"\+?[\d\u00a0 ()-]{7,24}")
_INITIALS = re.compile(r"[A-Z]{2,3}")
_ACCOUNT = re.compile(r"[\w.+-]{1,30}@[\w-]{1,30}(?:\.[\w-]{1,20}){1,3}(?:/[^\s/]{1,24})?")
"""An address, perhaps with the device behind it: ``ann@chat.example/home``."""


def with_tailed(groups: dict[str, list[Header]]) -> dict[str, list[Header]]:
    """Headers with a few words behind the moment (``(edited)``) stand among those without, where the name is known."""
    for shape in [shape for shape in groups if shape.endswith(TAILED)]:
        plain = groups.get(shape.removesuffix(TAILED), [])
        names = {header.name for header in plain}
        own = Counter(header.name for header in groups[shape])
        known = [header for header in groups[shape] if header.name in names or (names and own[header.name] > 1)]
        if known:
            groups[shape.removesuffix(TAILED)] = sorted([*plain, *known], key=lambda header: header.line)
    return groups


def with_names(headers: Sequence[Header]) -> list[Header]:
    """The headers that may name somebody, without the words that the program writes into each of them."""
    headers = _without_kinds(headers)
    fixed = _fixed_words(headers)
    whole = [header for header in headers if may_name(header.name)]
    if not fixed:
        return whole
    stripped = [header._replace(name=_own_words(header.name, fixed)) for header in headers]
    named = [header for header in stripped if may_name(header.name)]
    comes_back = 2 * len({header.name for header in whole}) <= len(whole)
    return whole if len(named) < len(whole) and comes_back else named  # "Speaker 1" is a whole name


def _without_kinds(headers: Sequence[Header]) -> Sequence[Header]:
    """The headers without brackets behind a name that also has others: what kind of entry it is, ``(Work notes)``. One
    of them stands behind other names, too; else they tell two people apart."""
    found = [(header, _BESIDE_NAME.search(header.name)) for header in headers]
    kinds: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for header, aside in found:
        if aside:
            kinds[header.name[: aside.start()]].add(aside[0])
            names[aside[0]].add(header.name[: aside.start()])
    several = [own for own in kinds.values() if len(own) > 1 and any(len(names[kind]) > 1 for kind in own)]
    mixed = {kind for own in several for kind in own}
    return [
        header._replace(name=header.name[: aside.start()]) if aside and aside[0] in mixed else header
        for header, aside in found
    ]


def _fixed_words(headers: Sequence[Header]) -> frozenset[str]:
    """The words that stand in nearly every name, where the rest differs: ``From Ann to Everyone``."""
    names = {header.name for header in headers[:_MAX_COMPARED]}
    if len(headers) < _MIN_FIXED or len(names) < 2:
        return frozenset()
    counts = Counter(word for name in names for word in set(name.split()))
    fixed = frozenset(word for word, count in counts.items() if count >= _FIXED_SHARE * len(names))
    return fixed if all(set(name.split()) - fixed for name in names) else frozenset()


def _own_words(name: str, fixed: frozenset[str]) -> str:
    """The first words of ``name`` in a row that are not ``fixed``; behind a word for "from" where that is one."""
    split = name.split()
    sources = [place for place, word in enumerate(split) if word in fixed and word.casefold() in words("by")]
    if sources and len(split) > sources[0] + 1:
        split = split[sources[0] + 1 :]
    rest = itertools.dropwhile(lambda word: word in fixed, split)
    own = list(itertools.takewhile(lambda word: word not in fixed, rest))
    while len(own) > 1 and own[-1].lstrip("+-").isdigit():  # a count beside the program's word for it
        own.pop()
    return _TAG.sub("", " ".join(own))


@lru_cache(maxsize=8192)
def may_name(name: str) -> bool:
    plain = _BESIDE_NAME.sub("", name.strip())
    if not plain or len(plain) > _MAX_NAME_LINE or len(plain.split()) > 6:
        return False
    if plain[-1:].isdigit() and is_moment(plain):
        return False  # when it was recorded, with how long it lasts behind it
    if _TELEPHONE.fullmatch(plain) or _ACCOUNT.fullmatch(plain):
        return True
    if _INITIALS.fullmatch(plain) and plain.casefold() not in words("log_levels"):
        return True  # CC beside a time is somebody's call sign
    return "@" not in plain[1:] and is_speaker_name(plain.lstrip("~@+%&"))
