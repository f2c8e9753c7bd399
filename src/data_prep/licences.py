"""Which licence a text is, and whether code under it may be trained on: phrases of licences and SPDX identifiers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, Literal, NamedTuple

import yaml

from src.data_prep.data import read_data

UNKNOWN: Final = "unknown"
"""What a text is whose licence cannot be told: never allowed."""
HEADER_CHARACTERS: Final = 3_000
"""How much of a file can be its header."""
MAX_EXPRESSION: Final = 200
"""Characters: a longer expression is none that anybody wrote."""

_SPDX_LINE = re.compile(r"SPDX-License-Identifier:[ \t]{0,20}([^\n\r]{1,400})", re.IGNORECASE)
_EXPRESSION = re.compile(
    r"[( ]*+[A-Za-z][\w.+-]*+[) ]*+(?:(?:AND|OR|WITH)[( ]++[A-Za-z][\w.+-]*+[) ]*+)*+", re.IGNORECASE
)
_CHOICE = re.compile(r"\bOR\b|/", re.IGNORECASE)
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

RESTRICTED: Final = frozenset(one.id for one in known_licences() if one.kind == "restricted")
"""SPDX identifiers of licences that forbid uses of the code: never allowed."""


def is_known(identity: str) -> bool:
    """Whether ``identity`` is an SPDX identifier of a licence that can be told, with any ending for its versions."""
    return _without_choice(identity) in {_without_choice(one) for one in ALLOWED | COPYLEFT | RESTRICTED}


def licence_of_text(text: str) -> str:
    """The SPDX identifier of the licence that ``text`` is, or begins with where others follow; "unknown" for any other
    text. One that forbids uses counts wherever it stands: it is put on top of a permissive text."""
    plain = _NO_WORD.sub(" ", text.lower())
    found = [one for one in known_licences() if _holds(plain, one)]
    found = [one for one in found if one.kind == "restricted"] or found
    placed = [(plain.index(one.phrases[0]), -len(one.phrases), one.id) for one in found]
    return min(placed)[2] if placed else UNKNOWN


def spdx_of_header(text: str) -> str | None:
    """What the header of a source file says of its licence: an SPDX expression or identifier, None where it says
    nothing. It counts in place of the licence of the repository."""
    head = text[:HEADER_CHARACTERS]
    if _SPDX_LINE.search(head):
        return all_of(spdx_lines(head)) or None
    found = licence_of_text(head)
    return None if found == UNKNOWN else found


def spdx_lines(text: str) -> list[str]:
    """The SPDX expressions of ``text``, each once. Behind its header only what looks like one counts: code may speak of
    such lines."""
    found = ((line.start(), _COMMENT_END.sub("", line[1]).strip()) for line in _SPDX_LINE.finditer(text))
    said = (one for start, one in found if start < HEADER_CHARACTERS or _EXPRESSION.fullmatch(one))
    return [one for one in dict.fromkeys(said) if one]


def all_of(expressions: Iterable[str]) -> str:
    """One expression for licences that all count; "" where there are none."""
    stated = [one for one in dict.fromkeys(expressions) if one]
    if len(stated) == 1:
        return stated[0]
    return " AND ".join(f"({one})" if _CHOICE.search(one) else one for one in stated)


def is_allowed(expression: str, *, copyleft: bool = False) -> bool:
    """Whether code under ``expression`` (``MIT OR GPL-3.0-only``) may be used: one of alternatives, all that are joined
    by AND. An identifier that is not known is not allowed, nor is what is longer than any real expression."""
    if len(expression) > MAX_EXPRESSION:
        return False
    allowed = {identity.lower() for identity in (ALLOWED | COPYLEFT if copyleft else ALLOWED)}
    allowed |= {_without_choice(identity) for identity in allowed}
    tokens = _TOKEN.findall(expression)[::-1]
    if not tokens:
        return False
    answer = _any_of(tokens, lambda identity: _without_choice(identity.lower()) in allowed)
    return answer and not tokens


def _without_choice(identity: str) -> str:
    """``GPL-3.0`` of GPL-3.0-or-later."""
    return _VERSION_CHOICE.sub("", identity)


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
