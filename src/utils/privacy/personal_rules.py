"""Data that lead to a person, by shape and check digits: addresses, numbers of phones, cards and accounts, hosts."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from src.utils.privacy.spans import PrivateSpan

_LOCAL_BACKWARDS = re.compile(r"[\w.+%-]{0,63}[A-Za-z0-9](?![\w.+/-])")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[\w-]{0,62})\.){1,6}(?P<top>[A-Za-z]{2,24})(?![\w@])")
_MAX_LOCAL = 64
_OBFUSCATED = re.compile(
    r"(?<![\w.])(?!(?:me|us|him|her|them|you|is|it|look|be) at )[\w-]{2,40}(?:(?: dot |\s?\[dot\]\s?|\s?\(dot\)\s?|\.)[\w-]{1,40}){0,3}"
    r"(?: at |\s?\[at\]\s?|\s?\(at\)\s?|\s?\{at\}\s?)"
    r"[\w-]{2,40}(?:(?: dot |\s?\[dot\]\s?|\s?\(dot\)\s?|\s?\{dot\}\s?|\.)[a-zA-Z]{2,24}){1,3}(?![\w])",
    re.IGNORECASE,
)
_SAID = re.compile(r" (?:dot|DOT|Dot) |[\[({](?:dot|at|DOT|AT)[\])}]")
_MAX_SPELLED = 80
_NO_PERSON = frozenset({"example", "test", "localhost", "invalid", "domain", "yourdomain", "acme.example"})
_NO_MAILBOX = frozenset({"git", "hg", "svn", "noreply", "no-reply", "user", "username", "you", "your", "name", "email"})
_IPV4_REST = re.compile(r"\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)")
_VERSION_BEFORE = re.compile(
    r"(?:version|ver\.?|release|build|v|[=<>~^!]=?|\bOID\b|section|chapter)\s*$", re.IGNORECASE
)
_HEXES_REST = re.compile(
    r":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*(?![\w:])|-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){3}(?![\w-])"
)
"""What follows the first group of an address with colons or dashes: to begin with a literal is ten times faster."""
_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}")
_RUN = re.compile(r"[\d+(][\d ()./+-]{6,40}\d(?!\w)")
"""Digits with what stands between the groups of a number: cards and phones are looked for in these only."""
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)")
_CARD_BEGINNING = re.compile(r"4|5[1-5]|2[2-7]|3[47]|6(?:011|5|4[4-9])|35|30[0-5]|3[689]")
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_PHONE = re.compile(
    r"(?<![\w.+/-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,8}){1,5}"
    r"|00\d{2}[ .-]\d{1,4}(?:[ .-]?\d{2,8}){1,4}"
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4})(?![\w-]|\.\d)"
)
_PHONE_SAID = re.compile(
    r"\b(?:phone|tel|telephone|mobile|cell|call(?: me)?|fax|telefon|handy|tél|téléphone|móvil|teléfono|whatsapp)"
    r"(?: (?:at|on|number|no\.?|nr\.?|is|me))*\s?[:.]?\s{0,2}\Z",
    re.IGNORECASE,
)
_NATIONAL_SAID = re.compile(r"\bSSN\b|social security", re.IGNORECASE)
_NATIONAL = re.compile(r"\d{3}-\d{2}-\d{4}")
_INSIDE = re.compile(r"[\w.:-]\Z")
_MAX_SAID = 30
_DIGITS = frozenset("0123456789")
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_MIN_MAC_DIGITS = 2
_MIN_CARD_DIGITS = 3
_MIN_PHONE_DIGITS, _MAX_PHONE_DIGITS = 8, 15


def find_personal(text: str) -> Iterator[PrivateSpan]:
    """Every address, number and host in ``text`` that may lead to a person; findings may overlap."""
    if "@" in text:
        yield from _emails(text)
    yield from _spelled(text)
    yield from _hosts(text)
    yield from _numbers(text)


def _emails(text: str) -> Iterator[PrivateSpan]:
    place = text.find("@")
    while place >= 0:
        local = _LOCAL_BACKWARDS.match(text[max(0, place - _MAX_LOCAL) : place][::-1])
        host = _HOST.match(text, place + 1) if local else None
        if local and host and _is_mailbox(local[0][::-1], host[0], text[host.end() : host.end() + 60]):
            yield PrivateSpan(place - local.end(), host.end(), "EMAIL")
        place = text.find("@", place + 1)


def _is_mailbox(local: str, host: str, behind: str) -> bool:
    """Whether an address is somebody's: not of documentation, of no role, and no place of a repository (``git@``)."""
    if local.casefold() in _NO_MAILBOX or set(host.casefold().split(".")) & _NO_PERSON:
        return False
    return not (behind.startswith(":") and local.islower() and "/" in behind)


