"""People's names, where the words around say that they are names, and the user names that a conversation shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from src.utils.privacy.spans import PrivateSpan

_CAPITAL = "[A-ZÀ-ÖØ-ÞĄĆČĎĐĘĚĞĢĪİĶĹŁŃŇŐŘŚŞŠŤŪŮŰŹŻŽ]"
_WORD = rf"{_CAPITAL}[\w'’-]{{1,24}}"
_FULL = re.compile(
    rf"{_WORD}(?: [A-Z]\.)?(?: (?:(?:van|von|de|der|den|da|di|del|la|le|bin|al|ten|ter|dos|du) ){{0,2}}{_WORD}){{1,3}}"
)
_FULL_ASCII = re.compile(_FULL.pattern.replace(_CAPITAL, "[A-Z]"), re.ASCII)
"""The same for texts of ASCII only, three times as fast."""
_INTRODUCED = re.compile(
    r"(?:\b(?:i['’]m|i am|my name is|this is|name(?:d| is)?:?|author(?:ed by)?:?|committer:?|by:|office of|contact|"
    r"ich bin|ich heiße|mein name ist|je m['’]appelle|je suis|me llamo|soy|mi chiamo|sono|attn:?|regards,|cheers,|"
    r"thanks,|sincerely,|grüße,?|dear|mrs?\.|ms\.|dr\.|herr|frau|madame|monsieur|customer:?|patient:?|employee:?|"
    r"assignee:?|reporter:?|cardholder:?|hi|hello|hey)\s{1,2})\Z",
    re.IGNORECASE,
)
_MAX_INTRODUCTION = 20
_MAIL_BEHIND = re.compile(r"\s{1,2}<[^\s<>@]{1,64}@")
_USER = r"(?P<user>[A-Za-z_][\w-]{1,31})"
_SHOWS_USERS = (
    (
        ("/home/", "/Users/"),
        re.compile(r"/(?:home|Users)/(?P<user>[A-Za-z][\w.-]{1,31}?)(?=[/\\\"'\s:;,)\]]|\.?$|\.\s)"),
    ),
    (
        ("Users\\", "Settings\\"),
        re.compile(r":\\{1,2}(?:Users|Documents and Settings)\\{1,2}(?P<user>[A-Za-z][\w.-]{1,31})(?=[\\\"'\s:;,)]|$)"),
    ),
    (("-Users-", "-home-"), re.compile(r"-(?:Users|home)-(?P<user>[A-Za-z][A-Za-z0-9_]{1,31})(?=-)")),
    (("$ ", "# ", "% "), re.compile(rf"^[(\[]?(?:\([\w.-]+\) )?{_USER}@[\w-]{{2,40}}(?:[:\s])[~/\w.-]*\]?[$#%] ", re.MULTILINE)),
    (("rw",), re.compile(rf"^[dl-](?:[r-][w-][xsStT-]){{3}}[+@.]?\s+\d+\s+{_USER}\s+[\w-]+\s+\d", re.MULTILINE)),
    (("ssh ", "scp ", "rsync ", "sftp "), re.compile(rf"(?:ssh|scp|rsync|sftp) [^\n]{{0,60}}?(?<![\w-]){_USER}@[\w.-]+")),
    (("USER=", "LOGNAME=", "USERNAME="), re.compile(rf"(?:USER|LOGNAME|USERNAME)={_USER}")),
)  # fmt: skip
"""What a text holds that shows a name of an account, and how."""
_MIN_KNOWN = 4


def find_names(text: str) -> Iterator[PrivateSpan]:
    """Names of people: behind words that introduce one ("I'm", "Author:"), before an address in angle brackets, and
    where a common first name has a surname behind it."""
    for match in (_FULL_ASCII if text.isascii() else _FULL).finditer(text):
        start, end = _without_introduction(text, *match.span())
        name = text[start:end]
        if " " not in name or not _is_name(name) or _is_inside(text, start, end):
            continue
        introduced = _INTRODUCED.search(text, max(0, start - _MAX_INTRODUCTION), start)
        first = name.partition(" ")[0]
        if introduced or first in _words("first_names") or _MAIL_BEHIND.match(text, end):
            yield PrivateSpan(start, end, "NAME")


def _is_inside(text: str, start: int, end: int) -> bool:
    """Whether the words are part of a path, an identifier or a call."""
    return (start > 0 and text[start - 1] in "@/_.\\-") or text[end : end + 1] in ("@", "/", "_", "\\", "(")


def _without_introduction(text: str, start: int, end: int) -> tuple[int, int]:
    """The name without a capital word before it that only introduces it ("Dear", "Author")."""
    space = text.find(" ", start, end)
    if space > 0 and _INTRODUCED.fullmatch(text, start, space + 1):
        return space + 1, end
    return start, end


def find_users(text: str) -> Iterator[PrivateSpan]:
    """Names of accounts: in paths of home folders, prompts of shells, listings of files, and logins."""
    for signs, pattern in _SHOWS_USERS:
        if not any(sign in text for sign in signs):
            continue
        for match in pattern.finditer(text):
            if match["user"].casefold() not in _words("common_users"):
                yield PrivateSpan(*match.span("user"), "USER")


def find_again(text: str, known: Iterable[str]) -> Iterator[PrivateSpan]:
    """Every whole-word occurrence of user names that are known from elsewhere in the same conversation. One that is an
    ordinary word is looked for in paths and addresses only, and these are found without it."""
    for user in known:
        if len(user) < _MIN_KNOWN or user not in text:
            continue
        for match in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(user)}(?![A-Za-z0-9])", text):
            yield PrivateSpan(*match.span(), "USER")


def _is_name(name: str) -> bool:
    """Whether no word of it is one that names things: days, months, products, places."""
    parts = [part.strip(".,'’") for part in name.split()]
    return not any(part.casefold() in _words("no_names") for part in parts) and not all(
        part.isupper() and len(part) > 1 for part in parts
    )


@cache
def _words(name: str) -> frozenset[str]:
    """The words of one of the lists in ``data``: one or more per line, # begins a remark."""
    text = resources.files("src.utils.privacy").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.split())
