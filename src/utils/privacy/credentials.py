"""Secrets that are known by where they stand: in addresses, headers, logins, calls, and between marks of files."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from src.utils.privacy.randomness import (
    is_code,
    is_mixed,
    is_password,
    is_placeholder,
    is_random,
    is_slug,
    is_surely_drawn,
    is_wording,
    kinds,
    no_placeholder,
)
from src.utils.privacy.rule import make_rule
from src.utils.privacy.spans import Label, PrivateSpan

_MIN_KINDS = 3
_MIN_TOKEN = 20
_MIN_CALL_PASSWORD = 8
_JOINING = str.maketrans("", "", "-._:")
_ONE_NUMBER = re.compile(r"[A-Za-z]*[$€£#+]?\d+[A-Za-z]*%?")
_HEX_NUMBER = re.compile(r"0x[0-9a-fA-F]+")


def _is_login(value: str) -> bool:
    """Whether a base64 text holds ``name:password``."""
    try:
        decoded = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return ":" in decoded.strip(":") and decoded.isprintable()


def _is_url_password(value: str) -> bool:
    return not (is_placeholder(value) or is_wording(value) or value.startswith(("$", "{", "%(")))


def _is_beside_login(value: str) -> bool:
    """Whether a value behind an address, as in ``me@corp.io / ...``, is a password: it must look it, most are not."""
    return kinds(value) >= _MIN_KINDS and is_password(value) and any(char.isdigit() for char in value)


def _is_chosen(value: str) -> bool:
    """As ``_is_beside_login`` where less stands before it: signs that join words and numbers do not count, and one
    number among words is the name of a thing, a time or an amount (``Windows10Pro``, ``14:45Uhr``, ``US$100m``)."""
    joined = value.translate(_JOINING)
    return _is_beside_login(value) and kinds(joined) >= _MIN_KINDS and not _ONE_NUMBER.fullmatch(joined)


def _is_token(value: str) -> bool:
    return is_mixed(value) and is_random(value) and not is_code(value)


def _is_in_path(value: str) -> bool:
    """As ``_is_token``; titles of pages and public addresses of a blockchain are part of addresses too."""
    return _is_token(value) and not is_slug(value) and not _HEX_NUMBER.fullmatch(value)


def _is_seed(value: str) -> bool:
    """Whether words are those from which a wallet is restored: lists of these hold no article and no conjunction."""
    return {"the", "and", "for", "are", "not", "with"}.isdisjoint(value.split(" "))


def _any(_value: str) -> bool:
    return True


_END = r"(?![A-Za-z0-9+/=])"
_LINE = r"[A-Za-z0-9+/=]+"
_MAX = r"[^\n]{0,160}?"
_LOGIN_SAID = (
    "login|Login|creds|Creds|credentials|Credentials|wifi|Wifi|WiFi|Wi-Fi|WLAN|user|User|account|Account|Zugang"
)
_OF_HOOK = (
    r"(?:[a-z]{2,12}/){0,3}"
    r"(?P<value>[A-Za-z0-9_-]{20,200}(?:/[\w-]{6,200}){0,3}|(?<=catch/)\d{5,}/[a-z0-9]{5,})(?![\w.])"
)
_OF_PATH = r"(?P<value>[A-Za-z0-9_-]{20,200})(?![\w.])"
_OF_PAIR = r"(?::| are| is)\s{1,2}(?=[A-Za-z])[^\s/|]{2,40}\s[/|]\s(?P<value>[^\s\"'/,;()<>]{6,60})"
_OF_SEED = r"[\"']?\s?(?:is|[:=])\s?[\"']?(?P<value>(?:[a-z]{3,8}\ ){11,23}[a-z]{3,8})(?![\w-])"
_RULES = (
    make_rule(
        "PRIVKEY",
        "-----BEGIN ",
        r"(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){20,20000}?"
        r"(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\n(?=[\"']))?|\Z)",
        _any,
    ),
    make_rule(
        "PRIVKEY", "Private-Lines: ", rf"\d+\s{{1,2}}(?P<value>(?:{_LINE}\s{{1,2}})*{_LINE})\s+Private-MAC", _any
    ),
    make_rule("AZURE_KEY", "AccountKey=|SharedAccessKey=", r"(?P<value>[A-Za-z0-9/+]{40,}={0,2})", no_placeholder),
    make_rule("AZURE_KEY", "?sig=|&sig=", r"(?P<value>[A-Za-z0-9%/+_-]{40,}={0,2})", no_placeholder),
    make_rule("PASSWORD", "jdbc:oracle:thin:", r"[\w.-]+/(?P<value>[^\s/@\"']{3,60})@", is_password),
    make_rule("BASIC", "Basic |basic ", rf"(?P<value>[A-Za-z0-9+/]{{8,200}}={{0,2}}){_END}", _is_login),
    make_rule("BASIC", '"auth"', rf"\s?:\s?\"(?P<value>[A-Za-z0-9+/]{{8,400}}={{0,2}}){_END}", _is_login),
    make_rule("TOKEN", "Bearer |bearer |SSWS ", r"(?P<value>[A-Za-z0-9_.~+/%-]{20,}=*)", is_random),
    make_rule("TOKEN", ".eJ", r"[A-Za-z0-9_-]{20,4000}\.[\w-]{5,7}\.[\w-]{20,}", no_placeholder),
    make_rule(
        "PASSWORD", "@", r"[\w.-]{2,60}\.[A-Za-z]{2,10}\s?[/:|]\s?(?P<value>[^\s\"'/,;()<>]{6,60})", _is_beside_login
    ),
    make_rule("TOKEN", "mnemonic|seed phrase|seed_phrase|recovery phrase", _OF_SEED, _is_seed),
    make_rule("PASSWORD", ":$6$|:$5$|:$y$|:$2y$|:$1$", r"(?P<value>[\w./$=,-]{20,200})(?=:)", _any),
)
_IN_HOSTS = (
    make_rule("SLACK", "hooks.slack.com/", r"(?:services|workflows|triggers)/(?P<value>[\w/-]{30,})", no_placeholder),
    make_rule("TOKEN", "com/api/webhooks/", r"(?P<value>\d{15,}/[\w-]{40,})", no_placeholder),
    make_rule(
        "TOKEN", "office.com/webhook", r"(?:b2)?/(?P<value>[0-9a-f@/-]{60,100}\w{1,40}+/[\w/-]{40,})", no_placeholder
    ),
    make_rule("TOKEN", ".make.com/", r"(?P<value>[a-z0-9]{30,})(?!\w)", _is_token),
)
_IN_ADDRESSES = (
    make_rule("AZURE_KEY", ".azurewebsites.net/", rf"{_MAX}[?&]code=(?P<value>[\w%+/-]{{40,}}=*)", no_placeholder),
    make_rule("TOKEN", "hook/|hooks/", _OF_HOOK, _is_in_path),
    make_rule("TOKEN", "/owa/calendar/", r"(?P<value>[0-9a-f]{32}@[\w.-]{3,80}/[0-9a-f]{40,80})", no_placeholder),
    make_rule("TOKEN", "?key=|&key=|/key/|/secret/|alchemy.com/v2/|infura.io/v3/", _OF_PATH, _is_in_path),
    make_rule("TOKEN", "/reset/|/reset-password/|/password-reset/|/magic/|/invite/", _OF_PATH, is_surely_drawn),
    make_rule("DBURL_PW", "://", r"[^\s:/@\"'<>]{0,100}:(?P<value>[^\s/\"'<>]{3,200})@(?=[\w\[])", _is_url_password),
    make_rule("TOKEN", "://", r"(?P<value>[A-Za-z0-9_-]{20,200})@(?=[\w\[])", is_random),
)
_IN_PAIRS = (make_rule("PASSWORD", _LOGIN_SAID, _OF_PAIR, _is_chosen),)
_GATED = ((("com/",), _IN_HOSTS), (("://",), _IN_ADDRESSES), ((" / ", " | "), _IN_PAIRS))
"""What a text must hold for the rules beside it: one look spares many."""
_CALL = re.compile(r"\w{0,40}+=?\((?=[^\n()]{0,80}?[\"'])(?P<arguments>[^\n()]{8,300})\)?")
_CALL_NAMES = ("login", "Login", "connect", "Connect", "auth", "Auth", "Client", "client.run", "Bot", "Api", "API",
               "jwt.sign", "jwt.verify", "jwt.encode", "jwt.decode", "createHmac", "hmac.new", "Fernet", "PDO",
               "mysqli", "FromSubscription")  # fmt: skip
_LOGS_IN = frozenset({"login", "Login", "connect", "Connect", "auth", "Auth", "PDO", "mysqli"})
_LITERAL = re.compile(r"""(?P<quote>["'])(?P<value>[^"'\n]{0,200})(?P=quote)""")
_APP_PASSWORD = re.compile(r"(?:[a-z]{4} ){3}[a-z]{4}")
"""How Google writes the passwords it makes for one program."""


def find_credentials(text: str) -> Iterator[PrivateSpan]:
    """Every secret that its surroundings in ``text`` show; findings may overlap."""
    for rule in _RULES:
        yield from rule.find(text)
    for signs, rules in _GATED:
        if any(sign in text for sign in signs):
            for rule in rules:
                yield from rule.find(text)
    yield from _in_calls(text)


def _in_calls(text: str) -> Iterator[PrivateSpan]:
    """Literals among the arguments of calls that log in: ``login("me", "...")``, ``Client("...")``."""
    for name in _CALL_NAMES:
        place = text.find(name)
        while place >= 0:
            call = _CALL.match(text, place + len(name))
            if call:
                begin, end = call.span("arguments")
                for number, literal in enumerate(_LITERAL.finditer(text, begin, end)):
                    if label := _kind_of_argument(literal["value"], logs_in=name in _LOGS_IN and number > 0):
                        yield PrivateSpan(*literal.span("value"), label)
            place = text.find(name, place + len(name))


def _kind_of_argument(value: str, *, logs_in: bool) -> Label | None:
    if logs_in and _APP_PASSWORD.fullmatch(value):
        return "PASSWORD"
    if len(value) < _MIN_CALL_PASSWORD or " " in value or is_placeholder(value) or is_code(value) or is_wording(value):
        return None
    if logs_in and kinds(value) >= _MIN_KINDS and not any(char in "/.:@" for char in value):
        return "PASSWORD"
    return "TOKEN" if (value.isalnum() and _is_drawn(value)) or is_surely_drawn(value) else None


def _is_drawn(value: str) -> bool:
    """Letters and digits that no name of a thing has: 30 and more, or an even mix."""
    digits = sum(char.isdigit() for char in value)
    return len(value) >= _MIN_TOKEN and digits * 10 >= len(value) and is_random(value)
