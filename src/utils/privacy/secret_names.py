"""What the name before a value says of it: that it is a password, a token, some key, or nothing secret."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from src.utils.privacy.words import words

NameKind = Literal["password", "token", "key", "some key", "drawn key", ""]
"""Most things called "some key" or "drawn key" are no secret: the value must look drawn by chance, or surely so."""


def _said(name: str) -> tuple[str, ...]:
    return tuple(sorted(word.replace("_", " ") for word in words(name)))


STEMS = (
    "pass", "pwd", "pw", "psk", "mdp", "secret", "token", "key", "credential", "authorization", "session", "sessid",
    "_pat", "csrf", "appid", "schluessel", "clave", "chiave", "sleutel", "klucz",
    "schlüssel", "clé", "ключ", "密钥", "キー", *_said("password_words"), *_said("token_words"),
)  # fmt: skip
"""Within names to which secrets are assigned, in small letters."""

_PASSWORD_WORDS, _TOKEN_WORDS = ("|".join(map(re.escape, _said(name))) for name in ("password_words", "token_words"))
_OF_PASSWORDS = re.compile(
    r"passw|passphrase|passcode|pwd|(?:^|_)psk$|(?:^|[a-z0-9]_|[.-]|(?:db|key|store|smtp|mail|root|admin|become|user|ftp|http)_?)pass$"
    rf"|(?:^|_|bind|root|user|admin|db)pw$|^passe$|^mdp$|{_PASSWORD_WORDS}|(?:wpa2?|wlan|wi-?fi)[ _-]?(?:key|schl)",
    re.IGNORECASE,
)
_OF_KEYS = re.compile(
    r"(?:^|[_.-])(?:api|app|application|access|account|admin|auth|client|crypt|encryption|encrypt|enc|signing|sign|"
    r"master|private|priv|license|licence|secret|service|shared|storage|subscription|write|read|project|webhook|hmac|"
    r"deploy|server|preshared|[a-z]+_api)[_. -]?keys?\d?(?:base64|hex|value|prod|dev|live|main)?$",
    re.IGNORECASE,
)
_OF_SOME_KEY = re.compile(r"^[a-z0-9]+(?:_[a-z0-9]+)?_key$", re.IGNORECASE)
_OF_DRAWN_KEY = re.compile(
    r"^[a-z0-9]+ key$|schl(?:ü|ue)ssel$|(?:^|_)clave(?:_|$)|^clé|chiave|sleutel$|klucz|ключ|密钥|キー$|^appid$",
    re.IGNORECASE,
)
"""Most such keys open nothing ("answer key", "Gemeindeschlüssel"), and some programs are numbered by an ``appid``."""
_OF_TOKENS = re.compile(
    r"secret|token|credential|authorization|session(?:_?id|_?key)?$|sessid|_pat$|csrf|" + _TOKEN_WORDS, re.IGNORECASE
)
_OF_OTHERS = re.compile(
    r"public[_ ]?key|(?:öffentlich|oeffentlich|openbare?|publiczny|публичный|открытый)\w{0,3}[ _-]?\w|公開|公钥|"
    r"(?:^|[_ -])(?:answer|map|dictionary|legend|shortcut|translation|message|routing|shard|range|unique|candidate|"
    r"config|event|sequence|lookup|sharding|join|item|entry|record|order) keys?$|"
    r"(?:^|[_-])(?:public|publishable|pub|cache|dedup|hash|content|digest|sort|primary|foreign|partition|idempotency|group|object|row|index|dict|lookup|next|"
    r"page|pagination|continuation|max|min|num|total|input|output|prompt|completion)[_ -]|"
    r"(?:policy|policies|file|path|dir|url|uri|endpoint|length|len|size|type|types|field|column|label|count|hint|regex|"
    r"pattern|format|expiry|expires|expiration|ttl|manager|provider|class|generator|encoder|validator|store|name|names|"
    r"(?<!sess)(?<!session)(?<!session_)(?<!^app)ids?|index|version|arn|ref|reset|usage|limit|budget|ratio|hash|algorithm|scheme|header|prefix|suffix|izer|ize|"
    r"ized|(?<!author)ization)$",
    re.IGNORECASE,
)
"""Names with a stem that hold no secret: ``token_count``, ``cache_key``, ``password_policy``."""


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
"""Where a word begins in a name without signs: ``riverbankApiKey``."""


def _is_of_keys_in_humps(name: str) -> bool:
    apart = _HUMP.sub("_", name)
    return apart != name and bool(_OF_KEYS.search(apart)) and not _OF_OTHERS.search(apart)


@lru_cache(maxsize=4096)
def kind_of_name(name: str) -> NameKind:
    """What a name says that it holds; "" for nothing secret. Texts use the same names again and again."""
    if _OF_OTHERS.search(name):
        return ""
    if _OF_PASSWORDS.search(name):
        return "password"
    if _OF_TOKENS.search(name):
        return "token"
    if _OF_KEYS.search(name) or _is_of_keys_in_humps(name):
        return "key"
    if _OF_SOME_KEY.search(name):
        return "some key"
    return "drawn key" if _OF_DRAWN_KEY.search(name) else ""
