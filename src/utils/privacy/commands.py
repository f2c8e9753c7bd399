"""Secrets that commands are given: passwords and tokens among the arguments of programs."""

from __future__ import annotations

import re

from src.utils.privacy.randomness import (
    is_chosen,
    is_password,
    is_surely_drawn,
    is_token,
    is_uuid,
    no_placeholder,
)
from src.utils.privacy.rule import IN_LINE, beside, make_rule


def _is_given(value: str) -> bool:
    """What a program that logs in is given: drawn by chance, be it a UUID."""
    return no_placeholder(value) and (is_uuid(value) or is_surely_drawn(value))


def _is_no_number(value: str) -> bool:
    """As ``_is_given`` where any word may stand before: a UUID and a number in base 16 may be that of a user or of a
    commit."""
    return _is_given(value) and not _HEX_NUMBER.fullmatch(value)


_HEX_NUMBER = re.compile(r"[0-9a-fA-F-]+")
_USER = r"(?:-u|--user|-U|--proxy-user|-a|--auth) ?[\"']?[\w.@-]{1,80}+:"
_ARGUMENT = r"[\"']?(?P<value>[^\s\"']{6,80})"
_OF_MYSQL = (
    rf"(?:{IN_LINE} )?-p(?!ort|rompt|rotocol|lugin|assword|ager|rint|ipe)"
    r"[\"']?(?P<value>[^\s\"'\[(<{-][^\s\"']{5,60})"
)
"""A password without a space before it; options whose names begin alike may be written with one dash too."""
_READS_IT = r"(?:sudo -S|(?:sudo )?(?:chpasswd|passwd|smbpasswd|kinit|cryptsetup)\b|[^|\n]{1,120}-password-stdin\b)"
"""Programs that read a password from where others write to."""
_OF_ECHO = (
    r"(?:-[ne]{1,2} )?[\"']?(?:[\w.-]{1,40}:(?=[^\n|]{6,80}\|\s?(?:sudo )?chp))?(?P<value>[^\s\"'\\]{6,80})"
    rf"(?:\\n[^\s\"']{{0,80}})?[\"']?\s?\|\s?{_READS_IT}"
)
_OF_ACCOUNT = rf" ?[\"']?[\w.@-]{{1,80}}+[\"']?{IN_LINE} (?:-p|-w|-P|-pw|--pass|/p:)[ =]?{_ARGUMENT}(?:\s|\Z)"
"""A password behind the account that it is of, which options of many programs are called alike for."""
_OF_ADDRESS = r"(?:-\S{1,20} ){0,4}[\w.-]{1,60}+:(?P<value>[^\s:@/]{6,80})@[\w.-]"
_OF_PGPASS = r"[^\s:]{1,60}:[^\s:]{1,60}:(?P<value>[^\s:]{6,80})(?:\s|\Z)"
_OF_ACL = r"(?:[^\n>]{0,80} )?>(?P<value>\S{6,80})"
"""A password among what a user of Redis may do: ``user tide on >password ~* +@all``."""
_OF_LOGIN = r"[\"']?(?P<value>[A-Za-z0-9_-]{24,200})(?![\w./])"
_LOGINS = (
    "wandb login |snyk auth |comet login |clearml login |heroku login |cargo login |doppler login |pulumi login |"
    "sentry-cli login |vercel login |netlify login |flyctl auth |huggingface-cli login |"
    "cloudflared service install |GenieKey "
)
"""Programs whose tokens may be UUIDs or numbers in base 16."""
_RULES = (
    make_rule("PASSWORD", "requirepass |masterauth ", _ARGUMENT, is_password),
    make_rule("PASSWORD", "sqlplus ", r"[\w.-]{1,40}/(?P<value>[^\s/@\"']{6,60})@", is_password),
    make_rule(
        "PASSWORD", "IDENTIFIED |identified ", rf"(?:(?:WITH|with) [\w'\"]{{1,40}} )?(?:BY|by) {_ARGUMENT}", is_password
    ),
    make_rule("PASSWORD", "ftp> user ", rf"\S{{1,60}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "lftp -u |lftp --user ", r"[\"']?[\w.@-]{1,60}+,(?P<value>[^\s\"']{6,80})", is_password),
    make_rule("PASSWORD", ":5432:|:6432:|:*:", _OF_PGPASS, is_chosen),
    make_rule(
        "PASSWORD", "assword", r"[^\n]{0,20}?[\n{;]\s{0,12}send (?:-- )?\"(?P<value>[^\s\"\\]{6,60})\\[rn]\"", is_chosen
    ),
    make_rule("PASSWORD", "enable secret |enable password ", rf"(?:level \d+ )?(?:\d )?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "add_user |change_password ", rf"\S{{1,60}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "nmcli ", rf"{IN_LINE}password {_ARGUMENT}(?:\s|\Z)", is_password),
    make_rule("PASSWORD", "wpa_passphrase ", rf"(?:\"[^\"\n]{{1,40}}\"|\S{{1,40}}) {_ARGUMENT}(?:\s|\Z)", is_password),
    make_rule("PASSWORD", "/ru |/RU ", rf"\S{{1,60}} /(?:rp|RP) {_ARGUMENT}", is_password),  # schtasks
    make_rule("PASSWORD", "SETUSER |setuser ", rf"\S{{1,60}} {_OF_ACL}", is_password),
    make_rule("PASSWORD", "user ", rf"(?<=(?<![^\n])user )\S{{1,60}} on {_OF_ACL}", is_password),
    make_rule("PASSWORD", "net user ", rf"\S{{1,40}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "net use ", rf"{IN_LINE}\\\\\S{{3,80}} {_ARGUMENT} (?:\S+ )?/", is_password),
    make_rule("PASSWORD", "/user:", rf"\S{{1,60}} {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "ConvertTo-SecureString ", rf"(?:-String )?{_ARGUMENT}", is_password),
    make_rule("TOKEN", "vault login |railway login |authtoken |codecov -t ", _ARGUMENT, is_token),
    make_rule("TOKEN", _LOGINS, _OF_LOGIN, _is_given),
    make_rule("TOKEN", "login |auth ", _OF_LOGIN, _is_no_number),
)
_WITH_SIGNS = (
    *beside(r"\|", make_rule("PASSWORD", "echo |printf ", _OF_ECHO, is_password)),
    *beside(
        "<<<",
        make_rule("PASSWORD", "sudo -S|passwd |kinit |cryptsetup ", rf"{IN_LINE}<<< ?{_ARGUMENT}", is_password),
    ),
    *beside("@", make_rule("PASSWORD", "ftp ", _OF_ADDRESS, is_chosen)),
)
_OPTION = r" (?:-{1,2}[A-Za-z]|/u:)"
"""How an option of a command looks."""
_WITH_OPTIONS = beside(
    _OPTION,
    make_rule("PASSWORD", "mysql |mysqldump |mysqladmin ", _OF_MYSQL, is_password),
    make_rule("PASSWORD", "mariadb ", _OF_MYSQL, is_password),
    make_rule("PASSWORD", "sshpass -p", rf" ?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "redis-cli ", rf"{IN_LINE}(?:-a|--pass) {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "docker login|podman login|helm registry login", rf"{IN_LINE} -p {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "curl |wget |http ", rf"{IN_LINE}{_USER}(?P<value>[^\s\"']{{6,80}})", is_password),
    make_rule(
        "PASSWORD",
        "ldapsearch |ldapbind |ldapadd |ldapmodify |ldapwhoami ",
        rf"{IN_LINE} -w {_ARGUMENT}",
        is_password,
    ),
    make_rule("PASSWORD", "useradd |usermod ", rf"(?:{IN_LINE} )?-p {_ARGUMENT}", is_password),
    make_rule("PASSWORD", " -u| --user| /u:", _OF_ACCOUNT, is_chosen),
    make_rule("PASSWORD", "rar a|rar x|unrar ", rf"{IN_LINE} -h?p{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "sqlcmd |bcp ", rf"(?:{IN_LINE} )?-P ?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "mongosh |mongo |mongodump |mongorestore ", rf"(?:{IN_LINE} )?-p {_ARGUMENT}", is_password),
    make_rule("PASSWORD", "openssl ", rf"{IN_LINE}(?: -k |pass:){_ARGUMENT}", is_password),
    make_rule("PASSWORD", "zip ", rf"(?:{IN_LINE} )?-P ?{_ARGUMENT}", is_password),
    make_rule("PASSWORD", "7z a|7z x", rf"{IN_LINE} -p{_ARGUMENT}", is_password),
    make_rule(
        "PASSWORD", "htpasswd -", rf"[a-zA-Z]{{0,8}}b[a-zA-Z]{{0,8}}(?: \S{{1,80}}){{1,2}} {_ARGUMENT}", is_password
    ),
    make_rule(
        "PASSWORD", "smbclient |mount.cifs ", rf"{IN_LINE}-U \S{{1,60}}?%(?P<value>[^\s\"']{{6,80}})", is_password
    ),
    make_rule("TOKEN", " -t | -k | -T ", r"[\"']?(?P<value>[A-Za-z0-9_-]{40,200}={0,2})(?![\w./])", is_token),
)
COMMANDS = (*_RULES, *_WITH_SIGNS, *_WITH_OPTIONS)
