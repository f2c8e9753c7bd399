"""Keys of vendors by their shape, as the vendors document it or as their clients check it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from src.utils.privacy.randomness import (
    bits_per_character,
    has_long_run,
    is_camel_case,
    is_mixed,
    is_random,
    is_slug,
    kinds,
    no_placeholder,
)
from src.utils.privacy.rule import Rule, Sought, make_rule
from src.utils.privacy.spans import Label, PrivateSpan
from src.utils.privacy.words import words

_NEAR = 400
"""Characters around an AWS id within which its secret is looked for."""
_MIN_SECRET_BITS = 4.2
_MIN_SECRET_KINDS = 3
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_HEX_KEY = r"[a-f0-9]{32}"
_UUID = r"[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"
_MIN_DIGITS, _READ = 2, 120
_NUMBER = re.compile(r"\d+-")
_WORD = r"[A-Za-z0-9_.-]"


def _is_header(value: str) -> bool:
    """Whether the first part of a JSON web token is JSON."""
    head = value.partition(".")[0]
    try:
        return isinstance(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))), dict)
    except (binascii.Error, ValueError):
        return False


def _is_key(value: str) -> bool:
    """Letters and digits, drawn by chance: what follows "sk-" may also be the name of a class."""
    return is_mixed(value) and is_random(value)


def _is_drawn(value: str) -> bool:
    """As ``_is_key``, and no name: many a name begins as a key does (``secret_manager_v2``, ``sl.data_v2``)."""
    value = value[:_READ]
    if sum(map(str.isdigit, value)) < _MIN_DIGITS or is_slug(value) or is_camel_case(value):
        return False
    return has_long_run(value) and _is_key(value)


def _is_of_slack(value: str) -> bool:
    """``xoxb-123456789012-...``: the numbers of a workspace and of its bot are no placeholders."""
    return no_placeholder(_NUMBER.sub("", value))


def _is_live(value: str) -> bool:
    """``sk_test_...``: "test" is no placeholder before what is drawn by chance."""
    return no_placeholder(value.rpartition("_")[2])


def _key(label: Label, beginnings: str, rest: str, check: Callable[[str], bool] = no_placeholder) -> Rule:
    """A word of its own."""
    rule = make_rule(label, beginnings, rest + r"(?![A-Za-z0-9])", check)
    return replace(rule, pattern=re.compile(r"(?<![A-Za-z0-9_-])" + rule.pattern.pattern))


_OF_GITLAB = "GR1348941|glpat-|gldt-|glrt-|glcbt-|glptt-|glft-|glsoat-|glimt-|glagent-|gloas-"
_OF_SLACK = "xoxa-|xoxb-|xoxe-|xoxp-|xoxr-|xoxs-|xoxc-|xoxd-|xapp-|xoxe.xox"
_AWS_ID = _key("AWS_ID", "AKIA|ASIA|ABIA|ACCA", r"[A-Z0-9]{16}")
KEYS = (
    _AWS_ID,
    _key("AWS_SESSION", "IQoJ|FwoG|FQoG", r"[A-Za-z0-9/+=]{60,4000}"),
    _key("GCP_KEY", "AIza", r"[A-Za-z0-9_-]{35}"),
    _key("GCP_KEY", "AQ.Ab", r"[A-Za-z0-9_-]{40,80}", _is_drawn),
    _key("GCP_KEY", "GOCSPX-", r"[A-Za-z0-9_-]{20,}"),
    _key("GCP_KEY", "ya29.", r"[A-Za-z0-9_.-]{30,2000}"),
    _key("GCP_KEY", "1//0", r"[A-Za-z0-9_-]{30,}"),
    _key("GITHUB", "ghp_|gho_|ghu_|ghs_|ghr_", r"[A-Za-z0-9]{30,255}"),
    _key("GITHUB", "github_pat_", r"[A-Za-z0-9_]{40,}"),
    _key("GITLAB", _OF_GITLAB, r"[A-Za-z0-9_.-]{20,400}"),
    _key("ANTHROPIC", "sk-ant-", r"[A-Za-z0-9_-]{24,}"),
    _key("OPENAI", "sk-", r"(?!ant-)(?:[a-z0-9]{2,10}-)*[A-Za-z0-9_-]{20,}", _is_key),
    _key("HF", "hf_|api_org_", r"[A-Za-z0-9]{30,}", is_random),
    _key("SLACK", _OF_SLACK, r"[A-Za-z0-9%.-]{20,400}", _is_of_slack),
    _key("STRIPE", "sk_live_|rk_live_|pk_live_|sk_test_|rk_test_|pk_test_|whsec_", r"[A-Za-z0-9+/=]{16,}", _is_live),
    _key("SENDGRID", "SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _key("NPM", "npm_", r"[A-Za-z0-9]{30,}", is_random),
    _key("PYPI", "pypi-", r"[A-Za-z0-9_-]{50,}"),
    _key("JWT", "eyJ", r"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", _is_header),
    _key("JWT", "eyJ", r"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]{10,}){3}", _is_header),
    *(
        _key("TOKEN", beginning, rf"{_WORD}{{20,2000}}(?:=[A-F0-9]{{8}})?", _is_drawn)
        for beginning in sorted(words("key_beginnings"))
    ),
    _key("TOKEN", "shpat_|shpss_|shpca_|shppa_|shptka_", r"[a-fA-F0-9]{30,}"),
    _key("TOKEN", "dapi", rf"{_HEX_KEY}(?:-\d)?", is_random),
    _key("TOKEN", "key-|SK", _HEX_KEY, is_random),
    _key("TOKEN", "sq0", r"[a-z]{3}-[A-Za-z0-9_-]{22,43}"),
    _key("TOKEN", "PMAK-", r"[a-f0-9]{24}-[a-f0-9]{34}"),
    _key("TOKEN", "NRAK-|NRII-|NRJS-", r"[A-Za-z0-9_-]{19,}"),
    _key("TOKEN", "pat-", rf"[a-z]{{2}}\d-{_UUID}"),
    _key("TOKEN", "sdk-|RGAPI-|access-production-|access-sandbox-", _UUID),
    _key("TOKEN", "sk_", r"[a-f0-9]{48}", is_random),
    _key("TOKEN", "pa-", r"[A-Za-z0-9_-]{43}(?![\w-])", _is_drawn),
    _key("TOKEN", "ak-|as-", r"[A-Za-z0-9]{22}(?![\w-])", _is_drawn),
    _key("TOKEN", "v1.0-", r"[a-f0-9]{24}-[a-f0-9]{100,200}"),
    _key("TOKEN", "0.", rf"{_UUID}\.[A-Za-z0-9]{{30}}:[A-Za-z0-9+/]{{22}}=="),
    _key("TOKEN", "st.", r"[\w-]{20,40}\.[a-f0-9]{32}\.[a-f0-9]{32}"),
    _key("TOKEN", "s-s4t2ud-|s-s4t2af-", r"[a-f0-9]{64}"),
    _key("TOKEN", "pat", r"[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    _key("TOKEN", "1/", r"\d{12,}:[a-f0-9]{32}"),
    _key("TOKEN", "AAAAAAAAAA", r"[A-Za-z0-9%]{80,200}", is_random),
    _key("TOKEN", "s.", r"[A-Za-z0-9]{24}", lambda value: kinds(value[2:]) == 3 and is_random(value)),
    _key("TOKEN", "re_", r"[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}", _is_drawn),
    _key("TOKEN", "live_|test_", r"(?:[A-Za-z0-9]{30}|[A-Za-z0-9]{64})(?!_)", _is_drawn),
    _key("TOKEN", "API-", r"[A-Z0-9]{25,32}", _is_drawn),
    _key("TOKEN", "ATTA", r"[a-f0-9]{64}[A-F0-9]{8}", _is_drawn),
    _key("TOKEN", "y0_", r"[A-Za-z0-9_-]{54,64}", _is_drawn),
    _key("TOKEN", "sk.eyJ", r"[A-Za-z0-9_-]{20,400}\.[A-Za-z0-9_-]{20,}"),
    _key("TOKEN", "fm2_|fm1r_|fm1a_", r"[A-Za-z0-9+/]{60,4000}={0,2}", is_random),
    _key("TOKEN", "dt0c01.|dt0s01.", r"[A-Z0-9]{8,24}\.[A-Z0-9]{40,64}"),
    _key("TOKEN", "K10", r"[a-f0-9]{64}::[\w.-]{1,40}:[\w.-]{8,80}"),
    _key("PRIVKEY", "AGE-SECRET-KEY-1", r"[A-Z0-9]{50,60}"),
)  # fmt: skip
_AZURE_KEYS = (
    ("JQQJ99", "[A-Za-z0-9]{52}", "[A-Za-z0-9]{26}"),
    ("APIM|ACDb|+ABa|+AMC|+ASt", "[A-Za-z0-9/+]{75,76}", "[A-Za-z0-9/+]{5,6}=="),
    ("AIoT|+ASb|+AEh|+ARm", "[A-Za-z0-9/+]{32,33}", "[A-P][A-Za-z0-9/+]{5}="),
    ("AzFu", "[A-Za-z0-9_-]{44}", "[A-Za-z0-9_-]{6}=="),
    ("AzSe", "[A-Za-z0-9]{42}", "[A-D][A-Za-z0-9]{5}"),
    ("+ACR", "[A-Za-z0-9/+]{42}", "[A-D][A-Za-z0-9/+]{5}"),
    ("AzCa", "[A-Za-z0-9]{33}", "[A-P][A-Za-z0-9]{5}="),
)
"""Signatures that Azure's services write into their keys, and what stands before and behind them."""
_INNER: tuple[tuple[Label, str, re.Pattern[str]], ...] = (
    ("TELEGRAM", ":A", re.compile(r"(?<!\d)\d{8,10}:A[A-Za-z0-9_-]{33,35}(?![A-Za-z0-9_-])")),
    ("TOKEN", ".atlasv1.", re.compile(r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{50,}")),
    ("TOKEN", "NRAL", re.compile(r"[a-f0-9]{36}NRAL")),
    ("TOKEN", "-us", re.compile(r"(?<!\w)[a-f0-9]{32}-us\d{1,2}(?![\w-])")),
    ("TOKEN", ":APA91b", re.compile(r"[A-Za-z0-9_-]{6,24}:APA91b[A-Za-z0-9_-]{100,}")),
    ("TOKEN", ":fx", re.compile(rf"(?<!\w){_UUID}:fx(?!\w)")),
    ("TOKEN", "_mmk", re.compile(r"(?<!\w)[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?!\w)")),
    ("AZURE_KEY", "Q~", re.compile(r"(?<![\w.~-])[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}(?![\w.~-])")),
    *(("AZURE_KEY", sign, re.compile(rf"(?<![\w+/-]){before}{re.escape(sign)}{rest}(?![\w+/=-])"))
      for signs, before, rest in _AZURE_KEYS for sign in signs.split("|")),
)  # fmt: skip
"""Keys that are known by something inside them."""
_DISCORD_REST = re.compile(r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}+")
_DISCORD_BACKWARDS = re.compile(r"[A-Za-z0-9_-]{23,27}[MNO](?![A-Za-z0-9_-])")
"""The number of the bot in base64, which begins with one of three letters; read from its end."""
_MAX_NUMBER = 29


def _secrets_of_aws(text: str, places: Iterable[int]) -> Iterator[PrivateSpan]:
    """The secrets near AWS ids, which have no sign of their own."""
    for key in _AWS_ID.find(text, places):
        for match in _AWS_SECRET.finditer(text, max(0, key.start - _NEAR), key.end + _NEAR):
            value = match[0]
            if kinds(value) >= _MIN_SECRET_KINDS and bits_per_character(value) >= _MIN_SECRET_BITS:
                yield PrivateSpan(*match.span(), "AWS_SECRET")


def _around(label: Label, pattern: re.Pattern[str], text: str, _places: Sequence[int]) -> Iterator[PrivateSpan]:
    return (PrivateSpan(*match.span(), label) for match in pattern.finditer(text) if is_mixed(match[0]))


KEYS_AROUND_SIGNS = (
    Sought(_AWS_ID.beginnings, _secrets_of_aws),
    *(Sought((sign,), partial(_around, label, pattern)) for label, sign, pattern in _INNER),
)


def find_keys_of_discord(text: str) -> Iterator[PrivateSpan]:
    """Tokens of bots of Discord, which have no sign but their points."""
    for match in _DISCORD_REST.finditer(text):
        number = _DISCORD_BACKWARDS.match(text[max(0, match.start() - _MAX_NUMBER) : match.start()][::-1])
        if number and is_mixed(match[0]):
            yield PrivateSpan(match.start() - number.end(), match.end(), "TOKEN")
