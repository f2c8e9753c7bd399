"""Addresses of hosts and of network cards."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from src.utils.privacy.spans import PrivateSpan
from src.utils.privacy.words import words

_IPV4_REST = re.compile(r"\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)")
_VERSION_BEFORE = re.compile(
    r"(?:(?:version|release|build|sections?|chapters?|\bver|(?<![a-z])v|\bOID)[\"'()\s:=>.]{0,6}"
    r"|(?:[=<>~^!]=|[~^]|(?<![-=])>|<)\s*)$",
    re.IGNORECASE,
)
_OF_VERSIONS = re.compile(r"\b(?:bump\w*|upgrad\w*|versions?|releases?|OID|sections?)\b", re.IGNORECASE)
_OF_HOSTS = re.compile(
    r"hosts?\b|server|address|://|\b(?:ip|ipv4|inet|addr|ping|ssh|scp|curl|wget|nmap|dns|bind|listen\w*|connect\w*|"
    r"client|peer|remote|node|gateway|proxy|subnet|firewall|login|port|accept\w*|allow|deny|ban|block|reject|traffic|"
    r"GET|POST|requests?|session|attack\w*)\b",
    re.IGNORECASE,
)
"""What else is in the line of a version, or of an address."""
_MAPPED_BEFORE = re.compile(r"(?<![\w:])::ffff:\Z", re.IGNORECASE)
_BEFORE, _LINE = 24, 160
_PACKAGE_BEFORE = re.compile(r"(?:^|[\s(,`'\"])(?P<word>[A-Za-z][\w+./-]*)[ @]\Z")
_HIGHEST_OF_RELEASE = (20, 10)
"""First and last number below which four numbers behind a name may be those of a release; few hosts have such ones."""
_IPV6_REST = re.compile(r":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{0,40}+(?![\w:])")
_MAC_RESTS = tuple(re.compile(rf"{sign}[0-9A-Fa-f]{{2}}(?:{sign}[0-9A-Fa-f]{{2}}){{4}}(?![\w:-])") for sign in ":-")
"""What follows the first group: a pattern that begins with a literal is ten times faster."""
_INSIDE = re.compile(r"[\w.:-]\Z")
_KNOWN_TO_ALL = frozenset({
    "2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001",
    "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "1.2.3.4", "4.3.2.1", "2.2.2.2", "4.4.4.4",
})  # fmt: skip
_MADE_UP = frozenset({"001122334455", "0123456789ab", "112233445566", "123456789abc", "aabbccddeeff", "deadbeefcafe"})
_MADE_UP_ENDS = ("abcdef", "123456", "112233", "aabbcc", "000000", "ffffff", "001122", "012345")
_DIGITS = frozenset("0123456789")
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_MAC_DIGITS, _MIN_MAC_DIGITS = 12, 2
_MIN_GROUPS = 3


def find_hosts(text: str) -> Iterator[PrivateSpan]:
    """Every address in ``text`` of a host that belongs to somebody, and of a network card."""
    yield from _four_numbers(text)
    yield from _cards(text)
    yield from _groups_of_hex(text)


def _four_numbers(text: str) -> Iterator[PrivateSpan]:
    for match in _IPV4_REST.finditer(text):
        start = _back(text, match.start(), 3, _DIGITS)
        before = text[max(0, start - _BEFORE) : start]
        if _INSIDE.search(before) and not _MAPPED_BEFORE.search(before):
            continue
        if (
            is_somebodys(text[start : match.end()])
            and not _VERSION_BEFORE.search(before)
            and not _is_release(text, start, match.end())
            and not _in_line_of_versions(text, start, match.end())
        ):
            yield PrivateSpan(start, match.end(), "IPV4")


def _cards(text: str) -> Iterator[PrivateSpan]:
    for rest in _MAC_RESTS:
        for match in rest.finditer(text):
            start = max(0, match.start() - 2)
            if _is_card(text[start : match.end()]) and not _INSIDE.search(text[max(0, start - 1) : start]):
                yield PrivateSpan(start, match.end(), "MAC")


def _groups_of_hex(text: str) -> Iterator[PrivateSpan]:
    for match in _IPV6_REST.finditer(text):
        start = _back(text, match.start(), 4, _HEX_DIGITS)
        address = text[start : match.end()]
        if address.endswith(":") and not address.endswith("::"):  # "from 2a02::1: 64 bytes"
            address = address[:-1]
        groups = [group for group in address.split(":") if group]
        if len(groups) < _MIN_GROUPS or max(map(len, groups)) < _MIN_GROUPS:  # a slice, a time, a network
            continue
        if not _INSIDE.search(text[max(0, start - 1) : start]) and is_somebodys(address):
            yield PrivateSpan(start, start + len(address), "IPV6")


def _is_release(text: str, start: int, end: int) -> bool:
    """Whether four numbers behind the name of a package are those of a release, as in ``lodash 4.17.21.3``."""
    package = _PACKAGE_BEFORE.search(text, max(0, start - 40), start)
    if not package or package["word"].casefold() in words("before_hosts"):
        return False
    first, *_, last = map(int, text[start:end].split("."))
    return first < _HIGHEST_OF_RELEASE[0] and last < _HIGHEST_OF_RELEASE[1]


def _in_line_of_versions(text: str, start: int, end: int) -> bool:
    """Whether the line of four numbers speaks of versions or sections, or the two in the middle are 0 as few hosts'
    are (``Chrome 120.0.0.1``), and nothing in it speaks of hosts."""
    line = text[max(0, start - _LINE) : start].rpartition("\n")[2] + text[end : end + _LINE].partition("\n")[0]
    seems_one = text[start:end].split(".")[1:3] == ["0", "0"] or bool(_OF_VERSIONS.search(line))
    return seems_one and not _OF_HOSTS.search(line)


def _is_card(address: str) -> bool:
    """Whether an address of a network card is one that was given to a card, not made up to show how one looks."""
    digits = address.replace(":", "").replace("-", "").casefold()
    if len(digits) != _MAC_DIGITS or not _HEX_DIGITS.issuperset(digits):
        return False
    return len(set(digits)) > _MIN_MAC_DIGITS and digits not in _MADE_UP and not digits.endswith(_MADE_UP_ENDS)


def _back(text: str, start: int, most: int, allowed: frozenset[str]) -> int:
    """Where up to ``most`` characters of ``allowed`` that stand before ``start`` begin."""
    first = start
    while first > max(0, start - most) and text[first - 1] in allowed:
        first -= 1
    return first


def is_somebodys(address: str) -> bool:
    """Whether an address of a host belongs to somebody: not private, reserved, of documentation, or one all know."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found.is_global and not found.is_multicast and address not in _KNOWN_TO_ALL
