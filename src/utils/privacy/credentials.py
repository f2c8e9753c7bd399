"""Secrets that are known by where they stand: in addresses, headers, logins, calls, and between marks of files."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from urllib.parse import unquote

from src.utils.privacy.randomness import (
    is_beside_login,
    is_chosen,
    is_code,
    is_password,
    is_placeholder,
    is_random,
    is_slug,
    is_surely_drawn,
    is_token,
    is_wording,
    kinds,
    no_placeholder,
)
from src.utils.privacy.rule import IN_LINE, Sought, beside, make_rule
from src.utils.privacy.spans import Label, PrivateSpan

_MIN_KINDS = 3
_MIN_TOKEN = 20
_MIN_CALL_PASSWORD = 8
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}|[.:|]")
"""What divides the parts of a cookie."""
_HEX_NUMBER = re.compile(r"0x[0-9a-fA-F]+")
_HEX = re.compile(r"[0-9a-fA-F]+")


def _is_login(value: str) -> bool:
    """Whether a base64 text holds ``name:password``."""
    try:
        decoded = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return ":" in decoded.strip(":") and decoded.isprintable()


def _is_private_pem(value: str) -> bool:
    """Whether a base64 text is that of a PEM file with a private key: certificates begin alike."""
    return b"PRIVATE KEY" in base64.b64decode(value[:80])


def _is_of_session(value: str) -> bool:
    """Whether the value of a cookie lets its bearer in: a part of it was drawn by chance."""
    return any(map(is_surely_drawn, _ENCODED.split(value))) and no_placeholder(value)


def _is_url_password(value: str) -> bool:
    return not (is_placeholder(value) or is_wording(value) or value.startswith(("$", "{", "%(")))


def _is_signature(value: str) -> bool:
    """As ``is_surely_drawn`` of what an address writes in its own ways: with percent signs, or with the ``~`` that
    CloudFront has for a sign of base64."""
    value = unquote(value)
    return is_surely_drawn(value.translate(_URL_SAFE) if "~" in value else value)


def _is_short_signature(value: str) -> bool:
    """As ``_is_signature``; mere hex is the hash of a file in addresses that shall not be cached."""
    return not _HEX.fullmatch(value) and _is_signature(value)


def _is_in_path(value: str) -> bool:
    """As ``is_token``; titles of pages and public addresses of a blockchain are part of addresses too."""
    return is_token(value) and not is_slug(value) and not _HEX_NUMBER.fullmatch(value)


def _is_seed(value: str) -> bool:
    """Whether words are those from which a wallet is restored: lists of these hold no article and no conjunction."""
    return {"the", "and", "for", "are", "not", "with"}.isdisjoint(value.split(" "))


def _any(_value: str) -> bool:
    return True


def _holds_key(value: str) -> bool:
    """Whether a block of a key has a line of one: it may also say that the key belongs there."""
    return bool(_OF_BASE64.search(value))


_OF_BASE64 = re.compile(r"[A-Za-z0-9+/=]{12}")
_END = r"(?![A-Za-z0-9+/=])"
_LINE = r"[A-Za-z0-9+/=]+"
_LOGIN_SAID = (
    "login|Login|log in|Log in|creds|Creds|credentials|Credentials|wifi|Wifi|WiFi|Wi-Fi|WLAN|"
    "user|User|account|Account|Zugang"
)
_OF_HOOK = (
    r"(?:[a-z]{2,12}/){0,3}"
    r"(?P<value>[A-Za-z0-9_-]{20,200}(?:/[\w-]{6,200}){0,3}|(?<=catch/)\d{5,}/[a-z0-9]{5,})(?![\w.])"
)
_OF_PATH = r"(?P<value>[A-Za-z0-9_-]{20,200})(?![\w.])"
_OF_PAIR = (
    r"[a-z]{0,8}(?::| are| is| with| als| avec| con| com)\s{1,2}(?=[A-Za-z])"
    r"[^\s/|]{2,40}\s[/|]\s(?P<value>[^\s\"'/,;()<>]{6,60})"
)
_OF_LOGIN = r"(?:entials)?(?:\sare|\sis)?:?\s{1,2}[\"'`]?[\w.@-]{2,40}+:(?P<value>[^\s\"'`/,;()<>]{6,60})"
_OF_SEED = r"[\"']?\s?(?:is|[:=])\s?[\"']?(?P<value>(?:[a-z]{3,8}\ ){11,23}[a-z]{3,8})(?![\w-])"
_SIGNATURES = (
    "?signature=|&signature=|&amp;signature=|?Signature=|&Signature=|&amp;Signature=|X-Amz-Signature=|X-Goog-Signature="
)
"""What opens an address for whoever holds it: CloudFront, Amz and Goog write it so."""
_URL_SAFE = str.maketrans("", "", "~-_")
_RULES = (
    make_rule(
        "PRIVKEY",
        "-----BEGIN ",
        r"(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){20,20000}?"
        r"-?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\n(?=[\"']))?|\Z)",
        _holds_key,
    ),
    make_rule(
        "PRIVKEY", "Private-Lines: ", rf"\d+\s{{1,2}}(?P<value>(?:{_LINE}\s{{1,2}})*{_LINE})\s+Private-MAC", _any
    ),
    make_rule("AZURE_KEY", "AccountKey=|SharedAccessKey=", r"(?P<value>[A-Za-z0-9/+]{40,}={0,2})", no_placeholder),
    make_rule("AZURE_KEY", "?sig=|&sig=", r"(?P<value>[A-Za-z0-9%/+_-]{40,}={0,2})", no_placeholder),
    make_rule("TOKEN", "?sig=|&sig=", rf"(?P<value>[\w-]{{20,39}}){_END}", _is_short_signature),
    make_rule("TOKEN", _SIGNATURES, rf"(?P<value>[\w%/+~-]{{20,1000}}={{0,2}}){_END}", _is_signature),
    make_rule("PASSWORD", "jdbc:oracle:thin:", r"[\w.-]+/(?P<value>[^\s/@\"']{3,60})@", is_password),
    make_rule("BASIC", "Basic |basic ", rf"(?P<value>[A-Za-z0-9+/]{{8,200}}={{0,2}}){_END}", _is_login),
    make_rule(
        "BASIC",
        '"auth"|_auth|npmAuthIdent',
        rf"\"?\s?[=:]\s?\"?(?P<value>[A-Za-z0-9+/]{{8,400}}={{0,2}}){_END}",
        _is_login,
    ),
    make_rule("BASIC", "eyJhdXRocyI6|ewogICJhdXRocyI6|ewoJImF1dGhzIjo", r"[A-Za-z0-9+/]{40,20000}={0,2}", _any),
    make_rule("PRIVKEY", "LS0tLS1CRUdJTi", r"(?:[A-KM-Za-z0-9+/]|L(?!S0tLS1CRUdJTi)){66,}+={0,2}", _is_private_pem),
    make_rule("PRIVKEY", '"d"', r"\s?:\s?\"(?P<value>[A-Za-z0-9_-]{40,800})\"", is_surely_drawn),
    make_rule("PASSWORD", "creds|Creds|cred|Cred", _OF_LOGIN, is_chosen),
    make_rule("TOKEN", "Bearer |bearer |SSWS ", r"(?P<value>[A-Za-z0-9_.~+/%-]{20,}=*)", is_random),
    make_rule("TOKEN", ".eJ", r"[A-Za-z0-9_-]{20,4000}\.[\w-]{5,7}\.[\w-]{20,}", no_placeholder),
    make_rule(
        "PASSWORD",
        "@",
        r"[\w.-]{2,60}\.[A-Za-z]{2,10}\s?[/:|]\s?(?!\d{1,5}[?#])(?P<value>[^\s\"'/,;()<>]{6,60})",
        is_beside_login,
    ),
    make_rule("TOKEN", "mnemonic|seed phrase|seed_phrase|recovery phrase", _OF_SEED, _is_seed),
    make_rule("PASSWORD", ":$6$|:$5$|:$y$|:$2y$|:$1$", r"(?P<value>[\w./$=,-]{20,200})(?=:)", _any),
)
_IN_HOSTS = (
    make_rule(
        "TOKEN", "office.com/webhook", r"(?:b2)?/(?P<value>[0-9a-f@/-]{60,100}\w{1,40}+/[\w/-]{40,})", no_placeholder
    ),
    make_rule("TOKEN", ".make.com/", r"(?P<value>[a-z0-9]{30,})(?!\w)", is_token),
)
_IN_ADDRESSES = beside(
    "://",
    make_rule("AZURE_KEY", ".azurewebsites.net/", rf"{IN_LINE}[?&]code=(?P<value>[\w%+/-]{{40,}}=*)", no_placeholder),
    make_rule("TOKEN", "hook/|hooks/", _OF_HOOK, _is_in_path),
    make_rule("TOKEN", "/owa/calendar/", r"(?P<value>[0-9a-f]{32}@[\w.-]{3,80}/[0-9a-f]{40,80})", no_placeholder),
    make_rule("TOKEN", "?key=|&key=|/key/|/secret/|alchemy.com/v2/|infura.io/v3/", _OF_PATH, _is_in_path),
    make_rule("TOKEN", "/reset/|/reset-password/|/password-reset/|/magic/|/invite/", _OF_PATH, is_surely_drawn),
    make_rule("DBURL_PW", "://", r"[^\s:/@\"'<>]{0,100}:(?P<value>[^\s/\"'<>]{3,200})@(?=[\w\[])", _is_url_password),
    make_rule("TOKEN", "://", r"(?P<value>[A-Za-z0-9_-]{20,200})@(?=[\w\[])", is_random),
)
_IN_PAIRS = beside(r" [/|] ", make_rule("PASSWORD", _LOGIN_SAID, _OF_PAIR, is_chosen))
CREDENTIALS = (*_RULES, *_IN_HOSTS, *_IN_ADDRESSES, *_IN_PAIRS)
_CALL = re.compile(r"\w{0,40}+=?\((?=[^\n()]{0,80}?[\"'])(?P<arguments>[^\n()]{8,300})\)?")
_COOKIE = re.compile(r"[\w.-]{1,60}+=(?P<value>[^;\s\"']{20,4000})")
_WEBHOOK = re.compile(
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{30,}|com/api/webhooks/\d{15,}/[\w-]{40,}"
)
_ADDRESS_BACKWARDS = re.compile(r"[\w.-]*(?://:s?ptth)?")
_MAX_HOST = 60
_OF_DRIVER = re.compile(r"(?<![\w.-])[\w.-]{1,40}+:(?P<value>[^\s:@\"'/${<]{4,80})@(?:tcp|unix)\(")
"""How drivers of Go write the address of a database: ``name:password@tcp(host:port)/database``."""
_CALL_NAMES = ("login", "Login", "connect", "Connect", "auth", "Auth", "Client", "client.run", "Bot", "Api", "API",
               "jwt.sign", "jwt.verify", "jwt.encode", "jwt.decode", "createHmac", "hmac.new", "Fernet", "PDO",
               "mysqli", "FromSubscription", "Credential")  # fmt: skip
_LOGS_IN = frozenset({"Credential", "login", "Login", "connect", "Connect", "auth", "Auth", "PDO", "mysqli"})
_LITERAL = re.compile(r"""(?P<quote>["'])(?P<value>[^"'\n]{0,200})(?P=quote)""")
_APP_PASSWORD = re.compile(r"(?:[a-z]{4} ){3}[a-z]{4}")
"""How Google writes the passwords it makes for one program."""


def _in_cookies(text: str, places: Iterable[int]) -> Iterator[PrivateSpan]:
    """Values of cookies in headers that open a session."""
    done = 0
    for place in places:
        if place >= done:
            line_end = text.find("\n", place)
            done = line_end if line_end >= 0 else len(text)
            for match in _COOKIE.finditer(text, place, done):
                if _is_of_session(match["value"]):
                    yield PrivateSpan(*match.span("value"), "TOKEN")


def _webhooks(text: str, places: Iterable[int]) -> Iterator[PrivateSpan]:
    """Addresses that anybody may post to who knows them, whole."""
    for place in places:
        rest = _WEBHOOK.match(text, place)
        if rest and no_placeholder(rest[0]):
            before = _ADDRESS_BACKWARDS.match(text[max(0, place - _MAX_HOST) : place][::-1])
            yield PrivateSpan(
                place - (before.end() if before else 0), rest.end(), "SLACK" if "slack" in rest[0] else "TOKEN"
            )


def _in_drivers(text: str, _places: Sequence[int]) -> Iterator[PrivateSpan]:
    for match in _OF_DRIVER.finditer(text):
        if _is_url_password(match["value"]):
            yield PrivateSpan(*match.span("value"), "DBURL_PW")


def _in_calls(name: str, text: str, places: Iterable[int]) -> Iterator[PrivateSpan]:
    """Literals among the arguments of calls that log in: ``login("me", "...")``, ``Client("...")``."""
    for place in places:
        call = _CALL.match(text, place + len(name))
        if call:
            begin, end = call.span("arguments")
            for number, literal in enumerate(_LITERAL.finditer(text, begin, end)):
                if label := _kind_of_argument(literal["value"], logs_in=name in _LOGS_IN and number > 0):
                    yield PrivateSpan(*literal.span("value"), label)


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


AROUND_SIGNS = (
    Sought(("ookie: ",), _in_cookies),
    Sought(("hooks.slack.com/", "com/api/webhooks/"), _webhooks),
    Sought(("@tcp(", "@unix("), _in_drivers),
    *(Sought((name,), partial(_in_calls, name)) for name in _CALL_NAMES),
)
"""Secrets that do not begin at the signs that show them."""
