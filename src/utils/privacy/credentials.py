"""Secrets that are known by where they stand: in addresses, headers, commands, calls, and between marks of files."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from src.utils.privacy.randomness import is_code, is_mixed, is_placeholder, is_random, is_wording, kinds, no_placeholder
from src.utils.privacy.rule import make_rule
from src.utils.privacy.spans import Label, PrivateSpan

_MIN_KINDS = 3
_MIN_TOKEN = 20
_MIN_CALL_PASSWORD = 8


def is_password(value: str) -> bool:
    """Whether ``value``, which stands where a password belongs, is one: neither placeholder nor code nor words."""
    return not (is_placeholder(value) or is_code(value) or is_wording(value)) and kinds(value) > 1


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


def _is_token(value: str) -> bool:
    return is_mixed(value) and is_random(value) and not is_code(value)


def _any(_value: str) -> bool:
    return True


_END = r"(?![A-Za-z0-9+/=])"
_LINE = r"[A-Za-z0-9+/=]+"
_MAX = r"[^\n]{0,160}?"
_USER = r"(?:-u|--user|-a|--auth) ?[\"']?[\w.@-]{1,80}+:"
_ARGUMENT = r"[\"']?(?P<value>[^\s\"']{6,80})"
_OF_MYSQL = rf"{_MAX} -p(?P<value>[^\s-][^\s]{{5,60}})"
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
    make_rule("SLACK", "hooks.slack.com/", r"(?:services|workflows|triggers)/(?P<value>[\w/-]{30,})", no_placeholder),
    make_rule("TOKEN", "com/api/webhooks/", r"(?P<value>\d{15,}/[\w-]{40,})", no_placeholder),
    make_rule(
        "TOKEN", "office.com/webhook", r"(?:b2)?/(?P<value>[0-9a-f@/-]{60,100}\w{1,40}+/[\w/-]{40,})", no_placeholder
    ),
    make_rule("DBURL_PW", "://", r"[^\s:/@\"'<>]{0,100}:(?P<value>[^\s/\"'<>]{3,200})@(?=[\w\[])", _is_url_password),
    make_rule("TOKEN", "://", r"(?P<value>[A-Za-z0-9_-]{20,200})@(?=[\w\[])", is_random),
    make_rule("PASSWORD", "jdbc:oracle:thin:", r"[\w.-]+/(?P<value>[^\s/@\"']{3,60})@", is_password),
    make_rule("BASIC", "Basic |basic ", rf"(?P<value>[A-Za-z0-9+/]{{8,200}}={{0,2}}){_END}", _is_login),
    make_rule("TOKEN", "Bearer |bearer |SSWS ", r"(?P<value>[A-Za-z0-9_.~+/%-]{20,}=*)", is_random),
    make_rule("PASSWORD", "mysql |mysqldump |mysqladmin ", _OF_MYSQL, is_password),
    make_rule("PASSWORD", "mariadb ", _OF_MYSQL, is_password),
    make_rule("PASSWORD", "sshpass -p", rf" ?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "redis-cli ", rf"{_MAX}(?:-a|--pass) {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "docker login|podman login|helm registry login", rf"{_MAX} -p {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "curl |wget |http ", rf"{_MAX}{_USER}(?P<value>[^\s\"']{{6,80}})", is_password),
    make_rule(
        "PASSWORD", "ldapsearch |ldapbind |ldapadd |ldapmodify |ldapwhoami ", rf"{_MAX} -w {_ARGUMENT}", is_password
    ),
    make_rule("TOKEN", " -t | -k | -T ", r"[\"']?(?P<value>[A-Za-z0-9_-]{40,200}={0,2})(?![\w./])", _is_token),
    make_rule("BASIC", '"auth"', rf"\s?:\s?\"(?P<value>[A-Za-z0-9+/]{{8,400}}={{0,2}}){_END}", _is_login),
    make_rule(
        "PASSWORD", "@", r"[\w.-]{2,60}\.[A-Za-z]{2,10}\s?[/:|]\s?(?P<value>[^\s\"'/,;()<>]{6,60})", _is_beside_login
    ),
    make_rule("TOKEN", "vault login |cargo login |railway login ", rf"{_ARGUMENT}", _is_token),
    make_rule("PASSWORD", "net user ", rf"\S{{1,40}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "IDENTIFIED BY |identified by ", _ARGUMENT, is_password),
    make_rule("PASSWORD", "echo ", rf"{_ARGUMENT}[\"']?\s?\|\s?sudo -S", is_password),
    make_rule("PASSWORD", "/user:", rf"\S{{1,60}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", ":$6$|:$5$|:$y$|:$2y$|:$1$", r"(?P<value>[\w./$=,-]{20,200})(?=:)", _any),
)
_CALL = re.compile(r"\w{0,40}+=?\((?=[^\n()]{0,80}?[\"'])(?P<arguments>[^\n()]{8,300})\)?")
_CALL_NAMES = ("login", "Login", "connect", "Connect", "auth", "Auth", "Client", "client.run", "Bot", "Api", "API")
_LOGS_IN = frozenset({"login", "Login", "connect", "Connect", "auth", "Auth"})
_LITERAL = re.compile(r"""(?P<quote>["'])(?P<value>[^"'\n]{0,200})(?P=quote)""")
_APP_PASSWORD = re.compile(r"(?:[a-z]{4} ){3}[a-z]{4}")
"""How Google writes the passwords it makes for one program."""


def find_credentials(text: str) -> Iterator[PrivateSpan]:
    """Every secret that its surroundings in ``text`` show; findings may overlap."""
    for rule in _RULES:
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
    return "TOKEN" if value.isalnum() and len(value) >= 2 * _MIN_CALL_PASSWORD and _is_drawn(value) else None


def _is_drawn(value: str) -> bool:
    """Letters and digits that no name of a thing has: 30 and more, or an even mix."""
    digits = sum(char.isdigit() for char in value)
    return len(value) >= _MIN_TOKEN and digits * 10 >= len(value) and is_random(value)
