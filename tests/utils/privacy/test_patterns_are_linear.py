"""The search for what is private takes time in proportion to the text, whatever the text repeats."""

from __future__ import annotations

import time

import pytest

from src.utils.privacy import commands, credentials, key_shapes
from src.utils.privacy.accounts import find_users
from src.utils.privacy.assignments import find_assigned
from src.utils.privacy.git_names import find_names_of_git
from src.utils.privacy.names_abroad import find_names_abroad
from src.utils.privacy.people import find_names
from src.utils.privacy.personal_rules import find_personal
from src.utils.privacy.rule import Rule
from src.utils.privacy.secret_rules import find_secrets
from src.utils.privacy.spans import PrivateSpan

_SMALL, _LARGE = 5_000, 20_000
_MAX_GROWTH = 8.0
"""Four times the text may take four times as long, sixteen times where time grows with the square."""
_FLOOR_S = 0.4
_TRIES = 3

_UNITS = (
    "API", "API(", ".sl.", "ya29.", "ya29.a", ":a", ":a:", ".glpat-", ".xoxb-", "%AAAAAAAAAA", "/IQoJ", ".eyJ",
    "office.com/webhook/a", "curl -u", "a@b.c:", "://a:", "password", "key=", "password=,", "-us", "12345678:A", "+1 ",
    "1.1.1.1 ", "00-", "AKIA", "login('", "hvs._", "sk-", "-----BEGIN ", "mysql -p", "passwd.", "7.", "_key", "secret_",
    "hook/a/", "login: a / ", "echo a", "zip -P", "openssl pass:", "net use \\\\", ".eJ", ".eJa.", "mnemonic is abc ",
    "fm2_", "K10", "sk.eyJ", "re_", "live_", "://a?key=", "password to ", "key for a is ", "htpasswd -b ", "htpasswd -",
    ":APA91b", "пароль от ", "Cookie: a=", "cookie: a=b; ", "a:b@tcp(", "creds a:", "sudo -S <<< ", "echo a |",
    "LS0tLS1CRUdJTi", "password {", 'variable "password" {', "password | ", "<b>password</b> ",
    "password || ", "+ASt", "JQQJ99", "_mmk", "a at ", " chez ", "a%40", " dot ", "a.at ", "(at)",
    "\nabcdef1 a - ", "\nabcdef1 <", "    12\tAb ", "Ab Cd ", "我叫", "田中 ", "さん", "이름은", "/home/a ",
    "C:\\Users\\Ab ", "a:~ b", "1000 ab 20 ", "06 ", "0171 123 ", "user a -p ", " -u a ",
)  # fmt: skip


def _find(text: str) -> list[PrivateSpan]:
    return [
        *find_secrets(text),
        *find_personal(text),
        *find_names(text),
        *find_names_abroad(text),
        *find_names_of_git(text),
        *find_users(text),
    ]


def _seconds(text: str) -> float:
    started = time.process_time()
    _find(text)
    return time.process_time() - started


@pytest.mark.parametrize("end", ["", "z", " "])
@pytest.mark.parametrize("unit", _UNITS)
def test_four_times_the_text_takes_no_more_than_its_share_of_time(unit: str, end: str) -> None:
    small, large = (unit * (size // len(unit)) + end for size in (_SMALL, _LARGE))
    for _ in range(_TRIES):
        seconds = _seconds(large)
        if seconds < _FLOOR_S or seconds <= _MAX_GROWTH * _seconds(small):
            return
    pytest.fail(f"{seconds:.1f} s for {_LARGE} characters")


_RUNS = ("b", "A", "1", "a1", "a.", "a-", "a/", "a ", "ab ", " -", ":a", "%", "\n", "a\n", "_", "=")


def _rules_in(value: object) -> list[Rule]:
    """The rules of a table, however deep they stand in it."""
    if isinstance(value, tuple):
        return [rule for part in value for rule in _rules_in(part)]
    return [value] if isinstance(value, Rule) else []


_ALL_RULES = {
    rule.pattern.pattern: rule
    for room in (commands, credentials, key_shapes)
    for value in list(vars(room).values())
    for rule in _rules_in(value)
}.values()


def _seconds_of(rule: Rule, size: int) -> float:
    texts = [sign + run * (size // len(run)) + "\x00" for sign in rule.beginnings[:3] for run in _RUNS]
    started = time.process_time()
    for text in texts:
        rule.pattern.match(text)
    return time.process_time() - started


@pytest.mark.parametrize("rule", _ALL_RULES, ids=lambda rule: f"{rule.label} {rule.beginnings[0]}")
def test_no_run_behind_a_sign_takes_more_than_its_share_of_time(rule: Rule) -> None:
    for _ in range(_TRIES):
        seconds = _seconds_of(rule, _LARGE)
        if seconds < _FLOOR_S or seconds <= _MAX_GROWTH * _seconds_of(rule, _SMALL):
            return
    pytest.fail(f"{seconds:.1f} s for {_LARGE} characters")


@pytest.mark.parametrize("run", _RUNS)
def test_no_run_behind_a_name_takes_more_than_its_share_of_time(run: str) -> None:
    for name in ("password", "token is", "key for", "schlüssel=", "secret("):
        started = time.process_time()
        list(find_assigned(name + run * (_LARGE // len(run))))
        assert time.process_time() - started < _FLOOR_S


_PEM_IN_BASE64 = ("LS0tLS1CRUdJTi", "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t")


@pytest.mark.parametrize("unit", _PEM_IN_BASE64)
def test_beginnings_of_a_key_in_base64_take_no_more_than_their_share_of_time(unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (150_000, 600_000))
    for _ in range(_TRIES):
        seconds = _seconds_of_secrets(large)
        if seconds < _FLOOR_S or seconds <= _MAX_GROWTH * _seconds_of_secrets(small):
            return
    pytest.fail(f"{seconds:.1f} s for {len(large)} characters")


def _seconds_of_secrets(text: str) -> float:
    started = time.process_time()
    list(find_secrets(text))
    return time.process_time() - started


def test_many_equal_keys_cost_no_more_than_as_many_different_ones() -> None:
    key = "7283940516:AAq3Zx9LmT7vBn2KpR5sWd8YhJ4gFc6EuQa"
    assert len(_find(f"{key} " * 400)) == 400
