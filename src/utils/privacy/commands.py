"""Secrets that commands are given: passwords and tokens among the arguments of programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.utils.privacy.randomness import (
    is_code,
    is_mixed,
    is_password,
    is_random,
    is_surely_drawn,
    is_uuid,
    no_placeholder,
)
from src.utils.privacy.rule import make_rule
from src.utils.privacy.spans import PrivateSpan


def _is_token(value: str) -> bool:
    return is_mixed(value) and is_random(value) and not is_code(value)


def _is_given(value: str) -> bool:
    """What a program that logs in is given: drawn by chance, be it a UUID."""
    return no_placeholder(value) and (is_uuid(value) or is_surely_drawn(value))


def _is_no_number(value: str) -> bool:
    """As ``_is_given`` where any word may stand before: a UUID and a number in base 16 may be that of a user or of a
    commit."""
    return _is_given(value) and not _HEX_NUMBER.fullmatch(value)


_HEX_NUMBER = re.compile(r"[0-9a-fA-F-]+")
_MAX = r"[^\n]{0,160}?"
_USER = r"(?:-u|--user|-a|--auth) ?[\"']?[\w.@-]{1,80}+:"
_ARGUMENT = r"[\"']?(?P<value>[^\s\"']{6,80})"
_OF_MYSQL = rf"{_MAX} -p(?P<value>[^\s-][^\s]{{5,60}})"
_OF_ECHO = (
    r"[\"']?(?:[\w.-]{1,40}:(?=[^\n|]{6,80}\|\s?(?:sudo )?chp))?(?P<value>[^\s\"']{6,80})[\"']?"
    r"\s?\|\s?(?:sudo -S|(?:sudo )?chpasswd)"
)
_OF_LOGIN = r"[\"']?(?P<value>[A-Za-z0-9_-]{24,200})(?![\w./])"
_LOGINS = (
    "wandb login |snyk auth |comet login |clearml login |heroku login |cargo login |doppler login |pulumi login |"
    "sentry-cli login |vercel login |netlify login |flyctl auth |huggingface-cli login |"
    "GenieKey "
)
"""Programs whose tokens may be UUIDs or numbers in base 16."""
_RULES = (
    make_rule("PASSWORD", "requirepass |masterauth ", _ARGUMENT, is_password),
    make_rule("PASSWORD", "sqlplus ", r"[\w.-]{1,40}/(?P<value>[^\s/@\"']{6,60})@", is_password),
    make_rule("PASSWORD", "IDENTIFIED BY |identified by ", _ARGUMENT, is_password),
    make_rule("PASSWORD", "echo ", _OF_ECHO, is_password),
    make_rule("PASSWORD", "add_user |change_password ", rf"\S{{1,60}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "nmcli ", rf"{_MAX}password {_ARGUMENT}(?:\s|\Z)", is_password),
    make_rule("PASSWORD", "wpa_passphrase ", rf"(?:\"[^\"\n]{{1,40}}\"|\S{{1,40}}) {_ARGUMENT}(?:\s|\Z)", is_password),
    make_rule("PASSWORD", "net user ", rf"\S{{1,40}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "net use ", rf"{_MAX}\\\\\S{{3,80}} {_ARGUMENT} (?:\S+ )?/", is_password),
    make_rule("PASSWORD", "/user:", rf"\S{{1,60}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "ConvertTo-SecureString ", rf"(?:-String )?{_ARGUMENT}", is_password),
    make_rule("TOKEN", "vault login |railway login |authtoken |codecov -t ", _ARGUMENT, _is_token),
    make_rule("TOKEN", _LOGINS, _OF_LOGIN, _is_given),
    make_rule("TOKEN", "login |auth ", _OF_LOGIN, _is_no_number),
)
_WITH_OPTIONS = (
    make_rule("PASSWORD", "mysql |mysqldump |mysqladmin ", _OF_MYSQL, is_password),
    make_rule("PASSWORD", "mariadb ", _OF_MYSQL, is_password),
    make_rule("PASSWORD", "sshpass -p", rf" ?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "redis-cli ", rf"{_MAX}(?:-a|--pass) {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "docker login|podman login|helm registry login", rf"{_MAX} -p {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "curl |wget |http ", rf"{_MAX}{_USER}(?P<value>[^\s\"']{{6,80}})", is_password),
    make_rule(
        "PASSWORD", "ldapsearch |ldapbind |ldapadd |ldapmodify |ldapwhoami ", rf"{_MAX} -w {_ARGUMENT}", is_password
    ),
    make_rule("PASSWORD", "sqlcmd |bcp ", rf"(?:{_MAX} )?-P ?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "mongosh |mongodump |mongorestore ", rf"(?:{_MAX} )?-p {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "openssl ", rf"{_MAX}(?: -k |pass:){_ARGUMENT}", is_password),
    make_rule("PASSWORD", "zip ", rf"(?:{_MAX} )?-P ?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "7z a|7z x", rf"{_MAX} -p{_ARGUMENT}", is_password),
    make_rule(
        "PASSWORD", "htpasswd -", rf"[a-zA-Z]{{0,8}}b[a-zA-Z]{{0,8}}(?: \S{{1,80}}){{1,2}} {_ARGUMENT}", is_password
    ),
    make_rule("PASSWORD", "smbclient |mount.cifs ", rf"{_MAX}-U \S{{1,60}}?%(?P<value>[^\s\"']{{6,80}})", is_password),
    make_rule("TOKEN", " -t | -k | -T ", r"[\"']?(?P<value>[A-Za-z0-9_-]{40,200}={0,2})(?![\w./])", _is_token),
)
_OPTION = re.compile(r" -{1,2}[A-Za-z]")
"""How an option of a command looks: most texts have none, and one look spares many."""


def find_in_commands(text: str) -> Iterator[PrivateSpan]:
    """Every secret that a command in ``text`` is given; findings may overlap."""
    for rule in _RULES:
        yield from rule.find(text)
    if _OPTION.search(text):
        for rule in _WITH_OPTIONS:
            yield from rule.find(text)
