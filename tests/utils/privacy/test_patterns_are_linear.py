"""The search for what is private takes time in proportion to the text, whatever the text repeats."""

from __future__ import annotations

import time

import pytest

from src.utils.privacy.hosts import find_hosts
from src.utils.privacy.numbers import find_numbers
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
    "fm2_", "K10", "sk.eyJ", "re_", "live_", "://a?key=", "password to ", "key for a is ", "htpasswd -b ", ":APA91b",
    "пароль от ",
)  # fmt: skip


def _find(text: str) -> list[PrivateSpan]:
    return [*find_secrets(text), *find_hosts(text), *find_numbers(text)]


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


def test_many_equal_keys_cost_no_more_than_as_many_different_ones() -> None:
    key = "7283940516:AAq3Zx9LmT7vBn2KpR5sWd8YhJ4gFc6EuQa"
    assert len(_find(f"{key} " * 400)) == 400
