"""Addresses of e-mail, written as they are or spelled out on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.utils.privacy.rule import places
from src.utils.privacy.spans import PrivateSpan
from src.utils.privacy.words import words

_LOCAL_BACKWARDS = re.compile(r"[\w.+%-]{0,63}[\w](?![\w.+/-])")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,62})(?:\.|\[\.\])){1,6}(?P<top>[^\W\d_]{2,24})(?![\w@])")
_MAX_LOCAL = 64
_SIGN_AT = ("@", "＠", "%40", "&#64;", "&#x40;", "&commat;", "\\u0040")
"""The sign itself, of full width, and as addresses of pages, HTML and JSON write it."""
_AT = r"(?:\s(?:at|@|ät)\s|\s?[\[({<](?:at|@|ät|arroba)[\])}>]\s?|\s?-at-\s?)"
_DOT = r"(?:\s(?:dot|punkt)\s|\s?[\[({<](?:dot|punkt|punto|ponto|point|\.)[\])}>]\s?|\s?-dot-\s?|\.)"
_DOT_ABROAD = r"\s(?:punto|ponto|point|punkt|kropka|tečka|pont|точка|dot)\s"
_DASH = r"(?:\s(?:dash|hyphen|underscore|minus)\s)"
_SPELLED = re.compile(
    rf"(?<![\w.])(?!(?:me|us|him|her|them|you|is|it|look|be|mail|email|address|contact|reach) at )[\w+-]{{1,40}}"
    rf"(?:(?:{_DOT}|{_DASH})[\w-]{{1,40}}){{0,3}}{_AT}"
    rf"(?!(?:the|an?|this|that|my|your|our)\b)[\w-]{{2,40}}(?:{_DASH}[\w-]{{1,40}}){{0,2}}(?:{_DOT}[a-zA-Z]{{2,24}}){{1,3}}(?![\w])",
    re.IGNORECASE,
)
_SPELLED_ABROAD = re.compile(
    r"(?<![\w.])(?P<local>[\w+.-]{1,40})\s(?P<at>arroba|arobase|chiocciola|chez|małpa|zavináč|kukac|собака)\s"
    rf"[\w-]{{2,40}}(?:{_DOT_ABROAD}[a-z]{{2,24}}){{0,2}}{_DOT_ABROAD}(?P<top>com|net|org|info|edu|[a-z]{{2}})(?!\w)",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"(?<![\w.])[a-z][\w.-]{1,40}?_at_[a-z0-9-]{2,30}(?:_dot_[a-z]{2,12})??_dot_(?:com|net|org|info|edu)(?!\w| ?[(=])",
    re.IGNORECASE,
)
_NAMED_LOCAL = re.compile(r"[A-Za-z][\w+-]*[\d._][\w.+-]*")
"""The part before the sign as only addresses have it: words of sentences have neither signs nor digits in them."""
_OF_ALL_COUNTRIES = frozenset({"com", "net", "org", "info", "edu"})
"""Ends of hosts; those of countries are words too ("punto de venta")."""
_BEFORE_MAILBOX = re.compile(r"(?<![\w.])(?=[\w.-]*[\d._])[A-Za-z][\w.-]{1,40}\Z")
_MAILBOX = re.compile(
    r"(?:(?:gmail|googlemail|outlook|hotmail|live|yahoo|icloud|proton|protonmail|gmx|aol|yandex|qq|163)"
    r"\.[a-z]{2,3}(?:\.[a-z]{2})?|mail\.(?:com|ru|ee)|web\.de)(?!\w|\.\w)",
    re.IGNORECASE,
)
"""Hosts that hold nothing but mailboxes."""
_SIGNS = (" dot ", "[dot]", "(dot)", "{dot}", "<dot>", "[at]", "(at)", "{at}", "<at>", "[@]", "(@)", "[.]", "(punkt)",
          "[punkt]", " punkt ", "(ät)", "[ät]", "-dot-")  # fmt: skip
_APART = (" at ", " @ ")
_SIGNS_ABROAD = (" arroba ", " arobase ", " chiocciola ", " chez ", " małpa ", " zavináč ", " kukac ", " собака ")
_MAX_SPELLED = 80
_CODE_BEFORE = re.compile(r"(?:(?<!mail)(?<!from) [=+] |\breturn |\w\()\Z", re.IGNORECASE)
_LONGEST_VARIABLE = 1
_OF_EXAMPLES = "example"
"""The end of hosts that nobody owns (RFC 2606): beside a person's own name it stands for a real one."""
_OF_PERSON = re.compile(
    r"(?!(?:jo(?:hn|e)|jane|max|erika)[._]|[^\W\d_]+[._](?:doe|bloggs|mustermann|public|mail|name)\d*\Z)"
    r"(?:[^\W\d_](?=\.)|(?P<first>[^\W\d_]{2,20}))[._][^\W\d_]{3,30}\d*"
)
"""An initial or a first name, and another name; not those that stand for nobody."""
_OF_DOCUMENTATION = frozenset({"example", "test", "localhost", "invalid", "domain", "yourdomain", "noreply"})
_NO_MAILBOX = frozenset(
    {"git", "hg", "svn", "noreply", "no-reply", "user", "username", "you", "your", "name", "email", "donotreply"}
)