def _spelled(text: str) -> Iterator[PrivateSpan]:
    """Addresses that are spelled out on purpose ("dot" said or in brackets): "at" alone is an ordinary word."""
    done = 0
    for sign in _SAID.finditer(text):
        if sign.start() < done:
            continue
        for match in _OBFUSCATED.finditer(text, max(done, sign.start() - _MAX_SPELLED), sign.end() + _MAX_SPELLED):
            if _SAID.search(match[0]):
                yield PrivateSpan(*match.span(), "EMAIL")
                done = match.end()


def _hosts(text: str) -> Iterator[PrivateSpan]:
    for match in _IPV4_REST.finditer(text):
        start = _back(text, match.start(), 3, _DIGITS)
        before = text[max(0, start - 12) : start]
        address = text[start : match.end()]
        if not _INSIDE.search(before) and _is_public(address) and not _VERSION_BEFORE.search(before):
            yield PrivateSpan(start, match.end(), "IPV4")
    for match in _HEXES_REST.finditer(text):
        start = _back(text, match.start(), 4, _HEX_DIGITS)
        address = text[start : match.end()]
        if _INSIDE.search(text[max(0, start - 1) : start]):
            continue
        if _MAC.fullmatch(address):
            if len(set(address.casefold()) - set(":-")) > _MIN_MAC_DIGITS:
                yield PrivateSpan(start, match.end(), "MAC")
        elif _is_public(address):
            yield PrivateSpan(start, match.end(), "IPV6")


def _back(text: str, start: int, most: int, allowed: frozenset[str]) -> int:
    """Where up to ``most`` characters of ``allowed`` that stand before ``start`` begin."""
    first = start
    while first > max(0, start - most) and text[first - 1] in allowed:
        first -= 1
    return first


def _is_public(address: str) -> bool:
    """Whether an address belongs to somebody: not private, reserved, of documentation, or a resolver all know."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found.is_global and not found.is_multicast and address not in {"8.8.8.8", "8.8.4.4", "1.1.1.1", "9.9.9.9"}


def _numbers(text: str) -> Iterator[PrivateSpan]:
    for run in _RUN.finditer(text):
        begin, end = run.span()
        for match in _CARD.finditer(text, begin, end):
            if _is_card(match[0]):
                yield PrivateSpan(*match.span(), "CARD")
        for match in _PHONE.finditer(text, begin, end):
            if _MIN_PHONE_DIGITS <= sum(char.isdigit() for char in match[0]) <= _MAX_PHONE_DIGITS:
                yield PrivateSpan(*match.span(), "PHONE")
        said = _PHONE_SAID.search(text, max(0, begin - _MAX_SAID), begin)
        if said and _MIN_PHONE_DIGITS - 1 <= sum(char.isdigit() for char in run[0]) <= _MAX_PHONE_DIGITS:
            yield PrivateSpan(begin, end, "PHONE")
        if _NATIONAL.fullmatch(run[0]) and _NATIONAL_SAID.search(text, max(0, begin - _MAX_SAID), begin):
            yield PrivateSpan(begin, end, "NATIONAL_ID")
    for match in _IBAN.finditer(text):
        if not _INSIDE.search(text[max(0, match.start() - 1) : match.start()]) and _is_iban(match[0].replace(" ", "")):
            yield PrivateSpan(*match.span(), "IBAN")


def _is_card(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return bool(_CARD_BEGINNING.match(digits)) and has_luhn_digit(digits) and len(set(digits)) > _MIN_CARD_DIGITS


def has_luhn_digit(digits: str) -> bool:
    """Whether the last of ``digits`` is their check digit (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_iban(account: str) -> bool:
    """Whether the check digits are right (ISO 13616: modulo 97 is 1)."""
    if not 15 <= len(account) <= 34:
        return False
    moved = account[4:] + account[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
