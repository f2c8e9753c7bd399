"""Addresses of e-mail, written as they are or spelled out on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.utils.privacy.rule import places
from src.utils.privacy.spans import PrivateSpan

_LOCAL_BACKWARDS = re.compile(r"[\w.+%-]{0,63}[\w](?![\w.+/-])")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,62})\.){1,6}(?P<top>[^\W\d_]{2,24})(?![\w@])")
_MAX_LOCAL = 64
_AT = r"(?:\s(?:at|@)\s|\s?[\[({<](?:at|@|ät)[\])}>]\s?)"
_DOT = r"(?:\sdot\s|\s?[\[({](?:dot|punkt|punto|\.)[\])}]\s?|\.)"
_DASH = r"(?:\s(?:dash|hyphen|underscore|minus)\s)"
_SPELLED = re.compile(
    rf"(?<![\w.])(?!(?:me|us|him|her|them|you|is|it|look|be|mail|email|address|contact|reach) at )[\w+-]{{1,40}}"
    rf"(?:(?:{_DOT}|{_DASH})[\w-]{{1,40}}){{0,3}}{_AT}"
    rf"[\w-]{{2,40}}(?:{_DASH}[\w-]{{1,40}}){{0,2}}(?:{_DOT}[a-zA-Z]{{2,24}}){{1,3}}(?![\w])",
    re.IGNORECASE,
)
_SIGNS = (" dot ", "[dot]", "(dot)", "{dot}", "[at]", "(at)", "{at}", "<at>", "[@]", "(@)", "[.]", "(punkt)", "[punkt]")
_MAX_SPELLED = 80
_CODE_BEFORE = re.compile(r"(?:(?<!mail)(?<!from) [=+] |\breturn |\w\()\Z", re.IGNORECASE)
_LONGEST_VARIABLE = 1
_OF_DOCUMENTATION = frozenset({"example", "test", "localhost", "invalid", "domain", "yourdomain", "noreply"})
_NO_MAILBOX = frozenset(
    {"git", "hg", "svn", "noreply", "no-reply", "user", "username", "you", "your", "name", "email", "donotreply"}
)


def find_addresses(text: str) -> Iterator[PrivateSpan]:
    """Every address of e-mail in ``text`` that is somebody's."""
    for place in places(text, "@"):
        local = _LOCAL_BACKWARDS.match(text[max(0, place - _MAX_LOCAL) : place][::-1])
        host = _HOST.match(text, place + 1) if local else None
        if not (local and host):
            continue
        start, end = place - local.end(), host.end()
        if _is_mailbox(text[start:place], host[0], text[end : end + 60]) and not _is_product(text, start, place, end):
            yield PrivateSpan(start, end, "EMAIL")
    lower = text.lower()
    done = 0
    for sign in sorted(places(lower, _SIGNS)) if len(lower) == len(text) else ():
        begin, end = max(done, sign - _MAX_SPELLED), sign + _MAX_SPELLED
        if sign < done or not ("at" in lower[begin:end] or "@" in lower[begin:end]):
            continue
        for match in _SPELLED.finditer(text, begin, end):
            if any(word in match[0].lower() for word in _SIGNS):
                yield PrivateSpan(*match.span(), "EMAIL")
                done = match.end()


def _is_product(text: str, start: int, place: int, end: int) -> bool:
    """Whether ``@`` at ``place`` multiplies matrices: a call follows, as in ``x@w.mean()``, or a variable of one letter
    stands where code does, or before another variable."""
    if text[end : end + 1] == "(":
        return True
    if place - start > 1:
        return False
    variable = text[place + 1 : end].partition(".")[0]
    return len(variable) <= _LONGEST_VARIABLE or bool(_CODE_BEFORE.search(text, max(0, start - 12), start))


def _is_mailbox(local: str, host: str, behind: str) -> bool:
    """Whether an address is somebody's: not of documentation, of no role, and no place of a repository (``git@``)."""
    if local.casefold() in _NO_MAILBOX or not _OF_DOCUMENTATION.isdisjoint(host.casefold().split(".")):
        return False
    return not (behind.startswith(":") and local.islower() and "/" in behind)
