"""Secrets by their shape: vendors' keys, tokens, private keys, and what stands where a password is assigned.

The shapes are those that the vendors document or that their clients check for; a match must also look drawn by chance
(enough different characters, no words such as "example"), so that placeholders in documentation stay.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from src.utils.privacy.spans import Label, PrivateSpan

_PLACEHOLDER = re.compile(
    r"example|your[-_ ]|placeholder|changeme|change[-_]me|redacted|xxxx|\*\*\*|\.\.\.|<|123456789|abcdef|[-_]key[-_]here|"
    r"(?<![a-z])(?:dummy|sample|insert|replace|fake|test|todo)(?![a-z])",
    re.IGNORECASE,
)
_MIN_BITS = 3.0
"""Bits per character (Shannon) from which a long token looks drawn by chance; English words have fewer."""
_MIN_PASSWORD_KINDS = 3
_MIN_TOKEN = 16
_AWS_SECRET = 40
_STEMS = ("passw", "passphrase", "pwd", "secret", "token", "api_key", "api-key", "apikey", "access_key", "accesskey",
          "auth_key", "private_key", "credential")  # fmt: skip
"""Within names to which secrets are assigned, in small letters."""
_ASSIGNED = re.compile(
    r"""[A-Za-z0-9_-]{0,24}["']?\s{0,3}(?:=>|:=|=|:)\s{0,3}(?P<quote>["'`]?)(?P<value>[^\s"'`,;<>{}()\[\]]{6,200})(?P=quote)"""
)
_PASSWORD_STEMS = frozenset({"passw", "passphrase", "pwd"})
_CODE = re.compile(
    r"^(?:os|process|env|config|settings|self|this|args|getenv|ctx|req|request|user|data|str|field)\b[.\[(]"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_]*(?:[.:/-][A-Za-z_]+)*[:;,.]?")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A shape, the words one of which every match begins with, and what a match must pass; the span is group ``value``
    where the pattern has one."""

    label: Label
    beginnings: tuple[str, ...]
    pattern: re.Pattern[str]
    check: Callable[[str], bool]


def is_random(value: str) -> bool:
    """Whether ``value`` looks drawn by chance: no placeholder, and many different characters."""
    return not _PLACEHOLDER.search(value) and bits_per_character(value) >= _MIN_BITS


def bits_per_character(value: str) -> float:
    """Shannon entropy of the characters of ``value`` in bits; 0 for an empty one."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values()) if value else 0.0


def _is_login(value: str) -> bool:
    """Whether a base64 text holds ``name:password``."""
    try:
        decoded = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return ":" in decoded.strip(":") and decoded.isprintable()


def _is_header(value: str) -> bool:
    """Whether the first part of a JSON web token is JSON."""
    head = value.partition(".")[0]
    try:
        return base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).lstrip().startswith(b"{")
    except (binascii.Error, ValueError):
        return False


def _no_placeholder(value: str) -> bool:
    return not _PLACEHOLDER.search(value)


def _any(_value: str) -> bool:
    return True


def _rule(label: Label, beginnings: str, rest: str, check: Callable[[str], bool] = _no_placeholder) -> _Rule:
    words = tuple(beginnings.split("|"))
    return _Rule(label, words, re.compile(f"(?:{'|'.join(map(re.escape, words))}){rest}"), check)


def _token(label: Label, beginnings: str, rest: str, check: Callable[[str], bool] = _no_placeholder) -> _Rule:
    """A word of its own."""
    rule = _rule(label, beginnings, rest + r"(?![A-Za-z0-9])", check)
    return replace(rule, pattern=re.compile(r"(?<![A-Za-z0-9_-])" + rule.pattern.pattern))


_RULES = (
    _token("AWS_ID", "AKIA|ASIA|ABIA|ACCA", r"[A-Z0-9]{16}"),
    _rule("AWS_SESSION", "IQoJ|FwoG|FQoG", r"[A-Za-z0-9/+=]{60,}"),
    _rule("AZURE_KEY", "AccountKey=|SharedAccessKey=", r"(?P<value>[A-Za-z0-9/+]{40,}={0,2})"),
    _rule("AZURE_KEY", "?sig=|&sig=", r"(?P<value>[A-Za-z0-9%/+]{40,})"),
    _token("GCP_KEY", "AIza", r"[A-Za-z0-9_-]{35}"),
    _token("GCP_KEY", "GOCSPX-", r"[A-Za-z0-9_-]{20,}"),
    _token("GCP_KEY", "ya29.", r"[A-Za-z0-9_-]{30,}"),
    _token("GITHUB", "ghp_|gho_|ghu_|ghs_|ghr_", r"[A-Za-z0-9]{30,255}"),
    _token("GITHUB", "github_pat_", r"[A-Za-z0-9_]{40,}"),
    _token("GITLAB", "glpat-|gldt-|glrt-|glcbt-", r"[A-Za-z0-9_-]{20,}"),
    _token("ANTHROPIC", "sk-ant-", r"[A-Za-z0-9_-]{24,}"),
    _token("OPENAI", "sk-", r"(?!ant-)(?:[a-z0-9]{2,10}-)*[A-Za-z0-9_-]{20,}", is_random),
    _token("HF", "hf_|api_org_", r"[A-Za-z0-9]{30,}"),
    _token("SLACK", "xoxa-|xoxb-|xoxe-|xoxp-|xoxr-|xoxs-|xapp-", r"[A-Za-z0-9-]{20,}"),
    _rule("SLACK", "hooks.slack.com/", r"(?:services|workflows|triggers)/(?P<value>[A-Za-z0-9/_-]{30,})"),
    _rule("TOKEN", "discord.com/api/webhooks/|discordapp.com/api/webhooks/", r"(?P<value>\d{15,}/[\w-]{40,})"),
    _token("STRIPE", "sk_live_|rk_live_|pk_live_|sk_test_|rk_test_|pk_test_|whsec_", r"[A-Za-z0-9+/=]{16,}"),
    _token("SENDGRID", "SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _token("NPM", "npm_", r"[A-Za-z0-9]{30,}"),
    _token("PYPI", "pypi-", r"[A-Za-z0-9_-]{50,}"),
    _token("TOKEN", "gsk_|xai-|r8_|nvapi-|tgp_v1_|pplx-|fw_|dckr_pat_|lin_api_|figd_|glsa_|hvs.", r"[A-Za-z0-9_-]{20,}", is_random),
    _token("TOKEN", "dop_v1_|doo_v1_|dor_v1_", r"[a-f0-9]{60,}"),
    _token("TOKEN", "shpat_|shpss_|shpca_|shppa_", r"[a-fA-F0-9]{30,}"),
    _token("TOKEN", "dapi|key-", r"[a-f0-9]{32}", is_random),
    _token("TOKEN", "SK|AC", r"[a-f0-9]{32}", is_random),
    _token("TOKEN", "sq0", r"[a-z]{3}-[A-Za-z0-9_-]{22,43}"),
    _token("TOKEN", "PMAK-", r"[a-f0-9]{24}-[a-f0-9]{34}"),
    _token("TOKEN", "NRAK-", r"[A-Z0-9]{27}"),
    _token("JWT", "eyJ", r"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", _is_header),
    _rule("TELEGRAM", ":AA", r"[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])"),
    _rule(
        "PRIVKEY",
        "-----BEGIN ",
        r"(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){20,20000}?"
        r"(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|\Z)",
        _any,
    ),
    _rule("DBURL_PW", "://", r"[^\s:/@\"'<>]{0,100}:(?P<value>[^\s/\"'<>]{3,100})@(?=[\w\[])"),
    _rule("TOKEN", "://", r"(?P<value>[A-Za-z0-9_-]{20,100})@(?=[\w\[])", is_random),
    _rule("BASIC", "Basic |basic ", r"(?P<value>[A-Za-z0-9+/]{8,200}={0,2})(?![A-Za-z0-9+/=])", _is_login),
    _rule("TOKEN", "Bearer |bearer ", r"(?P<value>[A-Za-z0-9_.~+/-]{20,}=*)", is_random),
    _rule("PASSWORD", "mysql |mysqldump |mariadb ", r"[^\n]{0,80}? -p(?P<value>[^\s-][^\s]{5,60})"),
    _rule("PASSWORD", "sshpass -p", r" ?[\"']?(?P<value>[^\s\"']{6,60})"),
    _rule("PASSWORD", "curl ", r"[^\n]{0,80}?(?:-u|--user) ?[\"']?[\w.@-]+:(?P<value>[^\s\"']{6,60})"),
)  # fmt: skip


def find_secrets(text: str) -> Iterator[PrivateSpan]:
    """Every secret in ``text``; findings may overlap."""
    for rule in _RULES:
        group = "value" if "value" in rule.pattern.groupindex else 0
        for place in _places(text, rule.beginnings):
            match = rule.pattern.match(text, place)
            if match and rule.check(match[group]):
                yield PrivateSpan(_start(text, match.start(group), rule.label), match.end(group), rule.label)
    yield from _assigned(text)


def _places(text: str, words: Iterable[str]) -> Iterator[int]:
    """Where one of ``words`` begins: faster than a pattern by an order of magnitude where there are none."""
    for word in words:
        place = text.find(word)
        while place >= 0:
            yield place
            place = text.find(word, place + len(word))


def _start(text: str, start: int, label: Label) -> int:
    """Where a secret begins: a bot's token has its number before the colon."""
    if label == "TELEGRAM":
        while start and text[start - 1].isdigit():
            start -= 1
    return start


def _assigned(text: str) -> Iterator[PrivateSpan]:
    """Values of names such as ``db_password`` or ``API_KEY``, unless they are code, words or placeholders."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter that becomes two would shift what is found
        lower = text
    for stem in _STEMS:
        for place in _places(lower, [stem]):
            match = _ASSIGNED.match(text, place + len(stem))
            if match and (label := _kind_of_value(stem, match["value"], quoted=bool(match["quote"]))):
                yield PrivateSpan(match.start("value"), match.end("value"), label)


def _kind_of_value(stem: str, value: str, *, quoted: bool) -> Label | None:
    if _PLACEHOLDER.search(value) or _CODE.search(value) or _IDENTIFIER.fullmatch(value):
        return None
    kinds = _kinds(value)
    if stem in _PASSWORD_STEMS:
        return "PASSWORD" if kinds >= (2 if quoted else _MIN_PASSWORD_KINDS) else None
    if len(value) < _MIN_TOKEN or kinds < 2 or not is_random(value):
        return None
    return "AWS_SECRET" if stem in ("secret", "access_key") and len(value) == _AWS_SECRET else "TOKEN"


def _kinds(value: str) -> int:
    """How many kinds of characters it has: lower case, upper case, digits, others."""
    return sum(
        (
            any(char.islower() for char in value),
            any(char.isupper() for char in value),
            any(char.isdigit() for char in value),
            any(not char.isalnum() for char in value),
        )
    )
