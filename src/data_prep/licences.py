"""Which licence a text is, and whether code under it may be trained on: phrases of licences and SPDX identifiers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, Literal, NamedTuple

import yaml

from src.data_prep.data import read_data

UNKNOWN: Final = "unknown"
"""What a text is whose licence cannot be told: never allowed."""
HEADER_CHARACTERS: Final = 3_000
"""How much of a file can be its header."""

_SPDX_LINE = re.compile(r"SPDX-License-Identifier:\s*([^\n\r]+)", re.IGNORECASE)
_COMMENT_END = re.compile(r"\s*(?:\*+/|-->|#\}|\*\)|\"\"\"|'''|%>|[\"'`;,]).*$")
_NO_WORD = re.compile(r"[^a-z0-9.]+")
_TOKEN = re.compile(r"\(|\)|/|[^\s()/]+")
_VERSION_CHOICE = re.compile(r"(?:\+|-only|-or-later)$", re.IGNORECASE)

Kind = Literal["permissive", "copyleft", "restricted"]


class Licence(NamedTuple):
    """A licence as it is recognised: its SPDX ``id``, what it asks for, and the phrases that its text holds."""

    id: str
    kind: Kind
    phrases: tuple[str, ...]


@cache
def known_licences() -> tuple[Licence, ...]:
    """Every licence that can be told, as `data/licences.yaml` lists them; one that is written in two ways stands there
    twice."""
    entries = yaml.safe_load(read_data("licences.yaml"))
    return tuple(Licence(one["id"], one.get("kind", "permissive"), tuple(one["phrases"])) for one in entries)


ALLOWED: Final = frozenset(one.id for one in known_licences() if one.kind == "permissive")
"""SPDX identifiers of licences that allow any use of the code with a notice at most."""
COPYLEFT: Final = frozenset(one.id for one in known_licences() if one.kind == "copyleft")
"""SPDX identifiers of licences that bind works made from the code: used only when asked for."""


def licence_of_text(text: str) -> str:
    """The SPDX identifier of the licence that ``text`` is, or begins with where others follow; "unknown" for any other
    text."""
    plain = _NO_WORD.sub(" ", text.lower())
    found = [(plain.index(one.phrases[0]), -len(one.phrases), one.id) for one in known_licences() if _holds(plain, one)]
    return min(found)[2] if found else UNKNOWN


def spdx_of_header(text: str) -> str | None:
    """What the header of a source file says of its licence: an SPDX expression or identifier, None where it says
    nothing. It counts in place of the licence of the repository."""
    head = text[:HEADER_CHARACTERS]
    line = _SPDX_LINE.search(head)
    if line:
        return _COMMENT_END.sub("", line[1]).strip() or None
    found = licence_of_text(head)
    return None if found == UNKNOWN else found


def is_allowed(expression: str, *, copyleft: bool = False) -> bool:
    """Whether code under ``expression`` (``MIT OR GPL-3.0-only``) may be used: one of alternatives, all that are joined
    by AND. An identifier that is not known is not allowed."""
    allowed = {identity.lower() for identity in (ALLOWED | COPYLEFT if copyleft else ALLOWED)}
    allowed |= {_VERSION_CHOICE.sub("", identity) for identity in allowed}
    tokens = _TOKEN.findall(expression)[::-1]
    if not tokens:
        return False
    answer = _any_of(tokens, lambda identity: _VERSION_CHOICE.sub("", identity.lower()) in allowed)
    return answer and not tokens


def _holds(plain: str, licence: Licence) -> bool:
    return all(phrase in plain for phrase in licence.phrases)


def _any_of(tokens: list[str], is_known: Callable[[str], bool]) -> bool:
    """The value of an expression whose tokens stand in reverse; they are used up. AND binds tighter than OR, and the
    stroke of older package files means OR."""
    answer = _all_of(tokens, is_known)
    while tokens and tokens[-1].upper() in {"OR", "/"}:
        tokens.pop()
        answer = _all_of(tokens, is_known) or answer
    return answer


def _all_of(tokens: list[str], is_known: Callable[[str], bool]) -> bool:
    answer = _one(tokens, is_known)
    while tokens and tokens[-1].upper() == "AND":
        tokens.pop()
        answer = _one(tokens, is_known) and answer
    return answer


def _one(tokens: list[str], is_known: Callable[[str], bool]) -> bool:
    if not tokens:
        return False
    word = tokens.pop()
    if word == "(":
        answer = _any_of(tokens, is_known)
        return bool(tokens) and tokens.pop() == ")" and answer
    if tokens and tokens[-1].upper() == "WITH":  # an exception only gives more
        del tokens[-2:]
    return is_known(word)
