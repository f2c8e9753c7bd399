"""The search for what is private takes time in proportion to the text, whatever the text repeats."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
from tests.growth import is_linear

_SIZE = 20_000
_FLOOR_S = 0.4

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
    "a@b.co | 045 123 4567 ", "@a.bc.", "k.lee@b.example ", "&Signature=", "?Signature=a~", "&amp;Signature=a%2B",
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


@pytest.mark.parametrize("end", ["", "z", " "])
@pytest.mark.parametrize("unit", _UNITS)
def test_four_times_the_text_takes_no_more_than_its_share_of_time(unit: str, end: str) -> None:
    assert is_linear(lambda size: partial(_find, unit * (size // len(unit)) + end), _SIZE, _FLOOR_S)


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


@pytest.mark.parametrize("rule", _ALL_RULES, ids=lambda rule: f"{rule.label} {rule.beginnings[0]}")
def test_no_run_behind_a_sign_takes_more_than_its_share_of_time(rule: Rule) -> None:
    def work(size: int) -> Callable[[], object]:
        texts = [sign + run * (size // len(run)) + "\x00" for sign in rule.beginnings[:3] for run in _RUNS]
        return lambda: [rule.pattern.match(text) for text in texts]

    assert is_linear(work, _SIZE, _FLOOR_S)


@pytest.mark.parametrize("name", ["password", "token is", "key for", "schlüssel=", "secret("])
@pytest.mark.parametrize("run", _RUNS)
def test_no_run_behind_a_name_takes_more_than_its_share_of_time(run: str, name: str) -> None:
    assert is_linear(lambda size: partial(_all_assigned, name + run * (size // len(run))), _SIZE, _FLOOR_S)


_PEM_IN_BASE64 = ("LS0tLS1CRUdJTi", "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t")


@pytest.mark.parametrize("unit", _PEM_IN_BASE64)
def test_beginnings_of_a_key_in_base64_take_no_more_than_their_share_of_time(unit: str) -> None:
    assert is_linear(lambda size: partial(_all_secrets, unit * (size // len(unit))), 600_000, _FLOOR_S)


def _all_assigned(text: str) -> list[PrivateSpan]:
    return list(find_assigned(text))


def _all_secrets(text: str) -> list[PrivateSpan]:
    return list(find_secrets(text))


def test_many_equal_keys_cost_no_more_than_as_many_different_ones() -> None:
    key = "7283940516:AAq3Zx9LmT7vBn2KpR5sWd8YhJ4gFc6EuQa"
    assert len(_find(f"{key} " * 400)) == 400