def find_addresses(text: str) -> Iterator[PrivateSpan]:
    """Every address of e-mail in ``text`` that is somebody's."""
    for sign in _SIGN_AT:
        yield from _written(text, sign)
    yield from _spelled(text)


def _written(text: str, sign: str) -> Iterator[PrivateSpan]:
    """Addresses that ``sign`` divides."""
    for place in places(text, (sign,)):
        local = _LOCAL_BACKWARDS.match(text[max(0, place - _MAX_LOCAL) : place][::-1])
        host = _HOST.match(text, place + len(sign)) if local else None
        if not (local and host) or (sign != "@" and host[0][0].isdigit()):  # react%4018.2.0
            continue
        start, end = place - local.end(), host.end()
        if _is_mailbox(text[start:place], host[0], text[end : end + 60]) and not _is_product(text, start, place, end):
            yield PrivateSpan(start, end, "EMAIL")


def _spelled(text: str) -> Iterator[PrivateSpan]:
    """Addresses that are spelled out on purpose: programs that gather addresses are not to see them."""
    lower = text.lower()
    if len(lower) != len(text):
        return
    for place in places(lower, _SIGNS_ABROAD):
        match = _SPELLED_ABROAD.search(text, max(0, place - _MAX_LOCAL), place + _MAX_SPELLED)
        if match and _is_local_abroad(match):
            yield PrivateSpan(*match.span(), "EMAIL")
    yield from _at_mailboxes(text, lower)
    if "_dot_" in lower:
        yield from (PrivateSpan(*match.span(), "EMAIL") for match in _JOINED.finditer(text))
    done = 0
    for sign in sorted(places(lower, _SIGNS)):
        begin, end = max(done, sign - _MAX_SPELLED), sign + _MAX_SPELLED
        if sign < done or not any(word in lower[begin:end] for word in ("at", "@", "ät")):
            continue
        for match in _SPELLED.finditer(text, begin, end):
            if any(word in match[0].lower() for word in _SIGNS):
                yield PrivateSpan(*match.span(), "EMAIL")
                done = match.end()


def _is_local_abroad(match: re.Match[str]) -> bool:
    """Whether what was spelled is an address: the signs are words too, "chez" the most of all ("at the shop of")."""
    if _NAMED_LOCAL.fullmatch(match["local"]):
        return True
    is_word = match["at"].casefold() == "chez" or not match["local"].isalpha()
    return not is_word and match["top"].casefold() in _OF_ALL_COUNTRIES


def _at_mailboxes(text: str, lower: str) -> Iterator[PrivateSpan]:
    """``first.last at gmail.com``: only where the host is one of mailboxes, for things are "at" other hosts too."""
    for place in places(lower, _APART + _SIGNS_ABROAD):
        host = _MAILBOX.match(text, text.index(" ", place + 1) + 1)
        local = _BEFORE_MAILBOX.search(text, max(0, place - _MAX_LOCAL), place) if host else None
        if host and local:
            yield PrivateSpan(local.start(), host.end(), "EMAIL")


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
    *names, last = host.casefold().split(".")
    ends = (*names, last) if last != _OF_EXAMPLES or not _is_of_person(local) else names
    if local.casefold() in _NO_MAILBOX or not _OF_DOCUMENTATION.isdisjoint(ends):
        return False
    return not (behind.startswith(":") and local.islower() and "/" in behind)


def _is_of_person(local: str) -> bool:
    name = _OF_PERSON.fullmatch(local.casefold())
    return name is not None and (name["first"] is None or name["first"].capitalize() in words("first_names"))
